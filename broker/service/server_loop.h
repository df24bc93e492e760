// SPDX-License-Identifier: Apache-2.0
#pragma once

// One completion queue, one thread that polls it, and work that other threads post to that thread. Operations are started on the
// polling thread only, once it runs.

#include <grpcpp/alarm.h>
#include <grpcpp/completion_queue.h>

#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace entente::broker {

// What a completion queue gives back; lives until it does.
class Operation {
 public:
  explicit Operation(std::function<void(bool ok)> done) : done_(std::move(done)) {}
  void Done(bool ok) const { done_(ok); }

 private:
  std::function<void(bool ok)> done_;
};

class ServerLoop {
 public:
  explicit ServerLoop(std::unique_ptr<grpc::ServerCompletionQueue> queue);

  [[nodiscard]] grpc::ServerCompletionQueue* queue() { return queue_.get(); }
  // Polling thread, or before Run: false once nothing may be started any more.
  [[nodiscard]] bool open() const { return open_; }

  // Starts the thread. `after_round` runs after the events that were ready together, one mostly: so that what they cause is written
  // at once.
  void Run(std::function<void()> after_round);
  // Any thread. Dropped after Close.
  void Post(std::function<void()> work);
  // Any thread but the polling one: runs the work posted before, then drains the queue and ends the thread.
  void Close();

 private:
  void Poll();
  void RunPosted();
  void Wake(std::function<void()> work);  // with the mutex held

  std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::function<void()> after_round_;
  bool open_ = true;
  std::thread thread_;

  std::mutex mutex_;
  std::vector<std::function<void()>> posted_;
  bool waking_ = false;
  bool accepting_ = true;
  grpc::Alarm alarm_;
  Operation wake_{[this](bool) { RunPosted(); }};
};

}  // namespace entente::broker
