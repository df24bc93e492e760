// SPDX-License-Identifier: Apache-2.0
// A broker and two gateways under three different clocks, seconds apart: latencies between their nodes come out right.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <map>
#include <set>
#include <thread>

#include "base/io/system_clock.h"
#include "broker/record/log_reader.h"
#include "broker/record/segment_log.h"
#include "harness/run/broker_run.h"
#include "harness/run/gateway_run.h"
#include "tests/cli/program.h"
#include "tests/cli/tablet.h"
#include "tests/whole/simulated_whole.h"

namespace entente::whole {
namespace {

using program::Scratch;
using program::Tablet;
using std::chrono::seconds;

class ShiftedClock final : public Clock {
 public:
  explicit ShiftedClock(Duration ahead) : ahead_(ahead) {}
  [[nodiscard]] Now Read() const override {
    Now now = clock_.Read();
    now.utc += ahead_;
    return now;
  }

 private:
  SystemClock clock_;
  Duration ahead_;
};

// A gateway of one node on a thread of its own, until it goes.
class Gateway {
 public:
  Gateway(const harness::PreparedRun& plan, const std::string& broker, const std::string& node, Duration ahead) : clock_(ahead) {
    options_ = {.brokers = {broker}, .nodes = {node}, .clock = &clock_};
    hooks_.on_open = [this](const std::string&, const std::string& endpoint) { endpoint_.set_value(endpoint); };
    hooks_.on_tick = [this] { return !stop_; };
    thread_ = std::thread([this, &plan] { EXPECT_TRUE(harness::RunGateway(plan, options_, hooks_)); });
  }
  ~Gateway() {
    stop_ = true;
    thread_.join();
  }
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  std::uint16_t AwaitPort() { return program::PortIn(endpoint_.get_future().get()); }

 private:
  ShiftedClock clock_;
  harness::GatewayRunOptions options_;
  harness::GatewayHooks hooks_;
  std::promise<std::string> endpoint_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

std::vector<v1::RecordEvent> AllOf(const std::filesystem::path& folder) {
  std::vector<v1::RecordEvent> events;
  record::LogReader reader(folder, {}, {});
  for (auto next = reader.Next(); next && *next; next = reader.Next()) events.push_back(std::move((**next).event));
  return events;
}

// Until both gateways' clocks are known; they probe from their welcome on.
void AwaitEstimates(record::Record& log) {
  constexpr int kLooks = 300;
  auto reader = log.Tail({}, {.events = {v1::RecordEvent::kClockEstimated}, .writers = {}});
  ASSERT_TRUE(reader);
  std::set<std::string> writers;
  for (int look = 0; look < kLooks && writers.size() < 2; ++look) {
    auto next = (*reader)->Next();
    ASSERT_TRUE(next);
    if (*next) {
      writers.insert((**next).event.writer());
    } else {
      log.AwaitMore((*reader)->cursor(), std::chrono::milliseconds(100));
    }
  }
  EXPECT_EQ(writers.size(), 2U);
}

// What an operator of FRA saw, as its gateway stamps it: understood when it was sent on.
v1::RecordEvent ObservationOf(const v1::RecordEvent& egressed) {
  v1::RecordEvent event = egressed;
  v1::MessageUnderstood understood;
  understood.set_node(egressed.message_egressed().node());
  understood.set_evidence("observation");
  *understood.mutable_understood()->mutable_id() = egressed.message_egressed().id();
  understood.mutable_understood()->mutable_track();
  *event.mutable_message_understood() = understood;
  return event;
}

TEST(ClocksOfMachines, LatenciesBetweenGatewaysComeOutRightWithinTheBound) {
  const Scratch scratch;
  constexpr std::string_view kExternal =
      "        external: true\n        observes: { track: understood }\n        listen: 127.0.0.1:0";
  std::string yaml = SmallExercise("", kExternal, kExternal);
  for (std::size_t units = yaml.find("        units:"); units != std::string::npos; units = yaml.find("        units:")) {
    yaml.erase(units, yaml.find("        external", units) - units);
  }
  const auto plan = harness::PrepareRun(yaml, "test.yaml", {});
  ASSERT_TRUE(plan) << plan.error().Text();
  const SystemClock clock;
  const auto began = clock.Read().instant;
  {
    auto log = record::SegmentLog::Open({.directory = scratch.path() / "record"}, clock);
    ASSERT_TRUE(log);
    harness::Recorder recorder(**log);
    std::promise<std::string> listening;
    std::atomic<bool> stop = false;
    harness::BrokerHooks hooks{.on_listening = [&](const std::string& endpoint) { listening.set_value(endpoint); },
                               .on_tick = [&] { return !stop; }};
    std::thread broker([&] { EXPECT_TRUE(harness::RunBroker(*plan, {.listen = "127.0.0.1:0"}, recorder, hooks)); });
    const std::string endpoint = listening.get_future().get();
    {
      Gateway deu(*plan, endpoint, "DEU/brigade", seconds(3));
      Gateway fra(*plan, endpoint, "FRA/brigade", seconds(-2));
      const Tablet sender(deu.AwaitPort());
      Tablet receiver(fra.AwaitPort());
      AwaitEstimates(**log);
      sender.Say(program::TrackOf("TABLET-1", "ADLER"));
      EXPECT_THAT(receiver.HearUntil("ADLER"), ::testing::HasSubstr("TABLET-1"));
    }
    stop = true;
    broker.join();
    ASSERT_TRUE((*log)->Close());
  }
  const Duration took = clock.Read().instant - began;

  harness::Fold fold;
  std::map<std::string, v1::ClockEstimated> clocks;
  for (const v1::RecordEvent& event : AllOf(scratch.path() / "record")) {
    fold.Apply(event);
    if (event.has_clock_estimated()) clocks[event.writer()] = event.clock_estimated();
    if (event.has_message_egressed()) fold.Apply(ObservationOf(event));
  }
  ASSERT_EQ(clocks.size(), 2U);
  EXPECT_LE(std::chrono::abs(Duration(clocks["gateway DEU/brigade"].offset_ns()) + seconds(3)).count(),
            clocks["gateway DEU/brigade"].error_ns());
  EXPECT_LE(std::chrono::abs(Duration(clocks["gateway FRA/brigade"].offset_ns()) - seconds(2)).count(),
            clocks["gateway FRA/brigade"].error_ns());
  const harness::Assessment assessment = harness::Assess(fold);
  ASSERT_EQ(assessment.latency.size(), 1U);
  const harness::LatencySummary& latency = assessment.latency.begin()->second;
  EXPECT_EQ(latency.count, 1U);
  EXPECT_GT(latency.uncertainty_ns, 0);
  EXPECT_GE(latency.median_ns, -latency.uncertainty_ns);
  EXPECT_LE(latency.median_ns, took.count() + latency.uncertainty_ns);
  EXPECT_LT(latency.uncertainty_ns, Duration(seconds(5)).count()) << "less than the clocks are apart, or it says nothing";
}

}  // namespace
}  // namespace entente::whole
