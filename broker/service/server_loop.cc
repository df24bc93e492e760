// SPDX-License-Identifier: Apache-2.0
#include "broker/service/server_loop.h"

#include <grpc/support/time.h>

#include <utility>

#include "base/io/handover.h"

namespace entente::broker {

ServerLoop::ServerLoop(std::unique_ptr<grpc::ServerCompletionQueue> queue) : queue_(std::move(queue)) {}

void ServerLoop::Run(std::function<void()> after_each) {
  after_each_ = std::move(after_each);
  thread_ = std::thread([this] { Poll(); });
}

void ServerLoop::Poll() {
  void* tag = nullptr;
  bool ok = false;
  while (queue_->Next(&tag, &ok)) {
    TakeOver(tag);
    static_cast<const Operation*>(tag)->Done(ok);
    if (open_) after_each_();
  }
}

void ServerLoop::Post(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  if (!accepting_) return;
  posted_.push_back(std::move(work));
  if (std::exchange(waking_, true)) return;
  HandOver(&wake_);
  alarm_.Set(queue_.get(), gpr_now(GPR_CLOCK_MONOTONIC), &wake_);
}

void ServerLoop::RunPosted() {
  std::vector<std::function<void()>> work;
  {
    const std::lock_guard lock(mutex_);
    waking_ = false;
    work.swap(posted_);
  }
  for (const auto& each : work) each();
}

void ServerLoop::Close() {
  if (!thread_.joinable()) return;
  Post([this] {
    open_ = false;
    queue_->Shutdown();
  });
  {
    const std::lock_guard lock(mutex_);
    accepting_ = false;
  }
  thread_.join();
}

}  // namespace entente::broker
