// SPDX-License-Identifier: Apache-2.0
// What a real system understood, told over gRPC as its own log would: evidence where nothing else is to be had.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "harness/control/control_client.h"
#include "tests/cli/tablet.h"
#include "tests/control/controlled_run.h"
#include "tests/whole/simulated_whole.h"

namespace entente::program {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// FRA/brigade is a real system; what it understands of tracks can be observed.
std::string Exercise() {
  std::string text = whole::SmallExercise(
      "expectations:\n  seen: {from: DEU, to: FRA, families: track, delivery: {at-least: 60 %}}\ninjects:\n  words: {at: 2 s, "
      "node: DEU/brigade, chat: Moin}\n");
  text.replace(text.find("duration: 20 s"), 14, "duration: 8 s");
  const std::size_t units = text.rfind("        units:");
  const std::size_t end = text.find('\n', text.find("coq:", units));
  return text.replace(units, end - units,
                      "        external: true\n        listen: 127.0.0.1:0\n        observes: {track: understood}");
}

// Says of everything that is sent to the system that it understood it, until the run ends.
void ObserveAll(const std::string& endpoint) {
  harness::ControlClient watching(endpoint);
  harness::ControlClient observing(endpoint);
  std::map<std::string, v1::Envelope> accepted;
  v1::WatchRequest request;
  request.set_from_beginning(true);
  request.add_kinds("message_accepted");
  request.add_kinds("message_egressed");
  const Status watched = watching.Watch(request, [&](const v1::RecordEvent& event) {
    if (event.has_message_accepted()) {
      v1::Envelope& envelope = accepted[event.message_accepted().id().ShortDebugString()];
      return envelope.ParseFromString(event.message_accepted().envelope());
    }
    v1::ObserveRequest observation;
    observation.set_node(event.message_egressed().node());
    *observation.mutable_understood() = accepted[event.message_egressed().id().ShortDebugString()];
    const auto told = observing.Ask(&harness::ControlClient::Stub::Observe, observation);
    EXPECT_TRUE(told.has_value()) << told.error().Text();
    return true;
  });
  EXPECT_TRUE(watched.has_value()) << watched.error().Text();
}

json VerdictOf(const json& report, std::string_view id) {
  for (const json& expectation : report["expectations"]) {
    if (expectation["id"] == id) return expectation["verdict"];
  }
  return nullptr;
}

TEST(Observation, IsEvidenceWhereItCanBeHad) {
  const Scratch scratch;
  ControlledRun run(scratch, scratch.File("observed.yaml", Exercise()));
  const Tablet tablet(run.AwaitedAt("FRA/brigade"));
  process::Process watching({.argv = {ENTENTE_PROGRAM, "watch", "--kind", "message_understood", "--control", run.endpoint()},
                             .folder = scratch.path().string()});
  ObserveAll(run.endpoint());
  run.AwaitEnd();
  EXPECT_TRUE(watching.AwaitEnd(std::chrono::seconds(30)));
  EXPECT_THAT(watching.output(), HasSubstr("evidence: \"observation\"")) << "whoever watches sees it, too";

  std::ifstream file(ControlledRun::Folder(scratch) / "report.json");
  const json report = json::parse(file, nullptr, false);
  ASSERT_TRUE(report.is_object());
  EXPECT_EQ(VerdictOf(report, "seen"), "pass") << report["reasons"];
  int observations = 0;
  for (const v1::RecordEvent& event : ControlledRun::Record(scratch)) {
    if (event.message_understood().node() == "FRA/brigade" && event.message_understood().evidence() == "observation")
      ++observations;
  }
  EXPECT_GT(observations, 4);
}

TEST(Observation, IsOfRealSystemsOnly) {
  const Scratch scratch;
  ControlledRun run(scratch, scratch.File("observed.yaml", Exercise()));
  v1::ObserveRequest observation;
  observation.set_node("DEU/brigade");
  harness::ControlClient client(run.endpoint());
  const auto told = client.Ask(&harness::ControlClient::Stub::Observe, observation);
  ASSERT_FALSE(told.has_value());
  EXPECT_THAT(told.error().Text(), HasSubstr("\"DEU/brigade\" is no external node"));
  EXPECT_EQ(run.Control({"stop"}).exit_code, 0);
  run.AwaitEnd();
}

}  // namespace
}  // namespace entente::program
