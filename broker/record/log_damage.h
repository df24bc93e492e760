// SPDX-License-Identifier: Apache-2.0
#pragma once

// Damage to a log on the disk, for tests: each breaks one thing, and the repairs make the next check meet it.

#include <filesystem>
#include <vector>

#include "broker/record/frame.h"

namespace entente::record {

class DamagedSegment {
 public:
  // Loads a segment file; Store() writes it back.
  explicit DamagedSegment(std::filesystem::path path);
  void Store() const;

  // Frames from 0, checkpoints included.
  [[nodiscard]] std::size_t size() const { return frames_.size(); }
  [[nodiscard]] std::size_t OffsetOf(std::size_t frame) const;
  [[nodiscard]] std::size_t total_octets() const;

  void FlipOctet(std::size_t frame, std::size_t octet_of_frame);
  void FlipHeaderOctet(std::size_t octet);
  void Remove(std::size_t frame);
  void Zero(std::size_t frame);
  void Swap(std::size_t one, std::size_t other);
  void Duplicate(std::size_t frame);
  void ReplaceBody(std::size_t frame, Bytes body);
  void CutAt(std::size_t octet);  // of the file
  void AppendOctets(ByteView octets);

  // Repairs.
  void FixChecksum(std::size_t frame);
  // Hash and checksum of this frame and of all that follow, as one who does not have the key can.
  void FixChainFrom(std::size_t frame);

 private:
  std::filesystem::path path_;
  Bytes header_;
  std::vector<Bytes> frames_;  // each with its header
  Bytes tail_;
  std::size_t cut_at_ = SIZE_MAX;
};

}  // namespace entente::record
