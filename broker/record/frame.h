// SPDX-License-Identifier: Apache-2.0
#pragma once

// The octets of a segment file: header, frames, bodies and checkpoints, as FORMAT.md has them. Pure functions; all numbers
// little-endian.

#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"
#include "broker/record/event_batch.h"
#include "entente/v1/record.pb.h"

namespace entente::record {

inline constexpr std::uint32_t kFormatVersion = 1;
inline constexpr std::size_t kSegmentHeaderOctets = 128;
inline constexpr std::size_t kFrameHeaderOctets = 44;
// Largest body of one frame: an appended batch. Larger: the batch is refused, and on reading the length is damage.
inline constexpr std::size_t kBodyLimitOctets = 64UL * 1024 * 1024;

using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

struct SegmentHeader {
  std::uint32_t number = 0;       // 1, 2, ...
  std::uint64_t first_frame = 0;  // event frames in the segments before
  Digest head{};                  // hash of the last of them
  std::int64_t created_utc_ns = 0;
  PublicKey public_key{};

  bool operator==(const SegmentHeader&) const = default;
};

Bytes EncodeSegmentHeader(const SegmentHeader& header);
// std::nullopt: all zeros, the segment was made ready and never begun. kUnsupported: of another version. kDataLoss: no such header.
Result<std::optional<SegmentHeader>> ParseSegmentHeader(ByteView octets, const std::string& where);

enum class FrameType : std::uint32_t { kEvents = 1, kCheckpoint = 2 };

struct FrameHeader {
  std::uint32_t length = 0;  // of the body
  FrameType type = FrameType::kEvents;
  std::uint32_t crc = 0;
  Digest hash{};
};

// Of length, type, hash and body.
std::uint32_t FrameChecksum(const FrameHeader& header, ByteView body);
// A whole frame, appended to `out`; gives the frame's hash.
Digest AppendFrame(FrameType type, const Digest& previous, ByteView body, Bytes& out);
FrameHeader ParseFrameHeader(std::span<const std::uint8_t, kFrameHeaderOctets> octets);

// Field 1, repeated: the wire form of `message { repeated RecordEvent event = 1; }`.
inline Bytes EncodeEvents(std::span<const v1::RecordEvent> events) {
  return ToBytes(EventBatch(events).octets());
}
Result<std::vector<v1::RecordEvent>> DecodeEvents(ByteView body);

// Signed: everything up to here was written by the holder of the record's key.
struct Checkpoint {
  std::uint64_t frames = 0;
  Digest head{};
  std::int64_t utc_ns = 0;
  bool closes = false;  // the log was closed here
  Signature signature{};

  bool operator==(const Checkpoint&) const = default;
};
inline constexpr std::size_t kCheckpointOctets = 116;
inline constexpr std::size_t kCheckpointFrameOctets = kFrameHeaderOctets + kCheckpointOctets;

// What the signature is made over.
Bytes SignedPart(const Checkpoint& checkpoint);
Bytes EncodeCheckpoint(const Checkpoint& checkpoint);
std::optional<Checkpoint> ParseCheckpoint(ByteView body);

}  // namespace entente::record
