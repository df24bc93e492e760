// SPDX-License-Identifier: Apache-2.0
#include "broker/record/jetstream/stream_view.h"

#include <fmt/format.h>

#include "broker/record/jetstream/stream_setup.h"

namespace entente::record {
namespace {

constexpr std::string_view kVerifyAdvice = "`entente verify` says which frame is altered, missing or moved";

}  // namespace

Status StreamView::Take(StreamSource::Message message) {
  const std::string where = fmt::format("stream {}, message {}", stream_, message.sequence);
  const std::string writer = WriterOf(stream_, message.subject);
  const Result<ChainFrame> frame = ParseChainFrame(message.octets, where);
  if (!frame) return std::unexpected(frame.error());
  const std::lock_guard lock(mutex_);
  const Placing placing = book_.Place(writer, *frame);
  if (placing == Placing::kForeign) {
    return Fail(ErrorCode::kDataLoss, fmt::format("frame {} of {} does not follow the frame before it", frame->number, writer),
                where, std::string(kVerifyAdvice));
  }
  ++messages_;
  if (placing == Placing::kCounts) {
    held_octets_ += message.octets.size();
    window_.push_back(Share(std::move(message.octets)));
  } else {
    skipped_.insert(message.sequence);
    window_.push_back(nullptr);
  }
  while (held_octets_ > window_octets_ && window_.size() > 1) {
    if (window_.front()) held_octets_ -= window_.front()->size();
    window_.pop_front();
  }
  more_.notify_all();
  return {};
}

void StreamView::Damaged(const Error& error) {
  const std::lock_guard lock(mutex_);
  damage_ = error;
  more_.notify_all();
}

void StreamView::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  more_.notify_all();
}

StreamView::Looked StreamView::Look(std::uint64_t sequence) const {
  const std::lock_guard lock(mutex_);
  if (sequence > messages_) return {.kind = Kind::kAhead, .octets = {}, .closed = closed_, .damage = damage_};
  if (skipped_.contains(sequence)) return {.kind = Kind::kSkipped, .octets = {}, .closed = closed_, .damage = {}};
  const std::uint64_t before_window = messages_ - window_.size();
  if (sequence <= before_window) return {.kind = Kind::kOlder, .octets = {}, .closed = closed_, .damage = {}};
  return {.kind = Kind::kFrame, .octets = window_[sequence - before_window - 1], .closed = closed_, .damage = {}};
}

bool StreamView::AwaitMore(std::uint64_t seen, std::chrono::milliseconds at_most) const {
  std::unique_lock lock(mutex_);
  more_.wait_for(lock, at_most, [&] { return messages_ > seen || closed_ || damage_; });
  return messages_ > seen;
}

std::uint64_t StreamView::messages() const {
  const std::lock_guard lock(mutex_);
  return messages_;
}

Digest StreamView::RecordDigest() const {
  const std::lock_guard lock(mutex_);
  return book_.RecordDigest();
}

std::optional<Error> StreamView::damage() const {
  const std::lock_guard lock(mutex_);
  return damage_;
}

}  // namespace entente::record
