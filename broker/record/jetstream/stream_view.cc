// SPDX-License-Identifier: Apache-2.0
#include "broker/record/jetstream/stream_view.h"

namespace entente::record {

Status StreamView::Take(StreamSource::Message& message) {
  const std::lock_guard lock(mutex_);
  Result<StreamVerifier::Taken> taken = verifier_.Take(message);
  if (!taken) return std::unexpected(taken.error());
  if (taken->placing == Placing::kCounts) {
    held_octets_ += message.octets.size();
    window_.push_back({Share(std::move(message.octets)), std::move(taken->writer)});
  } else {
    skipped_.insert(message.sequence);
    window_.emplace_back();
  }
  while (held_octets_ > window_octets_ && window_.size() > 1) {
    if (window_.front().octets) held_octets_ -= window_.front().octets->size();
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
  if (sequence > verifier_.messages())
    return {.kind = Kind::kAhead, .octets = {}, .writer = {}, .closed = closed_, .damage = damage_};
  if (skipped_.contains(sequence)) return {.kind = Kind::kSkipped, .octets = {}, .writer = {}, .closed = closed_, .damage = {}};
  const std::uint64_t before_window = verifier_.messages() - window_.size();
  if (sequence <= before_window) return {.kind = Kind::kOlder, .octets = {}, .writer = {}, .closed = closed_, .damage = {}};
  const Kept& kept = window_[sequence - before_window - 1];
  return {.kind = Kind::kFrame, .octets = kept.octets, .writer = kept.writer, .closed = closed_, .damage = {}};
}

bool StreamView::AwaitMore(std::uint64_t seen, std::chrono::milliseconds at_most) const {
  std::unique_lock lock(mutex_);
  more_.wait_for(lock, at_most, [&] { return verifier_.messages() > seen || closed_ || damage_; });
  return verifier_.messages() > seen;
}

std::uint64_t StreamView::messages() const {
  const std::lock_guard lock(mutex_);
  return verifier_.messages();
}

std::uint64_t StreamView::FramesOf(const std::string& writer) const {
  const std::lock_guard lock(mutex_);
  const auto& chains = verifier_.book().chains();
  const auto chain = chains.find(writer);
  return chain == chains.end() ? 0 : chain->second.frames;
}

Digest StreamView::RecordDigest() const {
  const std::lock_guard lock(mutex_);
  return verifier_.book().RecordDigest();
}

std::map<std::string, ChainBook::Chain> StreamView::chains() const {
  const std::lock_guard lock(mutex_);
  return verifier_.book().chains();
}

std::optional<Error> StreamView::damage() const {
  const std::lock_guard lock(mutex_);
  return damage_;
}

}  // namespace entente::record
