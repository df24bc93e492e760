// SPDX-License-Identifier: Apache-2.0
// What a simulated day costs: 20 nations, every link with faults, the whole record on disk. Five minutes stand for the day, unless
// ENTENTE_DAY_HOURS says how many hours to run: a whole one takes most of an hour and 41 GB.

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

#include "tests/day/day_run.h"

namespace entente::day {
namespace {

constexpr double kMebi = 1024.0 * 1024.0;
constexpr Duration kWholeDay = std::chrono::hours(24);
Duration day_length = std::chrono::minutes(5);
std::size_t most_units = 1000;

// Each size is run once, whichever row asks first.
const Result<DayCost>& CostOf(std::size_t units) {
  static std::map<std::size_t, Result<DayCost>> costs;
  const auto known = costs.find(units);
  if (known != costs.end()) return known->second;
  return costs.emplace(units, MeasureDay({.units = std::min(units, most_units), .duration = day_length})).first->second;
}

double MicrosecondsPerMessage(const DayCost& cost) {
  return cost.cpu_s * 1e6 / static_cast<double>(std::max<std::uint64_t>(cost.messages, 1));
}

struct Row {
  std::string name;
  std::string unit;
  double (*figure)(const DayCost& cost);
  std::string goal{};  // "goal_at_least" or "goal_at_most"; empty: none
  double bound = 0;
  std::size_t units = 1000;
  std::size_t peer = 0;    // units of the run that it is compared with; 0: none
  bool whole_day = false;  // the goal is one for 24 hours only
};

void Fill(benchmark::State& state, const Row& row) {
  for (auto _ : state) state.SetIterationTime(1);
  const auto& cost = CostOf(row.units);
  if (!cost) return state.SkipWithError(cost.error().Text().c_str());
  const double value = row.figure(*cost);
  state.counters["value"] = value;
  if (!row.goal.empty() && (!row.whole_day || day_length >= kWholeDay)) state.counters[row.goal] = row.bound;
  state.SetLabel(row.unit);
  if (row.peer == 0) return;
  const auto& peer = CostOf(row.peer);
  if (!peer) return state.SkipWithError(peer.error().Text().c_str());
  state.counters["peer_value"] = row.figure(*peer);
  state.counters["ratio"] = value / row.figure(*peer);
  state.SetLabel(fmt::format("{}; the same with {} units", row.unit, row.peer));
}

void RegisterAll() {
  const Row rows[] = {
      {"Day/1000_units/speed", "x real time", [](const DayCost& cost) { return ToSeconds(day_length) / cost.wall_s; },
       "goal_at_least", 500},
      {"Day/1000_units/speed_by_cpu", "x real time", [](const DayCost& cost) { return ToSeconds(day_length) / cost.cpu_s; }},
      {"Day/1000_units/peak_resident", "MiB",
       [](const DayCost& cost) { return static_cast<double>(cost.peak_resident_octets) / kMebi; }, "goal_at_most", 1024, 1000, 0,
       true},
      {"Day/1000_units/messages", "messages", [](const DayCost& cost) { return static_cast<double>(cost.messages); }},
      {"Day/1000_units/deliveries", "deliveries", [](const DayCost& cost) { return static_cast<double>(cost.deliveries); }},
      {"Day/1000_units/record", "octets/message",
       [](const DayCost& cost) {
         return static_cast<double>(cost.record_octets) / static_cast<double>(std::max<std::uint64_t>(cost.messages, 1));
       }},
      {"Day/10_units/cost", "us/message", MicrosecondsPerMessage, "", 0, 10},
      {"Day/100_units/cost", "us/message", MicrosecondsPerMessage, "goal_at_most", 1.2, 100, 10},
      {"Day/1000_units/cost", "us/message", MicrosecondsPerMessage, "goal_at_most", 1.2, 1000, 10},
  };
  for (const Row& row : rows) {
    benchmark::RegisterBenchmark(row.name.c_str(), [row](benchmark::State& state) { Fill(state, row); })
        ->Iterations(1)
        ->UseManualTime();
  }
}

bool IsTiny(int argc, char** argv) {
  return std::any_of(argv, argv + argc, [](std::string_view argument) { return argument == "--benchmark_min_time=0.001"; });
}

}  // namespace
}  // namespace entente::day

int main(int argc, char** argv) {
  using namespace entente::day;
  if (const char* hours = std::getenv("ENTENTE_DAY_HOURS")) day_length = entente::FromSeconds(std::strtod(hours, nullptr) * 3600);
  if (IsTiny(argc, argv)) {
    day_length = std::chrono::minutes(1);
    most_units = 40;
  }
  RegisterAll();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
