// SPDX-License-Identifier: Apache-2.0
#include "tests/performance/measurement.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "tests/performance/board.h"
#include "tests/performance/child_process.h"

namespace entente::performance {
namespace {

using std::chrono::nanoseconds;

constexpr auto kPatience = std::chrono::seconds(20);
constexpr std::size_t kIdlePlace = kPlaces - 1;

// The ends of a load; told to stop when it is over, whatever happened.
class Load {
 public:
  Load(const Case& what, BusUnderTest& bus) : what_(what), bus_(bus) {}
  ~Load() { board_->stop.Set(2); }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  // The nodes that nothing is for; before the others.
  Status StartIdle() {
    if (what_.idle_nodes == 0) return {};
    std::vector<std::string> idle = Arguments("idle", "idle");
    idle.insert(idle.end(), {"--place", std::to_string(kIdlePlace), "--nodes", std::to_string(what_.idle_nodes), "--subscriptions",
                             std::to_string(what_.idle_subscriptions)});
    StartEnd(idle);
    if (Await([this] { return board_->receivers[kIdlePlace].ready.load() != 0; })) return {};
    return Fail(ErrorCode::kUnavailable, "the idle nodes did not get ready", bus_.name());
  }

  Status Start() {
    for (std::size_t place = 0; place < what_.receivers; ++place) {
      std::vector<std::string> receive = Arguments("receive", fmt::format("r{}", place));
      receive.insert(receive.end(), {"--place", std::to_string(place)});
      if (what_.parse) receive.emplace_back("--parse");
      StartEnd(receive);
    }
    const auto all_ready = [this] {
      return std::ranges::all_of(Receivers(), [](const ReceiverPlace& place) { return place.ready.load() != 0; });
    };
    if (!Await(all_ready)) return Fail(ErrorCode::kUnavailable, "a receiver did not get ready", bus_.name());
    std::vector<std::string> publish = Arguments("publish", "sender");
    publish.insert(publish.end(),
                   {"--batch", std::to_string(what_.batch), "--rate", std::to_string(what_.rate), "--receivers",
                    std::to_string(what_.receivers), "--window", std::to_string(what_.receivers == 0 ? 0 : what_.window)});
    if (what_.rate > 0) publish.emplace_back("--at-once");
    StartEnd(publish);
    if (!Await([this] { return board_->publisher_ready.load() != 0; })) {
      return Fail(ErrorCode::kUnavailable, "the publisher did not get ready", bus_.name());
    }
    if (Status running = bus_.AwaitRunning(); !running) return running;
    board_->go = 1;
    return {};
  }

  // Stops the publisher and looks whether everything arrived.
  Status Finish() {
    board_->stop.Set(1);
    if (!Await([this] { return board_->publisher_done.load() != 0; })) {
      return Fail(ErrorCode::kUnavailable, "the publisher did not end", bus_.name());
    }
    const std::uint64_t published = board_->published;
    for (std::size_t i = 0; i < what_.receivers; ++i) {
      const ReceiverPlace& place = board_->receivers[i];
      const bool sees_all = what_.labels == LabelSet::kUniform || i % kNations.size() < kNations.size() / 2;
      const std::uint64_t expected = sees_all ? published : (published + 1) / 2;
      const bool whole = Await([&] { return place.received.load() >= expected; });
      if (!whole || place.received != expected || place.gaps != 0) {
        return Fail(ErrorCode::kDataLoss,
                    fmt::format("receiver {} got {} of {} messages, {} out of order", i, place.received.load(), expected,
                                place.gaps.load()),
                    bus_.name());
      }
    }
    const bool acknowledged = what_.receivers > 0 || Await([&] { return board_->acknowledged >= published; });
    if (acknowledged && board_->refused == 0) return {};
    return Fail(ErrorCode::kDataLoss,
                fmt::format("{} of {} messages have a receipt, {} were refused", board_->acknowledged.load(), published,
                            board_->refused.load()),
                bus_.name());
  }

  [[nodiscard]] std::uint64_t Delivered() const {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < what_.receivers; ++i) sum += board_->receivers[i].received.load(std::memory_order_relaxed);
    return sum;
  }
  [[nodiscard]] nanoseconds CpuTime() const {
    nanoseconds sum{};
    for (const auto& end : ends_) sum += end->CpuTime();
    return sum;
  }
  [[nodiscard]] Board& board() const { return *board_; }

 private:
  // Looks again at every step that an end of the load has made.
  bool Await(const std::function<bool()>& condition) const {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    for (;;) {
      const std::uint32_t seen = board_->progress.Get();
      if (condition()) return true;
      if (!board_->progress.AwaitOtherThan(seen, deadline)) return condition();
    }
  }
  void StartEnd(const std::vector<std::string>& arguments) {
    ends_.push_back(std::make_unique<ChildProcess>(arguments, bus_.folder(), std::vector{board_.file_descriptor()}));
  }
  [[nodiscard]] std::span<const ReceiverPlace> Receivers() const { return std::span(board_->receivers).first(what_.receivers); }
  [[nodiscard]] std::vector<std::string> Arguments(const std::string& role, const std::string& end) const {
    std::vector<std::string> arguments = {ENTENTE_BUS_LOAD, "--board", std::to_string(board_.file_descriptor())};
    const std::vector<std::string> bus = bus_.LoadArguments(end);
    arguments.insert(arguments.end(), bus.begin(), bus.end());
    if (what_.labels == LabelSet::kAlternating) arguments.emplace_back("--alternating");
    arguments.push_back(role);
    return arguments;
  }

  const Case what_;
  BusUnderTest& bus_;
  SharedBoard board_;
  std::vector<std::unique_ptr<ChildProcess>> ends_;
};

double Percentile(const Samples& samples, double part) {
  std::vector<std::uint32_t> sorted(samples.ns.begin(), samples.ns.begin() + samples.count.load());
  if (sorted.empty()) return 0;
  std::ranges::sort(sorted);
  const auto at = static_cast<std::size_t>(part * static_cast<double>(sorted.size()));
  return sorted[std::min(at, sorted.size() - 1)] / 1e3;
}

}  // namespace

Result<Outcome> Measure(const Case& what, const Extent& extent) {
  auto bus = BusUnderTest::Start(what.setup, what.receivers);
  if (!bus) return std::unexpected(bus.error());
  Load load(what, **bus);
  Outcome outcome;
  const std::size_t resident_before = what.idle_nodes > 0 ? (*bus)->ResidentOctets() : 0;
  if (Status started = load.StartIdle(); !started) return std::unexpected(started.error());
  if (what.idle_nodes > 0) outcome.octets_for_idle_nodes = static_cast<double>((*bus)->ResidentOctets() - resident_before);
  if (Status started = load.Start(); !started) return std::unexpected(started.error());
  std::this_thread::sleep_for(extent.warm_up);
  Board& board = load.board();
  const bool measures_cpu = what.receivers > 0;
  board.sampling = 1;
  const std::uint64_t delivered_before = load.Delivered();
  const std::uint64_t acknowledged_before = board.acknowledged;
  const nanoseconds cpu_before = measures_cpu ? (*bus)->CpuTime() : nanoseconds::zero();
  const nanoseconds projection_before = (*bus)->ProjectionCpuTime();
  const nanoseconds ends_before = load.CpuTime();
  const std::int64_t begin_ns = MonotonicNs();
  std::this_thread::sleep_for(extent.measured);
  const auto delivered = static_cast<double>(load.Delivered() - delivered_before);
  const auto acknowledged = static_cast<double>(board.acknowledged - acknowledged_before);
  const auto cpu_ns = measures_cpu ? static_cast<double>(((*bus)->CpuTime() - cpu_before).count()) : 0;
  const auto projection_ns = static_cast<double>(((*bus)->ProjectionCpuTime() - projection_before).count());
  const auto ends_ns = static_cast<double>((load.CpuTime() - ends_before).count());
  const auto elapsed_s = static_cast<double>(MonotonicNs() - begin_ns) / 1e9;
  board.sampling = 0;
  if (Status whole = load.Finish(); !whole) return std::unexpected(whole.error());
  outcome.deliveries_per_s = delivered / elapsed_s;
  outcome.cpu_ns_per_delivery = delivered > 0 ? cpu_ns / delivered : 0;
  outcome.projection_cpu_ns_per_delivery = delivered > 0 ? projection_ns / delivered : 0;
  outcome.ends_cpu_ns_per_delivery = delivered > 0 ? ends_ns / delivered : 0;
  outcome.latency_p50_us = Percentile(board.delivery, 0.5);
  outcome.latency_p99_us = Percentile(board.delivery, 0.99);
  outcome.acknowledged_per_s = acknowledged / elapsed_s;
  outcome.acknowledgement_p50_ms = Percentile(board.acknowledgement, 0.5) / 1e3;
  outcome.acknowledgement_p99_ms = Percentile(board.acknowledgement, 0.99) / 1e3;
  return outcome;
}

}  // namespace entente::performance
