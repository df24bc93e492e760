// SPDX-License-Identifier: Apache-2.0
#include "broker/record/log_damage.h"

#include <algorithm>

#include "base/invariant.h"
#include "base/io/files.h"

namespace entente::record {
namespace {

constexpr std::uint8_t kFlip = 0x10;

FrameHeader Parse(const Bytes& frame) {
  return ParseFrameHeader(std::span<const std::uint8_t, kFrameHeaderOctets>(frame.data(), kFrameHeaderOctets));
}
ByteView BodyOf(const Bytes& frame) {
  return ByteView(frame).subspan(kFrameHeaderOctets);
}

}  // namespace

DamagedSegment::DamagedSegment(std::filesystem::path path) : path_(std::move(path)) {
  const Result<Bytes> octets = ReadFile(path_);
  ENTENTE_INVARIANT(octets && octets->size() >= kSegmentHeaderOctets);
  header_.assign(octets->begin(), octets->begin() + kSegmentHeaderOctets);
  ByteView rest = ByteView(*octets).subspan(kSegmentHeaderOctets);
  while (rest.size() >= kFrameHeaderOctets) {
    const FrameHeader header = ParseFrameHeader(rest.first<kFrameHeaderOctets>());
    if (header.length == 0) break;
    const std::size_t size = kFrameHeaderOctets + header.length;
    frames_.push_back(ToBytes(rest.first(size)));
    rest = rest.subspan(size);
  }
  tail_ = ToBytes(rest);
}

void DamagedSegment::Store() const {
  Bytes octets = header_;
  for (const Bytes& frame : frames_) octets.insert(octets.end(), frame.begin(), frame.end());
  octets.insert(octets.end(), tail_.begin(), tail_.end());
  octets.resize(std::min(octets.size(), cut_at_));
  ENTENTE_INVARIANT(WriteFile(path_, AsText(octets)).has_value());
}

std::size_t DamagedSegment::OffsetOf(std::size_t frame) const {
  std::size_t offset = header_.size();
  for (std::size_t i = 0; i < frame; ++i) offset += frames_[i].size();
  return offset;
}

std::size_t DamagedSegment::total_octets() const {
  return OffsetOf(frames_.size());
}

void DamagedSegment::FlipOctet(std::size_t frame, std::size_t octet_of_frame) {
  frames_[frame].at(octet_of_frame) ^= kFlip;
}

void DamagedSegment::FlipHeaderOctet(std::size_t octet) {
  header_.at(octet) ^= kFlip;
}

void DamagedSegment::Remove(std::size_t frame) {
  frames_.erase(frames_.begin() + static_cast<std::ptrdiff_t>(frame));
}

void DamagedSegment::Zero(std::size_t frame) {
  std::ranges::fill(frames_[frame], std::uint8_t{0});
}

void DamagedSegment::Swap(std::size_t one, std::size_t other) {
  std::swap(frames_[one], frames_[other]);
}

void DamagedSegment::Duplicate(std::size_t frame) {
  frames_.insert(frames_.begin() + static_cast<std::ptrdiff_t>(frame), Bytes(frames_[frame]));
}

void DamagedSegment::ReplaceBody(std::size_t frame, Bytes body) {
  Bytes whole;
  AppendFrame(Parse(frames_[frame]).type, {}, body, whole);
  const Digest hash = Parse(frames_[frame]).hash;
  frames_[frame] = std::move(whole);
  std::ranges::copy(hash, frames_[frame].begin() + kFrameHeaderOctets - hash.size());
}

void DamagedSegment::CutAt(std::size_t octet) {
  cut_at_ = octet;
}

void DamagedSegment::AppendOctets(ByteView octets) {
  tail_.clear();
  tail_.insert(tail_.end(), octets.begin(), octets.end());
}

void DamagedSegment::FixChecksum(std::size_t frame) {
  const std::uint32_t crc = FrameChecksum(Parse(frames_[frame]), BodyOf(frames_[frame]));
  for (std::size_t i = 0; i < 4; ++i) frames_[frame][8 + i] = static_cast<std::uint8_t>(crc >> (8 * i));
}

void DamagedSegment::FixChainFrom(std::size_t frame) {
  Digest previous{};
  if (frame == 0) std::copy_n(header_.begin() + 24, previous.size(), previous.begin());
  if (frame > 0) previous = Parse(frames_[frame - 1]).hash;
  for (std::size_t i = frame; i < frames_.size(); ++i) {
    Bytes whole;
    previous = AppendFrame(Parse(frames_[i]).type, previous, BodyOf(frames_[i]), whole);
    frames_[i] = std::move(whole);
  }
}

}  // namespace entente::record
