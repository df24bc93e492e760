// SPDX-License-Identifier: Apache-2.0
#include "harness/run/recorder.h"

#include <utility>

namespace entente::harness {
namespace {

// Taken and not yet committed.
constexpr std::size_t kPendingOctets = 16UL * 1024 * 1024;

}  // namespace

EventSink Recorder::SinkFor(std::string writer) {
  const auto append = [this, writer](auto& event) { Append(writer, event); };
  return {append, {.accepted = append, .routed = append, .egressed = append}};
}

void Recorder::Append(std::string_view writer, v1::RecordEvent& event) {
  event.set_writer(writer.data(), writer.size());
  const std::lock_guard lock(mutex_);
  if (folding_ == Folding::kLive) fold_.Apply(event);
  pending_.Add(event);
}

void Recorder::AppendSigned(std::string_view octets, const v1::RecordEvent& event) {
  const std::lock_guard lock(mutex_);
  if (folding_ == Folding::kLive) fold_.Apply(event);
  pending_.AddOctets(octets);
}

template <typename View>
void Recorder::Add(std::string_view writer, const View& view) {
  if (folding_ == Folding::kLive) fold_.Apply(view, writer);
  pending_.Add(view, writer);
}

void Recorder::Append(std::string_view writer, const AcceptedMessage& message) {
  std::unique_lock lock(mutex_);
  if (folding_ == Folding::kLater) room_.wait(lock, [this] { return pending_.octets().size() < kPendingOctets || failure_; });
  Add(writer, message);
}

void Recorder::Append(std::string_view writer, const RoutedRun& run) {
  const std::lock_guard lock(mutex_);
  Add(writer, run);
}

void Recorder::Append(std::string_view writer, const EgressedMessage& message) {
  const std::lock_guard lock(mutex_);
  Add(writer, message);
}

bool Recorder::Full() const {
  const std::lock_guard lock(mutex_);
  return pending_.octets().size() >= kPendingOctets;
}

Status Recorder::Commit(record::OnDurable on_durable) {
  const std::lock_guard commit_lock(commit_mutex_);
  {
    const std::lock_guard lock(mutex_);
    std::swap(pending_, committing_);
    room_.notify_all();
  }
  if (committing_.empty() && !on_durable) return {};
  const Status appended = record_.Append(committing_, std::move(on_durable));
  const std::lock_guard lock(mutex_);
  if (!appended) {
    if (!failure_) failure_ = appended.error();
    committing_.Add(pending_);
    std::swap(pending_, committing_);
  } else {
    failure_.reset();
  }
  committing_.Clear();
  room_.notify_all();
  return appended;
}

std::optional<Error> Recorder::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

}  // namespace entente::harness
