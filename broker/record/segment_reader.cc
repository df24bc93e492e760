// SPDX-License-Identifier: Apache-2.0
#include "broker/record/segment_reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace entente::record {
namespace {

constexpr std::size_t kBlockOctets = 256UL * 1024;

bool AllZeros(ByteView octets) {
  return std::ranges::all_of(octets, [](std::uint8_t octet) { return octet == 0; });
}

}  // namespace

Result<std::optional<SegmentReader>> SegmentReader::Open(const std::filesystem::path& path) {
  auto file = SegmentFile::OpenToRead(path);
  if (!file) return std::unexpected(file.error());
  const Result<Bytes> octets = (*file)->ReadAt(0, kSegmentHeaderOctets);
  if (!octets) return std::unexpected(octets.error());
  const Result<std::optional<SegmentHeader>> header = ParseSegmentHeader(*octets, path.string());
  if (!header) return std::unexpected(header.error());
  if (!*header) return std::nullopt;
  return SegmentReader(std::move(*file), **header);
}

std::unexpected<Error> SegmentReader::Damaged(std::string what, std::uint64_t offset) const {
  return Fail(ErrorCode::kDataLoss, std::move(what), fmt::format("{}, octet {}", file_->path().string(), offset));
}

Result<std::optional<Frame>> SegmentReader::Next() {
  Result<std::optional<Frame>> frame = ReadFrame(offset_);
  if (frame && *frame) offset_ += kFrameHeaderOctets + (*frame)->body.size();
  return frame;
}

Result<std::optional<Frame>> SegmentReader::ReadFrame(std::uint64_t offset) const {
  const Result<Bytes> front = file_->ReadAt(offset, kFrameHeaderOctets);
  if (!front) return std::unexpected(front.error());
  if (AllZeros(*front)) return std::nullopt;
  if (front->size() < kFrameHeaderOctets) return Damaged("the frame is cut short", offset);
  const FrameHeader header = ParseFrameHeader(std::span<const std::uint8_t, kFrameHeaderOctets>(front->data(), kFrameHeaderOctets));
  if (header.length == 0 || header.length > kBodyLimitOctets) {
    return Damaged(fmt::format("the frame's length of {} octets cannot be", header.length), offset);
  }
  Result<Bytes> body = file_->ReadAt(offset + kFrameHeaderOctets, header.length);
  if (!body) return std::unexpected(body.error());
  if (body->size() < header.length) return Damaged("the frame is cut short", offset);
  if (FrameChecksum(header, *body) != header.crc) {
    return Damaged("the frame is not as it was written: its checksum is wrong", offset);
  }
  if (header.type != FrameType::kEvents && header.type != FrameType::kCheckpoint) {
    return Damaged(fmt::format("the frame's type {} is not known", static_cast<std::uint32_t>(header.type)), offset);
  }
  return Frame{header.type, offset, header.hash, std::move(*body)};
}

bool SegmentReader::WholeFrameFollows() const {
  const Result<Bytes> front = file_->ReadAt(offset_, kFrameHeaderOctets);
  if (!front || front->size() < kFrameHeaderOctets) return false;
  const FrameHeader header = ParseFrameHeader(std::span<const std::uint8_t, kFrameHeaderOctets>(front->data(), kFrameHeaderOctets));
  const Result<std::optional<Frame>> after = ReadFrame(offset_ + kFrameHeaderOctets + header.length);
  return after && after->has_value();
}

Result<bool> SegmentReader::NothingFollows() const {
  for (std::uint64_t at = offset_;; at += kBlockOctets) {
    const Result<Bytes> block = file_->ReadAt(at, kBlockOctets);
    if (!block) return std::unexpected(block.error());
    if (!AllZeros(*block)) return false;
    if (block->size() < kBlockOctets) return true;
  }
}

bool Follows(const Digest& previous, const Frame& frame) {
  return Sha256(previous, frame.body) == frame.hash;
}

}  // namespace entente::record
