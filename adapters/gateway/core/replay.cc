// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/replay.h"

#include <algorithm>
#include <cmath>

#include "adapters/gateway/core/pcap.h"
#include "base/invariant.h"

namespace entente::gateway {
namespace {

Result<std::vector<RecordedChunk>> ReadDatagrams(ByteView file) {
  const auto capture = ReadCapture(file);
  if (!capture) {
    const adapter::DecodeError& error = capture.error();
    return Fail(ErrorCode::kDataLoss, error.field + ": " + error.text + " (" + error.clause + ")",
                "offset " + std::to_string(error.offset), "check that the capture was written to its end");
  }
  if (capture->datagrams.empty()) {
    return Fail(ErrorCode::kNotFound,
                "no UDP datagram in the capture, but " + std::to_string(capture->other_packets) + " other packets", {},
                "capture the protocol's UDP port");
  }
  std::vector<RecordedChunk> chunks;
  chunks.reserve(capture->datagrams.size());
  for (const CapturedDatagram& datagram : capture->datagrams) chunks.push_back({ToBytes(datagram.payload), datagram.time});
  return chunks;
}

}  // namespace

Result<ReplayPace> PaceOf(const v1::Replay& plan) {
  constexpr double kSpeedLimit = 1e6;
  if (!(plan.speed() >= 0 && plan.speed() <= kSpeedLimit)) {
    return Fail(ErrorCode::kInvalidArgument, "the replay's speed is not between 0 and 1,000,000", "replay");
  }
  if (plan.interval_ns() < 0) return Fail(ErrorCode::kInvalidArgument, "the replay's interval is negative", "replay");
  if (plan.speed() == 0 && plan.interval_ns() == 0) {
    return Fail(ErrorCode::kInvalidArgument, "the replay has neither a speed nor an interval", "replay",
                "say speed 1 for the recording's own timing");
  }
  if (plan.loop() && plan.interval_ns() == 0) {
    return Fail(ErrorCode::kInvalidArgument, "a replay in a loop needs an interval, which also parts its rounds", "replay");
  }
  return ReplayPace{plan.speed(), Duration(plan.interval_ns()), plan.at_most(), plan.loop()};
}

Result<std::vector<RecordedChunk>> ReadRecording(ByteView file, const adapter::AdapterInfo& adapter) {
  if (LooksLikeCapture(file)) return ReadDatagrams(file);
  if (adapter.split_recording == nullptr) {
    return Fail(ErrorCode::kUnsupported, std::string(adapter.name) + " is replayed from pcap and pcapng captures only");
  }
  std::vector<RecordedChunk> chunks = adapter.split_recording(file);
  if (chunks.empty()) {
    return Fail(ErrorCode::kNotFound, "nothing that " + std::string(adapter.name) + " can replay in the file");
  }
  return chunks;
}

Replay::Replay(std::vector<RecordedChunk> chunks, ReplayPace pace) : chunks_(std::move(chunks)), pace_(pace) {
  ENTENTE_INVARIANT(!pace_.loop || pace_.interval > Duration::zero());
}

void Replay::Start(Now now) {
  if (!chunks_.empty()) due_ = now.instant;
}

std::optional<Instant> Replay::NextDue() const {
  return due_;
}

void Replay::Emit(Now now, AccessPoint& to, const AlterChunk& alter) {
  while (due_ && *due_ <= now.instant && to.wants_input()) {
    const std::size_t chunk = next_++;
    const std::optional<Bytes> altered = alter ? alter(chunks_[chunk].octets, now) : std::nullopt;
    to.OnReplayed(altered ? *altered : chunks_[chunk].octets, chunks_[chunk].time, now);
    ++emitted_;
    if (next_ == chunks_.size() && pace_.loop) next_ = 0;
    const bool ended = next_ == chunks_.size() || emitted_ == pace_.at_most;
    due_ = ended ? std::nullopt : std::optional(*due_ + GapAfter(chunk));
  }
}

bool Replay::done() const {
  return chunks_.empty() || (!due_ && emitted_ > 0);
}

Duration Replay::GapAfter(std::size_t chunk) const {
  if (next_ != chunk + 1 || pace_.speed == 0) return pace_.interval;
  const std::optional<UtcTime>& from = chunks_[chunk].time;
  const std::optional<UtcTime>& to = chunks_[next_].time;
  if (!from || !to) return pace_.interval;
  // A recording's clock may have been set back, or be nonsense: no gap is negative or longer than a day.
  constexpr double kLongestGapSeconds = 86'400;
  std::int64_t gap_ns = 0;
  if (__builtin_sub_overflow(ToNanoseconds(*to), ToNanoseconds(*from), &gap_ns)) return pace_.interval;
  return FromSeconds(std::clamp(ToSeconds(Duration(gap_ns)) / pace_.speed, 0.0, kLongestGapSeconds));
}

}  // namespace entente::gateway
