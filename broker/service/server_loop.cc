// SPDX-License-Identifier: Apache-2.0
#include "broker/service/server_loop.h"

#include <grpc/support/time.h>

#include <utility>

#include "base/io/handover.h"

namespace entente::broker {
namespace {

// More would let what is due to be written wait.
constexpr int kEventsPerRound = 8;

}  // namespace

ServerLoop::ServerLoop(std::unique_ptr<grpc::ServerCompletionQueue> queue) : queue_(std::move(queue)) {}

void ServerLoop::Run(std::function<void()> after_round) {
  after_round_ = std::move(after_round);
  thread_ = std::thread([this] { Poll(); });
}

void ServerLoop::Poll() {
  void* tag = nullptr;
  bool ok = false;
  while (queue_->Next(&tag, &ok)) {
    int left = kEventsPerRound;
    do {
      TakeOver(tag);
      static_cast<const Operation*>(tag)->Done(ok);
    } while (--left > 0 && queue_->AsyncNext(&tag, &ok, gpr_inf_past(GPR_CLOCK_MONOTONIC)) == grpc::CompletionQueue::GOT_EVENT);
    if (open_) after_round_();
  }
}

void ServerLoop::Post(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  if (accepting_) Wake(std::move(work));
}

void ServerLoop::Wake(std::function<void()> work) {
  posted_.push_back(std::move(work));
  if (std::exchange(waking_, true)) return;
  HandOver(&wake_);
  alarm_.Set(queue_.get(), gpr_inf_past(GPR_CLOCK_MONOTONIC), &wake_);
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
  {
    // In one step: who posts once the queue was shut down would set an alarm on it, which gRPC takes for a broken program.
    const std::lock_guard lock(mutex_);
    accepting_ = false;
    Wake([this] {
      open_ = false;
      queue_->Shutdown();
    });
  }
  thread_.join();
}

}  // namespace entente::broker
