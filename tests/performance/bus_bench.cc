// SPDX-License-Identifier: Apache-2.0
// The bus against nats-server with its C client: the rows of the table in README.md. Cases that are compared take turns, and a
// row's ratio is the median of the turns' ratios.

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "tests/performance/measurement.h"

namespace entente::performance {
namespace {

constexpr std::string_view kNatsServer = "nats-server with its C client";

Extent extent;
bool any_failed = false;  // a row that should have been measured

double Median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

// Cases that take turns, measured when the first row asks.
class Comparison {
 public:
  explicit Comparison(std::vector<Case> cases) : cases_(std::move(cases)) {}

  // Per repetition, one outcome per case.
  const Result<std::vector<std::vector<Outcome>>>& Turns() {
    if (!turns_) turns_ = TakeTurns();
    return *turns_;
  }

 private:
  Result<std::vector<std::vector<Outcome>>> TakeTurns() const {
    std::vector<std::vector<Outcome>> turns(static_cast<std::size_t>(extent.repetitions));
    for (auto& turn : turns) {
      for (const Case& each : cases_) {
        auto outcome = Measure(each, extent);
        if (!outcome) return std::unexpected(outcome.error());
        turn.push_back(*outcome);
      }
    }
    return turns;
  }

  std::vector<Case> cases_;
  std::optional<Result<std::vector<std::vector<Outcome>>>> turns_;
};

constexpr std::size_t kNone = ~std::size_t{0};

struct Row {
  std::string name;
  std::string unit;
  double Outcome::* figure = nullptr;
  std::string goal{};  // "goal_at_least" or "goal_at_most"; empty: none
  double bound = 0;
  std::size_t ours = 0;
  std::size_t peer = 1;  // kNone: the goal is for the value itself, or against what is quoted
  std::string peer_name = std::string(kNatsServer);
  double quoted = 0;  // of a peer that cannot run here
};

void Fill(benchmark::State& state, Comparison& comparison, const Row& row) {
  const auto& turns = comparison.Turns();
  for (auto _ : state) state.SetIterationTime(ToSeconds(extent.measured));
  if (!turns) {
    any_failed = any_failed || turns.error().code != ErrorCode::kNotFound;
    return state.SkipWithError(turns.error().Text().c_str());
  }
  std::vector<double> values;
  std::vector<double> peers;
  std::vector<double> ratios;
  for (const auto& turn : *turns) {
    values.push_back(turn[row.ours].*row.figure);
    peers.push_back(row.peer == kNone ? row.quoted : turn[row.peer].*row.figure);
    ratios.push_back(values.back() / peers.back());
  }
  const bool compared = row.peer != kNone || row.quoted > 0;
  state.counters["value"] = Median(values);
  if (compared) state.counters["peer_value"] = Median(peers);
  if (compared) state.counters["ratio"] = Median(ratios);
  if (!row.goal.empty()) state.counters[row.goal] = row.bound;
  state.SetLabel(compared ? fmt::format("{}; {}", row.unit, row.peer_name) : row.unit);
}

void Register(std::vector<Case> cases, const std::vector<Row>& rows) {
  const auto comparison = std::make_shared<Comparison>(std::move(cases));
  for (const Row& row : rows) {
    benchmark::RegisterBenchmark(row.name.c_str(), [comparison, row](benchmark::State& state) { Fill(state, *comparison, row); })
        ->Iterations(1)
        ->UseManualTime();
  }
}

constexpr auto kRate = &Outcome::deliveries_per_s;
constexpr auto kCpu = &Outcome::cpu_ns_per_delivery;
constexpr auto kEndsCpu = &Outcome::ends_cpu_ns_per_delivery;
constexpr auto kP50 = &Outcome::latency_p50_us;
constexpr auto kP99 = &Outcome::latency_p99_us;
constexpr auto kAcknowledged = &Outcome::acknowledged_per_s;
constexpr auto kAtLeast = "goal_at_least";
constexpr auto kAtMost = "goal_at_most";

void RegisterThroughput() {
  Register({{.parse = true}, {.setup = Setup::kNats, .parse = true}},
           {{"Bus/1_to_1/frames_of_128", "deliveries/s", kRate, kAtLeast, 1.5},
            {"Bus/1_to_1/broker_cpu", "ns/delivery", kCpu, kAtMost, 0.5},
            {"Bus/1_to_1/clients_cpu", "ns/delivery", kEndsCpu}});
  Register({{.parse = true, .batch = 1}, {.setup = Setup::kNats, .parse = true}},
           {{"Bus/1_to_1/one_call_per_message", "deliveries/s", kRate, kAtLeast, 1.3}});
  Register({{.receivers = 8}, {.setup = Setup::kNats, .receivers = 8}, {.receivers = 8, .labels = LabelSet::kAlternating}},
           {{"Bus/1_to_8/frames_of_128", "deliveries/s", kRate, kAtLeast, 4},
            {"Bus/1_to_8/broker_cpu", "ns/delivery", kCpu, kAtMost, 0.4},
            {"Bus/1_to_8/clients_cpu", "ns/delivery", kEndsCpu},
            {"Bus/1_to_8/changing_labels", "deliveries/s", kRate, kAtLeast, 3, 2, 1},
            {"Bus/1_to_8/changing_labels_to_uniform", "deliveries/s", kRate, kAtLeast, 0.6, 2, 0, "the same with one label"}});
  Register({{.receivers = 32}, {.setup = Setup::kNats, .receivers = 32}},
           {{"Bus/1_to_32/frames_of_128", "deliveries/s", kRate, kAtLeast, 4.5},
            {"Bus/1_to_32/broker_cpu", "ns/delivery", kCpu, kAtMost, 0.4},
            {"Bus/1_to_32/clients_cpu", "ns/delivery", kEndsCpu}});
  Register({{.setup = Setup::kEntenteTls, .parse = true}, {.setup = Setup::kNatsTls, .parse = true}},
           {{"Bus/1_to_1/mutual_tls", "deliveries/s", kRate, kAtLeast, 1.4, 0, 1, "nats-server with TLS"}});
}

void RegisterLatency() {
  for (const auto& [rate, goal] : {std::pair(1000.0, 1.05), std::pair(20'000.0, 0.8)}) {
    const std::string name = fmt::format("Bus/latency/{:.0f}_a_second/", rate);
    Register({{.parse = true, .batch = 1, .rate = rate}, {.setup = Setup::kNats, .parse = true, .batch = 1, .rate = rate}},
             {{name + "p50", "us", kP50, kAtMost, goal}, {name + "p99", "us", kP99, kAtMost, 1.2}});
  }
}

void RegisterDurable() {
  constexpr double kOffered = 100'000;
  Register(
      {{.setup = Setup::kEntenteDurable, .receivers = 0}, {.setup = Setup::kJetStream, .receivers = 0}},
      {{"Bus/durable/acknowledged", "messages/s", kAcknowledged, kAtLeast, 3, 0, 1, "JetStream, one server, files, not synced"}});
  Register({{.setup = Setup::kEntenteDurable, .receivers = 0, .rate = kOffered}},
           {{"Bus/durable/100000_a_second/p50", "ms", &Outcome::acknowledgement_p50_ms, kAtMost, 1.5, 0, kNone},
            {"Bus/durable/100000_a_second/p99", "ms", &Outcome::acknowledgement_p99_ms, kAtMost, 5, 0, kNone}});
  Register({{.setup = Setup::kEntenteOnJetStream3, .receivers = 0}, {.setup = Setup::kJetStream3, .receivers = 0}},
           {{"Bus/durable/on_three_servers", "messages/s", kAcknowledged, kAtLeast, 3, 0, 1, "JetStream, three replicas"}});
}

void RegisterTak() {
  Register({{.setup = Setup::kEntenteTak, .receivers = 8, .window = 1024}},
           {{"Bus/tak/1_to_8", "deliveries/s", kRate, kAtLeast, 10, 0, kNone, "taky, quoted", 36'700}});
}

// What the harness adds to the CPU time of broker and gateway.
void RegisterHarness() {
  const auto tak = [](Setup setup) { return Case{.setup = setup, .receivers = 3, .batch = 16, .rate = 10'000, .window = 1024}; };
  Register({tak(Setup::kEntenteRun), tak(Setup::kEntenteTak)},
           {{"Bus/harness/10000_a_second/cpu", "ns/delivery", kCpu, kAtMost, 1.05, 0, 1, "entente broker and entente gateway"},
            {"Bus/harness/10000_a_second/projection_cpu", "ns/delivery", &Outcome::projection_cpu_ns_per_delivery, "", 0, 0, kNone},
            {"Bus/harness/10000_a_second/rate", "deliveries/s", kRate, "", 0, 0, 1, "entente broker and entente gateway"}});
}

// What a thousand nodes cost that nothing is for.
void RegisterManyNodes() {
  constexpr std::size_t kNodes = 1000;
  constexpr std::size_t kSubscriptions = 100;
  constexpr auto kMemory = &Outcome::octets_for_idle_nodes;
  Register({{.idle_nodes = kNodes, .idle_subscriptions = kSubscriptions}, {}, {.idle_nodes = kNodes, .idle_subscriptions = 1}},
           {{"Bus/1000_nodes/100000_subscriptions/broker_cpu", "ns/delivery", kCpu, kAtMost, 1.15, 0, 1, "the same without them"},
            {"Bus/1000_nodes/100000_subscriptions/memory", "octets", kMemory, "", 0, 0, kNone},
            {"Bus/1000_nodes/1000_subscriptions/memory", "octets", kMemory, "", 0, 2, kNone}});
}

// Among the tests every case runs once, for a moment.
bool IsTiny(int argc, char** argv) {
  return std::any_of(argv, argv + argc, [](std::string_view argument) { return argument == "--benchmark_min_time=0.001"; });
}

}  // namespace
}  // namespace entente::performance

int main(int argc, char** argv) {
  using namespace entente::performance;
  using std::chrono::milliseconds;
  if (IsTiny(argc, argv)) extent = {milliseconds(20), milliseconds(50), 1};
  RegisterThroughput();
  RegisterLatency();
  RegisterDurable();
  RegisterTak();
  RegisterHarness();
  RegisterManyNodes();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return any_failed ? 1 : 0;
}
