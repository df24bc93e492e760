// SPDX-License-Identifier: Apache-2.0
// Latencies between machines whose clocks differ by seconds.

#include <gmock/gmock.h>

#include "harness/assessment/record_script.h"

namespace entente::harness {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t kMs = 1'000'000;

// Two gateways, each with a wrong clock, and a message between their nodes that takes 40 ms. `ahead` is how far each clock is.
class TwoMachines {
 public:
  TwoMachines(std::int64_t deu_ahead_ms, std::int64_t fra_ahead_ms)
      : deu_ahead_ns_(deu_ahead_ms * kMs), fra_ahead_ns_(fra_ahead_ms * kMs) {
    for (const char* name : {"DEU/brigade", "FRA/hq"}) {
      v1::NodePlan& node = script.Node(name);
      node.set_external(true);
      v1::Observability& observes = *node.add_observes();
      observes.set_family(v1::FAMILY_TRACK);
      observes.set_evidence(v1::EVIDENCE_UNDERSTOOD);
    }
  }

  void Estimate(std::string_view writer, std::string_view node, std::int64_t ahead_ns, std::int64_t error_ns) {
    v1::RecordEvent& event = script.Add();
    event.set_writer(std::string(writer));
    event.mutable_clock_estimated()->set_node(std::string(node));
    event.mutable_clock_estimated()->set_offset_ns(-ahead_ns);
    event.mutable_clock_estimated()->set_error_ns(error_ns);
  }
  void EstimateBoth(std::int64_t error_ns) {
    Estimate("gateway DEU/brigade", "DEU/brigade", deu_ahead_ns_, error_ns);
    Estimate("gateway FRA/hq", "FRA/hq", fra_ahead_ns_, error_ns);
  }

  // The last event was stamped at that gateway.
  void Stamp(std::string_view writer, std::int64_t ahead_ns) {
    v1::RecordEvent& event = script.last();
    event.set_writer(std::string(writer));
    event.set_utc_ns(event.utc_ns() + ahead_ns);
  }

  Assessment Deliver() {
    const auto said = script.Track("DEU/brigade");
    script.Received(said);
    Stamp("gateway DEU/brigade", deu_ahead_ns_);
    script.Ingested(said);
    Stamp("gateway DEU/brigade", deu_ahead_ns_);
    script.Accepted(said);
    script.Routed(said, {"FRA/hq"});
    script.Egressed(said, "FRA/hq");
    Stamp("gateway FRA/hq", fra_ahead_ns_);
    script.At(40);
    script.Understood(said, "FRA/hq");
    Stamp("gateway FRA/hq", fra_ahead_ns_);
    return script.End().ToAssessment();
  }

  RecordScript script;

 private:
  std::int64_t deu_ahead_ns_;
  std::int64_t fra_ahead_ns_;
};

LatencySummary RoutineLatency(const Assessment& assessment) {
  return assessment.latency.empty() ? LatencySummary{} : assessment.latency.begin()->second;
}

TEST(Clocks, LatenciesAreThoseOfOneClockAndSayHowSureTheyAre) {
  TwoMachines machines(3000, -2000);
  machines.script.Begin();
  machines.EstimateBoth(2 * kMs);
  const LatencySummary latency = RoutineLatency(machines.Deliver());
  EXPECT_EQ(latency.median_ns, 40 * kMs);
  EXPECT_EQ(latency.uncertainty_ns, 4 * kMs);
}

TEST(Clocks, WithoutAnEstimateTheClocksAreTakenAsTheyAre) {
  TwoMachines machines(3000, -2000);
  machines.script.Begin();
  EXPECT_EQ(RoutineLatency(machines.Deliver()).median_ns, (40 - 5000) * kMs);
}

TEST(Clocks, AGatewayIsCorrectedOverItsBrokerToo) {
  TwoMachines machines(3000, -2000);
  machines.script.Begin();
  // FRA's gateway hangs on a broker whose clock is 500 ms ahead of the record's: it was compared with that one.
  v1::NodeAttached& attached = *machines.script.Add().mutable_node_attached();
  attached.set_node("FRA/hq");
  attached.set_broker("broker-2");
  machines.Estimate("broker-2", "", 500 * kMs, 1 * kMs);
  machines.Estimate("gateway DEU/brigade", "DEU/brigade", 3000 * kMs, 2 * kMs);
  machines.Estimate("gateway FRA/hq", "FRA/hq", -2500 * kMs, 2 * kMs);
  const LatencySummary latency = RoutineLatency(machines.Deliver());
  EXPECT_EQ(latency.median_ns, 40 * kMs);
  EXPECT_EQ(latency.uncertainty_ns, 5 * kMs);
}

TEST(Clocks, OneClockAtBothEndsLeavesNothingUncertain) {
  TwoMachines machines(3000, 3000);
  machines.script.Begin();
  machines.Estimate("gateway DEU/brigade", "DEU/brigade", 3000 * kMs, 2 * kMs);
  const auto said = machines.script.Track("DEU/brigade");
  machines.script.Received(said);
  machines.Stamp("gateway DEU/brigade", 3000 * kMs);
  machines.script.Ingested(said);
  machines.Stamp("gateway DEU/brigade", 3000 * kMs);
  machines.script.Accepted(said);
  machines.script.Routed(said, {"FRA/hq"});
  machines.script.Egressed(said, "FRA/hq");
  machines.script.At(40);
  machines.script.Understood(said, "FRA/hq");
  machines.Stamp("gateway DEU/brigade", 3000 * kMs);
  const LatencySummary latency = RoutineLatency(machines.script.End().ToAssessment());
  EXPECT_EQ(latency.median_ns, 40 * kMs);
  EXPECT_EQ(latency.uncertainty_ns, 0);
}

TEST(Clocks, AnExpectationThatTheClocksCannotDecideIsNotPassed) {
  const auto judge = [](std::int64_t at_most_ms) {
    TwoMachines machines(3000, -2000);
    v1::LatencyExpectation& expected = *machines.script.Expect("fast").mutable_latency();
    expected.set_percentile(100);
    expected.set_at_most_ns(at_most_ms * kMs);
    machines.script.Begin();
    machines.EstimateBoth(5 * kMs);
    return machines.Deliver().expectations.front().judgement;
  };
  EXPECT_EQ(judge(60).verdict, Verdict::kPass);
  EXPECT_EQ(judge(20).verdict, Verdict::kFail);
  EXPECT_EQ(judge(45).verdict, Verdict::kInconclusive);
  EXPECT_EQ(judge(35).verdict, Verdict::kInconclusive);
  EXPECT_THAT(judge(45).reasons.front(), HasSubstr("40 ms ± 10 ms"));
}

}  // namespace
}  // namespace entente::harness
