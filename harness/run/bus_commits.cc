// SPDX-License-Identifier: Apache-2.0
#include "harness/run/bus_commits.h"

#include <algorithm>
#include <utility>

namespace entente::harness {
namespace {

constexpr std::chrono::milliseconds kRetryAfter{100};
constexpr std::chrono::milliseconds kRelayPace{5};
constexpr std::chrono::milliseconds kRelayGroup{20};

}  // namespace

broker::DeliveryMode ModeOf(const v1::Exercise& exercise) {
  return exercise.bus().mode() == v1::BusPlan::RELAY ? broker::DeliveryMode::kRelay : broker::DeliveryMode::kDurable;
}

Duration CommitPaceOf(const v1::Exercise& exercise) {
  return ModeOf(exercise) == broker::DeliveryMode::kRelay ? Duration(kRelayPace) : Duration(0);
}

record::SegmentLogOptions LogOptionsOf(const v1::Exercise& exercise, std::filesystem::path directory) {
  record::SegmentLogOptions options{.directory = std::move(directory)};
  if (ModeOf(exercise) == broker::DeliveryMode::kRelay) {
    options.syncing = record::Syncing::kSegments;
    options.group = kRelayGroup;
  }
  return options;
}

struct BusCommits::Told : std::enable_shared_from_this<BusCommits::Told> {
  explicit Told(const Clock& clock_used) : clock(clock_used) {}

  // Any thread. Several reports before the relay looks are one.
  void Durable(std::uint64_t events) {
    const std::lock_guard lock(mutex);
    durable = std::max(durable, events);
    if (server == nullptr || std::exchange(posted, true)) return;
    server->Post([this, self = shared_from_this()](broker::Relay& relay) {
      std::uint64_t recorded = 0;
      {
        const std::lock_guard look(mutex);
        posted = false;
        recorded = durable;
      }
      relay.OnRecorded(recorded, clock.Read());
    });
  }

  const Clock& clock;
  std::mutex mutex;
  broker::BusServer* server = nullptr;
  std::uint64_t durable = 0;
  bool posted = false;
};

BusCommits::BusCommits(Recorder& recorder, const Clock& clock, Duration pace, OnTrouble on_trouble)
    : recorder_(recorder), pace_(pace), on_trouble_(std::move(on_trouble)), told_(std::make_shared<Told>(clock)) {}

BusCommits::~BusCommits() {
  Stop();
}

void BusCommits::AfterRound(const broker::Relay& relay) {
  const std::uint64_t given = relay.counters().events;
  const std::lock_guard lock(mutex_);
  if (given == given_) return;
  given_ = given;
  CountRound();
}

void BusCommits::Wake() {
  const std::lock_guard lock(mutex_);
  CountRound();
}

// A thread that commits, or lets events gather, looks by itself.
void BusCommits::CountRound() {
  ++rounds_;
  if (std::exchange(idle_, false)) wake_.notify_one();
}

void BusCommits::Start(broker::BusServer& server) {
  {
    const std::lock_guard lock(told_->mutex);
    told_->server = &server;
  }
  thread_ = std::thread([this] { Run(); });
}

void BusCommits::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(told_->mutex);
  told_->server = nullptr;
}

void BusCommits::Run() {
  const auto stopped = [this] { return stop_; };
  std::uint64_t done = 0;
  bool failing = false;
  std::unique_lock lock(mutex_);
  for (;;) {
    while (!stop_ && !failing && rounds_ == done) {
      idle_ = true;
      wake_.wait(lock);
    }
    if (stop_) return;
    const std::uint64_t round = rounds_;
    const std::uint64_t events = given_;
    lock.unlock();
    const Status committed = recorder_.Commit([told = told_, events](const Status& durable) {
      if (durable) told->Durable(events);
    });
    if (failing == committed.has_value()) {
      failing = !committed;
      Tell(failing);
      if (on_trouble_) on_trouble_(committed);
    }
    lock.lock();
    if (committed) done = round;
    const Duration pause = failing ? Duration(kRetryAfter) : pace_;
    if (pause > Duration(0)) wake_.wait_for(lock, pause, stopped);
  }
}

void BusCommits::Tell(bool failing) {
  const std::lock_guard lock(told_->mutex);
  if (told_->server != nullptr) told_->server->Post([failing](broker::Relay& relay) { relay.RefuseMessages(failing); });
}

}  // namespace entente::harness
