// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads one segment frame by frame, checking each: what reading, opening and verifying share. Single-threaded. May follow a segment
// that another thread or process is still writing.

#include <memory>
#include <optional>

#include "broker/record/frame.h"
#include "broker/record/segment_file.h"

namespace entente::record {

struct Frame {
  FrameType type = FrameType::kEvents;
  std::uint64_t offset = 0;  // of its first octet in the segment
  Digest hash{};
  Bytes body;
};

class SegmentReader {
 public:
  // std::nullopt: the segment is not begun. Errors as ParseSegmentHeader, or kIo.
  static Result<std::optional<SegmentReader>> Open(const std::filesystem::path& path);

  [[nodiscard]] const SegmentHeader& header() const { return header_; }
  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  [[nodiscard]] const SegmentFile& file() const { return *file_; }

  // The frame at offset(), and steps past it. std::nullopt at the end of what is written. kDataLoss: the octets there are no whole
  // frame with the right checksum; the reader stays. The chain is for the caller to check.
  Result<std::optional<Frame>> Next();

  // After damage: true when the octets at offset() say a length at whose end a whole frame stands, so that this is no torn tail.
  [[nodiscard]] bool WholeFrameFollows() const;

  // True when nothing but zeros follows offset().
  Result<bool> NothingFollows() const;

 private:
  SegmentReader(std::unique_ptr<SegmentFile> file, SegmentHeader header) : file_(std::move(file)), header_(header) {}
  Result<std::optional<Frame>> ReadFrame(std::uint64_t offset) const;
  [[nodiscard]] std::unexpected<Error> Damaged(std::string what, std::uint64_t offset) const;

  std::unique_ptr<SegmentFile> file_;
  SegmentHeader header_;
  std::uint64_t offset_ = kSegmentHeaderOctets;
};

// True when the frame is the one that comes after `previous`.
bool Follows(const Digest& previous, const Frame& frame);

}  // namespace entente::record
