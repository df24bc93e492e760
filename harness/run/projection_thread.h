// SPDX-License-Identifier: Apache-2.0
#pragma once

// Keeps the SQLite projection of a growing record up to date, on a thread of its own, so that `sqlite3` answers while the run goes
// on.

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>

#include "broker/record/projection.h"
#include "broker/record/record.h"

namespace entente::harness {

class ProjectionThread {
 public:
  // As `top -H` shows it.
  static constexpr const char* kThreadName = "projection";

  // `record` outlives it.
  static Result<std::unique_ptr<ProjectionThread>> Start(record::Record& record, const std::filesystem::path& database);
  ~ProjectionThread() = default;
  ProjectionThread(const ProjectionThread&) = delete;
  ProjectionThread& operator=(const ProjectionThread&) = delete;

  // After the record was closed: waits until all of it is in, and gives what went wrong on the way.
  Status Finish();

 private:
  ProjectionThread(record::Record& record, std::unique_ptr<record::RecordReader> reader,
                   std::unique_ptr<record::Projection> projection);
  void Follow(const std::stop_token& stop);

  record::Record& record_;
  std::unique_ptr<record::RecordReader> reader_;
  std::unique_ptr<record::Projection> projection_;
  Status status_;  // the thread's, until it was joined
  std::mutex mutex_;
  std::condition_variable_any hurry_;
  bool finishing_ = false;
  std::jthread thread_;
};

}  // namespace entente::harness
