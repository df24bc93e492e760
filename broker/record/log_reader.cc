// SPDX-License-Identifier: Apache-2.0
#include "broker/record/log_reader.h"

#include <fmt/format.h>

#include <algorithm>

namespace entente::record {

LogReader::LogReader(std::filesystem::path directory, Cursor from, EventFilter filter, VisibleFrames visible)
    : directory_(std::move(directory)), visible_(std::move(visible)), events_(from, std::move(filter)) {}

Result<std::optional<ReadEvent>> LogReader::Next() {
  for (;;) {
    if (std::optional<ReadEvent> event = events_.Next()) return event;
    if (broken_) return std::unexpected(*broken_);
    const Result<bool> loaded = LoadFrame();
    if (!loaded && loaded.error().code == ErrorCode::kDataLoss) broken_ = loaded.error();
    if (!loaded) return std::unexpected(loaded.error());
    if (!*loaded) return std::nullopt;
  }
}

// Until the events of the frame under the cursor are there.
Result<bool> LogReader::LoadFrame() {
  while (events_.empty()) {
    if (visible_ && frames_read_ >= visible_()) return false;
    if (!segment_) {
      const Result<bool> entered = EnterSegment();
      if (!entered || !*entered) return entered;
    }
    Result<std::optional<Frame>> frame = segment_->Next();
    if (!frame && frame.error().code != ErrorCode::kDataLoss) return std::unexpected(frame.error());
    const Result<bool> taken =
        frame && *frame ? TakeFrame(**frame) : AtEndOfSegment(frame ? std::nullopt : std::optional(frame.error()));
    if (!taken || !*taken) return taken;
  }
  return true;
}

// The segment that holds the cursor's frame: the last that begins at or before it.
Result<bool> LogReader::EnterSegment() {
  const Result<std::vector<SegmentPath>> segments = ListSegments(directory_);
  if (!segments) return std::unexpected(segments.error());
  for (auto at = segments->rbegin(); at != segments->rend(); ++at) {
    Result<std::optional<SegmentReader>> reader = SegmentReader::Open(at->path);
    if (!reader) return std::unexpected(reader.error());
    if (!*reader || (*reader)->header().first_frame > events_.cursor().frame) continue;
    segment_ = std::move(*reader);
    frames_read_ = segment_->header().first_frame;
    head_ = segment_->header().head;
    return true;
  }
  return false;
}

Result<bool> LogReader::TakeFrame(const Frame& frame) {
  if (!Follows(head_, frame)) {
    return Fail(ErrorCode::kDataLoss, fmt::format("frame {} does not follow the frame before it", frames_read_ + 1),
                fmt::format("{}, octet {}", segment_->file().path().string(), frame.offset),
                "`entente judge` says which frame is altered, missing or moved");
  }
  sealed_ = frame.type == FrameType::kCheckpoint;
  if (sealed_) {
    const std::optional<Checkpoint> checkpoint = ParseCheckpoint(frame.body);
    closes_ = checkpoint && checkpoint->closes;
    return true;
  }
  head_ = frame.hash;
  const std::uint64_t number = frames_read_++;
  if (number < events_.cursor().frame) return true;
  Result<std::vector<v1::RecordEvent>> events = DecodeEvents(frame.body);
  if (!events) return std::unexpected(events.error());
  events_.Take(*std::move(events));
  return true;
}

// After a checkpoint the log goes on in the next segment, if there is one. Without a checkpoint, the writer is still at work, or it
// stopped there without closing: both mean "no more now". Damage before the end is damage.
Result<bool> LogReader::AtEndOfSegment(const std::optional<Error>& damage) {
  if (sealed_ && !damage) return StepToNextSegment();
  std::error_code ec;
  const bool goes_on = std::filesystem::exists(directory_ / SegmentName(segment_->header().number + 1), ec);
  const bool is_tail = !goes_on && !visible_ && !(damage && segment_->WholeFrameFollows());
  if (is_tail || (!damage && !goes_on)) return false;
  return std::unexpected(damage.value_or(
      Error{ErrorCode::kDataLoss, "the segment's end is missing: no checkpoint closes it", segment_->file().path().string(), {}}));
}

Result<bool> LogReader::StepToNextSegment() {
  const std::filesystem::path path = directory_ / SegmentName(segment_->header().number + 1);
  std::error_code ec;
  if (!std::filesystem::exists(path, ec)) {
    ended_ = closes_;
    return false;
  }
  Result<std::optional<SegmentReader>> next = SegmentReader::Open(path);
  if (!next) return std::unexpected(next.error());
  if (!*next) return false;
  if ((*next)->header().first_frame != frames_read_ || (*next)->header().head != head_) {
    return Fail(ErrorCode::kDataLoss, "the segment does not follow the one before it", path.string());
  }
  segment_ = std::move(*next);
  sealed_ = closes_ = ended_ = false;
  return true;
}

}  // namespace entente::record
