// SPDX-License-Identifier: Apache-2.0
#include "harness/run/recorder.h"

#include <iterator>
#include <utility>

namespace entente::harness {

EventSink Recorder::SinkFor(std::string writer) {
  return [this, writer = std::move(writer)](v1::RecordEvent event) { Append(writer, std::move(event)); };
}

void Recorder::Append(std::string_view writer, v1::RecordEvent event) {
  event.set_writer(std::string(writer));
  const std::lock_guard lock(mutex_);
  fold_.Apply(event);
  pending_.push_back(std::move(event));
}

Status Recorder::Commit() {
  const std::lock_guard commit_lock(commit_mutex_);
  std::vector<v1::RecordEvent> batch;
  {
    const std::lock_guard lock(mutex_);
    batch.swap(pending_);
  }
  if (batch.empty()) return {};
  const Status appended = record_.Append(batch);
  const std::lock_guard lock(mutex_);
  if (!appended) {
    if (!failure_) failure_ = appended.error();
    batch.insert(batch.end(), std::make_move_iterator(pending_.begin()), std::make_move_iterator(pending_.end()));
    pending_ = std::move(batch);
    return appended;
  }
  failure_.reset();
  return {};
}

std::optional<Error> Recorder::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

}  // namespace entente::harness
