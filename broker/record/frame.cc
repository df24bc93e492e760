// SPDX-License-Identifier: Apache-2.0
#include "broker/record/frame.h"

#include <algorithm>
#include <cstring>

#include "base/byte_reader.h"
#include "base/byte_writer.h"
#include "broker/record/crc32c.h"

namespace entente::record {
namespace {

constexpr std::string_view kMagic = "ENTENTE\n";
constexpr std::string_view kSignedPrefix = "entente checkpoint 1\n";
constexpr std::size_t kHeaderChecksumAt = kSegmentHeaderOctets - 4;
constexpr std::uint8_t kEventTag = 0x0A;  // field 1, length-delimited

void PutU64(ByteWriter& out, std::uint64_t v) {
  out.U32Le(static_cast<std::uint32_t>(v));
  out.U32Le(static_cast<std::uint32_t>(v >> 32));
}

template <std::size_t kSize>
void Copy(ByteReader& in, std::array<std::uint8_t, kSize>& out) {
  const ByteView taken = in.Take(kSize);
  std::ranges::copy(taken, out.begin());
}

void CheckpointFields(const Checkpoint& checkpoint, ByteWriter& out) {
  PutU64(out, checkpoint.frames);
  out.Octets(checkpoint.head);
  PutU64(out, static_cast<std::uint64_t>(checkpoint.utc_ns));
  out.U32Le(checkpoint.closes ? 1 : 0);
}

void StoreU32(std::uint8_t* at, std::uint32_t v) {
  for (int i = 0; i < 4; ++i) at[i] = static_cast<std::uint8_t>(v >> (8 * i));
}

}  // namespace

Bytes EncodeSegmentHeader(const SegmentHeader& header) {
  ByteWriter out(kSegmentHeaderOctets);
  out.Text(kMagic);
  out.U32Le(kFormatVersion);
  out.U32Le(header.number);
  PutU64(out, header.first_frame);
  out.Octets(header.head);
  PutU64(out, static_cast<std::uint64_t>(header.created_utc_ns));
  out.Octets(header.public_key);
  out.Zeros(kHeaderChecksumAt - out.size());
  out.U32Le(Crc32c(out.view()));
  return std::move(out).Release();
}

Result<std::optional<SegmentHeader>> ParseSegmentHeader(ByteView octets, const std::string& where) {
  if (std::ranges::all_of(octets, [](std::uint8_t octet) { return octet == 0; })) return std::nullopt;
  ByteReader in(octets);
  if (AsText(in.Take(kMagic.size())) != kMagic) {
    return Fail(ErrorCode::kDataLoss, "this is no segment of a record: it does not begin as one", where);
  }
  const std::uint32_t version = in.U32Le();
  if (in.ok() && version != kFormatVersion) {
    return Fail(ErrorCode::kUnsupported,
                "the record has format version " + std::to_string(version) + ", and this program knows version " +
                    std::to_string(kFormatVersion),
                where, "read it with the version of Entente that wrote it");
  }
  SegmentHeader header;
  header.number = in.U32Le();
  header.first_frame = in.U64Le();
  Copy(in, header.head);
  header.created_utc_ns = static_cast<std::int64_t>(in.U64Le());
  Copy(in, header.public_key);
  in.Skip(kHeaderChecksumAt - in.offset());
  const std::uint32_t crc = in.U32Le();
  if (!in.ok()) return Fail(ErrorCode::kDataLoss, "the segment's header is cut short", where);
  if (crc != Crc32c(octets.first(kHeaderChecksumAt))) {
    return Fail(ErrorCode::kDataLoss, "the segment's header is not as it was written", where);
  }
  return header;
}

std::uint32_t FrameChecksum(const FrameHeader& header, ByteView body) {
  std::uint8_t front[8];
  StoreU32(front, header.length);
  StoreU32(front + 4, static_cast<std::uint32_t>(header.type));
  return Crc32c(body, Crc32c(header.hash, Crc32c(front)));
}

Digest AppendFrame(FrameType type, const Digest& previous, ByteView body, Bytes& out) {
  FrameHeader header{static_cast<std::uint32_t>(body.size()), type, 0, Sha256(previous, body)};
  header.crc = FrameChecksum(header, body);
  std::uint8_t front[12];
  StoreU32(front, header.length);
  StoreU32(front + 4, static_cast<std::uint32_t>(type));
  StoreU32(front + 8, header.crc);
  out.insert(out.end(), std::begin(front), std::end(front));
  out.insert(out.end(), header.hash.begin(), header.hash.end());
  out.insert(out.end(), body.begin(), body.end());
  return header.hash;
}

FrameHeader ParseFrameHeader(std::span<const std::uint8_t, kFrameHeaderOctets> octets) {
  ByteReader in(octets);
  FrameHeader header;
  header.length = in.U32Le();
  header.type = static_cast<FrameType>(in.U32Le());
  header.crc = in.U32Le();
  Copy(in, header.hash);
  return header;
}

Result<std::vector<v1::RecordEvent>> DecodeEvents(ByteView body) {
  std::vector<v1::RecordEvent> events;
  ByteReader in(body);
  while (in.remaining() > 0) {
    if (in.U8() != kEventTag) return Fail(ErrorCode::kDataLoss, "the frame's body is no batch of events");
    const ByteView octets = in.Take(in.Varint());
    if (!in.ok() || !events.emplace_back().ParseFromArray(octets.data(), static_cast<int>(octets.size()))) {
      return Fail(ErrorCode::kDataLoss, "event " + std::to_string(events.size()) + " of the frame cannot be read");
    }
  }
  return events;
}

Bytes SignedPart(const Checkpoint& checkpoint) {
  ByteWriter out(kSignedPrefix.size() + kCheckpointOctets);
  out.Text(kSignedPrefix);
  CheckpointFields(checkpoint, out);
  return std::move(out).Release();
}

Bytes EncodeCheckpoint(const Checkpoint& checkpoint) {
  ByteWriter out(kCheckpointOctets);
  CheckpointFields(checkpoint, out);
  out.Octets(checkpoint.signature);
  return std::move(out).Release();
}

std::optional<Checkpoint> ParseCheckpoint(ByteView body) {
  if (body.size() != kCheckpointOctets) return std::nullopt;
  ByteReader in(body);
  Checkpoint checkpoint;
  checkpoint.frames = in.U64Le();
  Copy(in, checkpoint.head);
  checkpoint.utc_ns = static_cast<std::int64_t>(in.U64Le());
  const std::uint32_t closes = in.U32Le();
  if (closes > 1) return std::nullopt;
  checkpoint.closes = closes == 1;
  Copy(in, checkpoint.signature);
  return checkpoint;
}

}  // namespace entente::record
