// SPDX-License-Identifier: Apache-2.0
#include "harness/run/projection_thread.h"

#include <pthread.h>

#include <utility>

namespace entente::harness {
namespace {

// How long the thread sleeps at most when nothing comes: it looks for the end then.
constexpr std::chrono::milliseconds kLookEvery(200);
// From one transaction to the next while there is always something: each writes every page that it touched.
constexpr std::chrono::milliseconds kGather(200);

}  // namespace

Result<std::unique_ptr<ProjectionThread>> ProjectionThread::Start(record::Record& record, const std::filesystem::path& database) {
  auto reader = record.Tail({}, {});
  if (!reader) return std::unexpected(reader.error());
  auto projection = record::Projection::Create(database);
  if (!projection) return std::unexpected(projection.error());
  return std::unique_ptr<ProjectionThread>(new ProjectionThread(record, *std::move(reader), *std::move(projection)));
}

ProjectionThread::ProjectionThread(record::Record& record, std::unique_ptr<record::RecordReader> reader,
                                   std::unique_ptr<record::Projection> projection)
    : record_(record),
      reader_(std::move(reader)),
      projection_(std::move(projection)),
      thread_([this](const std::stop_token& stop) { Follow(stop); }) {
  pthread_setname_np(thread_.native_handle(), kThreadName);
}

Status ProjectionThread::Finish() {
  {
    const std::lock_guard lock(mutex_);
    finishing_ = true;
  }
  hurry_.notify_one();
  if (thread_.joinable()) thread_.join();
  const Status closed = projection_->Close();
  return status_ ? closed : status_;
}

// Until the record was closed and all of it is in, or the thread is told to stop.
void ProjectionThread::Follow(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    if (const auto applied = projection_->Follow(*reader_); !applied) {
      status_ = std::unexpected(applied.error());
      return;
    }
    if (reader_->Ended()) return;
    std::unique_lock lock(mutex_);
    hurry_.wait_for(lock, stop, kGather, [this] { return finishing_; });
    lock.unlock();
    record_.AwaitMore(reader_->cursor(), kLookEvery);
  }
}

}  // namespace entente::harness
