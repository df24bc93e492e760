// SPDX-License-Identifier: Apache-2.0
// How right the real TCP proxy is, and what it costs: the error of an injected latency, of a rate and of a share of loss, and an
// empty proxy beside a direct connection. Figures to be looked at on an idle machine; nothing is judged right or wrong by its time.

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <asio/read.hpp>
#include <asio/steady_timer.hpp>
#include <asio/write.hpp>
#include <chrono>
#include <cmath>
#include <cstring>
#include <functional>
#include <map>

#include "harness/links/channel.h"
#include "harness/links/io/proxy_bench_rig.h"

namespace entente::harness::bench {
namespace {

using asio::ip::tcp;
using SteadyClock = std::chrono::steady_clock;
using namespace std::chrono_literals;

struct Extent {
  int messages = 3'000;  // per case of latency, over all connections
  int pings = 3'000;
  std::size_t bulk_octets = 256UL * 1024 * 1024;
  std::size_t rate_octets = 1'000'000;
  int datagrams = 500'000;
};
Extent extent;

double MsOf(SteadyClock::duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

// Of sorted values.
double Percentile(const std::vector<double>& values, double percent) {
  const auto at = static_cast<std::size_t>(percent / 100 * static_cast<double>(values.size() - 1));
  return values[at];
}

// Each connection sends a message now and then, its own time in it; what it is late beyond the injected latency is the error.
class LatencyRun {
 public:
  LatencyRun(Duration latency, int connections)
      : latency_(latency), rig_(connections, {SpecOf("latency", {{"delay", latency}})}, true), timer_(rig_.context()) {
    for (Ends& ends : rig_.ends()) {
      received_.emplace_back();
      (void)ends;
    }
  }
  std::vector<double> Errors() {
    for (std::size_t i = 0; i < rig_.ends().size(); ++i) Read(i);
    next_ = SteadyClock::now();
    SendNext();
    rig_.context().run();
    std::ranges::sort(errors_);
    return errors_;
  }

 private:
  // A message every 2 ms, of the connections in turn.
  void SendNext() {
    if (sent_ == extent.messages) return;
    next_ += 2ms;
    timer_.expires_at(next_);
    timer_.async_wait([this](std::error_code) {
      const auto now = SteadyClock::now().time_since_epoch().count();
      Ends& ends = rig_.ends()[static_cast<std::size_t>(sent_) % rig_.ends().size()];
      asio::write(ends.from, asio::buffer(&now, sizeof(now)));
      ++sent_;
      SendNext();
    });
  }
  void Read(std::size_t i) {
    asio::async_read(rig_.ends()[i].to, asio::buffer(received_[i]), [this, i](std::error_code error, std::size_t) {
      if (error) return;
      SteadyClock::rep sent = 0;
      std::memcpy(&sent, received_[i].data(), sizeof(sent));
      errors_.push_back(MsOf(SteadyClock::now().time_since_epoch() - SteadyClock::duration(sent) - latency_));
      if (errors_.size() == static_cast<std::size_t>(extent.messages)) return rig_.context().stop();
      Read(i);
    });
  }

  Duration latency_;
  ProxyRig rig_;
  asio::steady_timer timer_;
  SteadyClock::time_point next_;
  std::vector<std::array<char, sizeof(SteadyClock::rep)>> received_;
  std::vector<double> errors_;
  int sent_ = 0;
};

// Measured when the first row asks.
const std::vector<double>& LatencyErrors(int latency_ms, int connections) {
  static std::map<std::pair<int, int>, std::vector<double>> known;
  auto& errors = known[{latency_ms, connections}];
  if (errors.empty()) errors = LatencyRun(std::chrono::milliseconds(latency_ms), connections).Errors();
  return errors;
}

void Report(benchmark::State& state, double value, const std::string& label) {
  for (auto _ : state) state.SetIterationTime(1e-3);
  state.counters["value"] = value;
  state.SetLabel(label);
}

void LatencyError(benchmark::State& state, double percent, double goal_ms, const char* toxiproxy) {
  const auto& errors = LatencyErrors(static_cast<int>(state.range(0)), static_cast<int>(state.range(1)));
  Report(state, Percentile(errors, percent), fmt::format("ms (Toxiproxy {})", toxiproxy));
  state.counters["goal_at_most"] = goal_ms;
}

// How far from the rate the octets of a bulk transfer came out, in percent.
void RateError(benchmark::State& state) {
  const auto rate = static_cast<std::uint64_t>(state.range(0));
  ProxyRig rig(1, {SpecOf("rate", {{"rate", rate}})}, true);
  Ends& ends = rig.ends().front();
  const Bytes octets(extent.rate_octets);
  std::thread sender([&] { asio::write(ends.from, asio::buffer(octets)); });
  // From one block to the last: the time before the first block is not the rate's.
  Bytes first(kBlockOctets);
  asio::read(ends.to, asio::buffer(first));
  const auto begun = SteadyClock::now();
  Bytes rest(octets.size() - first.size());
  asio::read(ends.to, asio::buffer(rest));
  const double seconds = MsOf(SteadyClock::now() - begun) / 1e3;
  sender.join();
  const double measured = static_cast<double>(rest.size()) * 8 / seconds;
  Report(state, std::abs(measured / static_cast<double>(rate) - 1) * 100, "% off");
  state.counters["goal_at_most"] = 1;
}

// How far from its share the loss came, in half widths of the 99 % confidence interval. Not a matter of time: no socket needed.
void LossError(benchmark::State& state) {
  const double share = static_cast<double>(state.range(0)) / 100;
  Channel channel({"DEU/bench", LinkDirection::kToGateway, LinkCarrier::kDatagram, 1});
  channel.SetChain({SpecOf("loss", {{"share", share}})}, {});
  const Bytes datagram(64);
  double lost = 0;
  for (int i = 0; i < extent.datagrams; ++i) {
    lost += static_cast<double>(channel.Offer(datagram, Instant{}).size());
    channel.Take(Instant{});
  }
  const double half_width = 2.576 * std::sqrt(share * (1 - share) / extent.datagrams);
  Report(state, std::abs(lost / extent.datagrams - share) / half_width, "of the 99 % interval");
  state.counters["goal_at_most"] = 1;
}

double MedianRoundTripUs(bool through_proxy) {
  ProxyRig rig(1, {}, through_proxy);
  Ends& ends = rig.ends().front();
  std::thread echo([&] {
    std::array<char, 64> octets{};
    for (int i = 0; i < extent.pings; ++i) {
      asio::read(ends.to, asio::buffer(octets));
      asio::write(ends.to, asio::buffer(octets));
    }
  });
  std::array<char, 64> octets{};
  std::vector<double> trips;
  for (int i = 0; i < extent.pings; ++i) {
    const auto begun = SteadyClock::now();
    asio::write(ends.from, asio::buffer(octets));
    asio::read(ends.from, asio::buffer(octets));
    trips.push_back(MsOf(SteadyClock::now() - begun) * 1e3);
  }
  echo.join();
  std::ranges::sort(trips);
  return Percentile(trips, 50);
}

// What an empty proxy adds to a round trip.
void EmptyProxyRoundTrip(benchmark::State& state) {
  const double direct = MedianRoundTripUs(false);
  const double through = MedianRoundTripUs(true);
  Report(state, through - direct, fmt::format("us added to {:.0f} us", direct));
}

double BulkMegabytesPerSecond(bool through_proxy) {
  ProxyRig rig(1, {}, through_proxy);
  Ends& ends = rig.ends().front();
  const Bytes octets(64UL * 1024);
  const std::size_t count = extent.bulk_octets / octets.size();
  std::thread sender([&] {
    for (std::size_t i = 0; i < count; ++i) asio::write(ends.from, asio::buffer(octets));
  });
  Bytes taken(octets.size());
  const auto begun = SteadyClock::now();
  for (std::size_t i = 0; i < count; ++i) asio::read(ends.to, asio::buffer(taken));
  const double seconds = MsOf(SteadyClock::now() - begun) / 1e3;
  sender.join();
  return static_cast<double>(count * octets.size()) / 1e6 / seconds;
}

void EmptyProxyThroughput(benchmark::State& state) {
  const double direct = BulkMegabytesPerSecond(false);
  const double through = BulkMegabytesPerSecond(true);
  Report(state, through, "MB/s; a direct connection");
  state.counters["peer_value"] = direct;
  state.counters["ratio"] = through / direct;
}

void Register() {
  const auto once = [](benchmark::internal::Benchmark* row) { row->Iterations(1)->UseManualTime(); };
  for (const int latency : {1, 10, 100}) {
    for (const int connections : {1, 100}) {
      benchmark::RegisterBenchmark("LinkLatencyErrorP50", LatencyError, 50.0, 0.1, "0.10 to 0.27")
          ->Args({latency, connections})
          ->Apply(once);
      benchmark::RegisterBenchmark("LinkLatencyErrorP99", LatencyError, 99.0, 0.5, "0.4 to 1.6")
          ->Args({latency, connections})
          ->Apply(once);
    }
  }
  benchmark::RegisterBenchmark("LinkRateError", RateError)->Arg(1'000'000)->Arg(8'000'000)->Apply(once);
  benchmark::RegisterBenchmark("LinkLossError", LossError)->Arg(1)->Arg(10)->Arg(50)->Apply(once);
  benchmark::RegisterBenchmark("LinkEmptyProxyRoundTrip", EmptyProxyRoundTrip)->Apply(once);
  benchmark::RegisterBenchmark("LinkEmptyProxyThroughput", EmptyProxyThroughput)->Apply(once);
}

}  // namespace
}  // namespace entente::harness::bench

int main(int argc, char** argv) {
  using namespace entente::harness::bench;
  const bool tiny = std::any_of(argv, argv + argc, [](std::string_view word) { return word == "--benchmark_min_time=0.001"; });
  if (tiny) extent = {20, 20, 1024UL * 1024, 20'000, 2'000};
  Register();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
