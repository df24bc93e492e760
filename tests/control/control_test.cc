// SPDX-License-Identifier: Apache-2.0
// EXCON's hand on a run that is under way: the program against the program.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/cli/tablet.h"
#include "tests/control/controlled_run.h"
#include "tests/whole/simulated_whole.h"

namespace entente::program {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::string LongExercise(std::string_view tail = "") {
  std::string text = whole::SmallExercise(tail);
  text.replace(text.find("duration: 20 s"), 14, "duration: 10 min");
  return text;
}

std::vector<v1::CommandGiven> CommandsIn(const std::vector<v1::RecordEvent>& events) {
  std::vector<v1::CommandGiven> commands;
  for (const v1::RecordEvent& event : events) {
    if (event.has_command_given()) commands.push_back(event.command_given());
  }
  return commands;
}

std::size_t HeldUnits(const std::vector<v1::RecordEvent>& events, std::string_view link) {
  return static_cast<std::size_t>(std::ranges::count_if(events, [&](const v1::RecordEvent& event) {
    return event.has_link_decision() && event.link_decision().link() == link && event.link_decision().rule() == "outage";
  }));
}

class ControlTest : public testing::Test {
 protected:
  std::string Exercise(std::string_view tail = "") { return scratch_.File("long.yaml", LongExercise(tail)); }

  Scratch scratch_;
};

TEST_F(ControlTest, AFaultIsAddedListedAndClearedAndTheLinkIsProbed) {
  ControlledRun run(scratch_, Exercise());
  ASSERT_TRUE(run.AwaitRunning()) << run.errors();
  const json added = run.Ask({"fault", "add", "--name", "jam", "--node", "FRA/brigade", "--for", "5min", "--outage", "silent"});
  EXPECT_EQ(added["fault"]["plan"]["id"], "jam");
  EXPECT_EQ(added["fault"]["state"], "FAULT_STATE_ACTIVE");
  EXPECT_EQ(added["fault"]["parameters"], "silent");
  const json listed = run.Ask({"fault", "list"});
  EXPECT_EQ(listed["faults"].size(), 1U);
  EXPECT_TRUE(
      run.AwaitStatus([](const json& status) { return status["active_faults"] == json{"jam"} && status["messages"] != "0"; }));

  const json cleared = run.Ask({"fault", "clear", "--all"});
  EXPECT_EQ(cleared["cleared"], json{"jam"});
  ASSERT_EQ(cleared["probes"].size(), 1U);
  EXPECT_EQ(cleared["probes"][0]["link"], "FRA/brigade");
  EXPECT_EQ(cleared["probes"][0]["restored"], true);
  EXPECT_THAT(cleared["probes"][0]["found"].get<std::string>(), HasSubstr("there and back in")) << "measured";
  EXPECT_EQ(run.Ask({"status"})["active_faults"], json::array());
  EXPECT_EQ(run.Control({"stop", "--reason", "seen enough"}).exit_code, 0);
  EXPECT_EQ(run.AwaitEnd(), 3) << run.errors();

  const auto events = ControlledRun::Record(scratch_);
  std::vector<std::string> commands;
  for (const v1::CommandGiven& given : CommandsIn(events)) {
    commands.push_back(given.command());
    EXPECT_THAT(given.peer(), HasSubstr("127.0.0.1")) << "who commanded it";
  }
  EXPECT_THAT(commands, ElementsAre("add fault", "clear faults", "stop"));
  EXPECT_GT(HeldUnits(events, "FRA/brigade"), 0U) << "the fault acted";
  EXPECT_EQ(HeldUnits(events, "DEU/brigade"), 0U);
  const auto ended = std::ranges::find_if(events, [](const v1::RecordEvent& event) { return event.has_fault_ended(); });
  ASSERT_NE(ended, events.end());
  EXPECT_EQ(ended->fault_ended().reason(), "cleared");
  const auto probed = std::ranges::find_if(events, [](const v1::RecordEvent& event) { return event.has_link_probed(); });
  ASSERT_NE(probed, events.end());
  EXPECT_EQ(probed->link_probed().fault(), "jam");
  EXPECT_TRUE(probed->link_probed().restored()) << probed->link_probed().found();
  EXPECT_GT(probed->link_probed().round_trip_ns(), 0);
}

TEST_F(ControlTest, ABackboneLinkIsFaultedAndClearedToo) {
  ControlledRun run(scratch_, Exercise());
  ASSERT_TRUE(run.AwaitRunning()) << run.errors();
  const json added = run.Ask({"fault", "add", "--name", "cut", "--node", "FRA/brigade", "--link", "backbone", "--direction",
                              "to-broker", "--for", "5min", "--outage", "silent"});
  EXPECT_EQ(added["fault"]["plan"]["link"], "LINK_KIND_BACKBONE");
  EXPECT_THAT(run.Control({"fault", "list"}).out, HasSubstr("outage silent on backbone FRA/brigade"));
  const auto messages = [](const json& status) { return std::stoi(status["messages"].get<std::string>()); };
  const int before = messages(run.Ask({"status"}));
  EXPECT_TRUE(run.AwaitStatus([&](const json& status) { return messages(status) >= before + 3; }))
      << "of DEU/brigade, which go on; in the time of three FRA/brigade said something, too";
  const json cleared = run.Ask({"fault", "clear", "cut"});
  ASSERT_EQ(cleared["probes"].size(), 1U);
  EXPECT_EQ(cleared["probes"][0]["link"], "backbone FRA/brigade");
  EXPECT_EQ(cleared["probes"][0]["restored"], true);
  EXPECT_EQ(run.Control({"stop"}).exit_code, 0);
  run.AwaitEnd();
  const auto events = ControlledRun::Record(scratch_);
  EXPECT_GT(HeldUnits(events, "backbone FRA/brigade"), 0U) << "the fault acted";
  EXPECT_EQ(HeldUnits(events, "backbone DEU/brigade"), 0U);
}

// Whoever added it is long gone: the run ends it.
TEST_F(ControlTest, ALeaseEndsByItself) {
  ControlledRun run(scratch_, Exercise());
  ASSERT_TRUE(run.AwaitRunning()) << run.errors();
  ASSERT_EQ(run.Control({"fault", "add", "--node", "FRA/brigade", "--for", "1s", "--conditions", "{latency: 120 ms}"}).exit_code,
            0);
  EXPECT_TRUE(run.AwaitStatus([&](const json& status) { return status["active_faults"].empty(); }));
  EXPECT_EQ(run.Ask({"fault", "list"})["faults"][0]["state"], "FAULT_STATE_OVER");
  EXPECT_EQ(run.Control({"stop"}).exit_code, 0);
  run.AwaitEnd();
  const auto events = ControlledRun::Record(scratch_);
  const auto ended = std::ranges::find_if(events, [](const v1::RecordEvent& event) { return event.has_fault_ended(); });
  ASSERT_NE(ended, events.end());
  EXPECT_EQ(ended->fault_ended().fault(), "live-1");
  EXPECT_EQ(ended->fault_ended().reason(), "lease");
}

TEST_F(ControlTest, AWrongFaultIsRefusedWithWhatToDo) {
  ControlledRun run(scratch_, Exercise());
  ASSERT_TRUE(run.AwaitRunning()) << run.errors();
  const auto refused = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"fault", "add"});
    const Outcome outcome = run.Control(std::move(arguments));
    EXPECT_EQ(outcome.exit_code, 2) << outcome.out;
    return outcome.err;
  };
  EXPECT_THAT(refused({"--node", "FRA/brigate", "--for", "5s", "--outage", "silent"}), HasSubstr("did you mean \"FRA/brigade\"?"));
  EXPECT_THAT(refused({"--node", "FRA/brigade", "--for", "1h", "--outage", "silent"}), HasSubstr("lease"));
  EXPECT_THAT(refused({"--node", "FRA/brigade", "--for", "5s", "--outage", "loud"}), HasSubstr("silent"));
  EXPECT_THAT(refused({"--node", "FRA/brigade", "--for", "5s", "--damage", "{share: 10 %, rules: cot.nothing-such}"}),
              HasSubstr("not a damage rule"));
  EXPECT_THAT(refused({"--node", "FRA/brigade", "--outage", "silent"}), HasSubstr("for"));
  EXPECT_THAT(run.Control({"fault", "clear", "nothing-such"}).err, HasSubstr("entente fault list"));
  EXPECT_EQ(run.Control({"stop"}).exit_code, 0);
  run.AwaitEnd();
  const auto commands = CommandsIn(ControlledRun::Record(scratch_));
  EXPECT_EQ(std::ranges::count_if(commands, [](const v1::CommandGiven& given) { return !given.refused().empty(); }), 4)
      << "what the run refused is in its record, too";
}

TEST_F(ControlTest, ExerciseTimeStandsStillInPausex) {
  ControlledRun run(scratch_, Exercise());
  ASSERT_TRUE(run.AwaitRunning()) << run.errors();
  EXPECT_EQ(run.Control({"pause"}).exit_code, 0);
  const json paused = run.Ask({"status"});
  EXPECT_EQ(paused["state"], "EXERCISE_STATE_PAUSED");
  EXPECT_EQ(run.Ask({"status"})["exercise_time_ns"], paused["exercise_time_ns"]);
  EXPECT_THAT(run.Control({"pause"}).err, HasSubstr("paused"));
  EXPECT_EQ(run.Control({"resume"}).exit_code, 0);
  EXPECT_EQ(run.Ask({"status"})["state"], "EXERCISE_STATE_RUNNING");
  EXPECT_EQ(run.Control({"stop"}).exit_code, 0);
  run.AwaitEnd();
}

TEST_F(ControlTest, InjectsAreFiredPlannedAndUnplanned) {
  ControlledRun run(scratch_, Exercise("injects:\n  order: {at: 9 min, node: DEU/brigade, chat: Planned words}\n"));
  ASSERT_TRUE(run.AwaitRunning()) << run.errors();
  EXPECT_EQ(run.Ask({"inject", "order"})["node"], "DEU/brigade");
  EXPECT_THAT(run.Control({"inject", "order"}).err, HasSubstr("fired already"));
  EXPECT_EQ(run.Ask({"inject", "--node", "DEU/brigade", "--chat", "Own words"})["inject"], "live-1");
  EXPECT_THAT(run.Control({"inject", "--node", "DEU/brigate", "--chat", "x"}).err, HasSubstr("did you mean"));
  EXPECT_TRUE(run.AwaitStatus([](const json& status) { return status["injects"] == "2"; }));
  EXPECT_EQ(run.Control({"stop"}).exit_code, 0);
  run.AwaitEnd();
  std::vector<std::string> said;
  for (const v1::RecordEvent& event : ControlledRun::Record(scratch_)) {
    const v1::Envelope& truth = event.message_composed().truth();
    if (!truth.chat().text().empty()) said.push_back(truth.chat().text());
  }
  EXPECT_THAT(said, ElementsAre("Planned words", "Own words"));
}

TEST_F(ControlTest, WatchingShowsWhatHappensUntilTheRunEnds) {
  ControlledRun run(scratch_, Exercise());
  ASSERT_TRUE(run.AwaitRunning()) << run.errors();
  process::Process watching(
      {.argv = {ENTENTE_PROGRAM, "watch", "--from-beginning", "--control", run.endpoint()}, .folder = scratch_.path().string()});
  const auto says = [&](std::string_view text) { return watching.output().find(text) != std::string::npos; };
  constexpr std::chrono::seconds kLongest(30);
  EXPECT_TRUE(watching.FollowUntil([&] { return says("exercise running"); }, kLongest)) << watching.output();
  EXPECT_EQ(run.Control({"fault", "add", "--node", "FRA/brigade", "--for", "1s", "--outage", "refuse"}).exit_code, 0);
  EXPECT_TRUE(watching.FollowUntil([&] { return says("fault live-1 ends  lease"); }, kLongest)) << watching.output();
  EXPECT_EQ(run.Control({"stop"}).exit_code, 0);
  EXPECT_TRUE(watching.AwaitEnd(kLongest));
  EXPECT_EQ(watching.exit_code(), 0);
  EXPECT_TRUE(says("commands: stop")) << watching.output();
  EXPECT_TRUE(says("run ended")) << watching.output();
  run.AwaitEnd();
}

std::string WithARealSystem(std::string text) {
  const std::size_t units = text.rfind("        units:");
  const std::size_t end = text.find('\n', text.find("coq:", units));
  return text.replace(units, end - units, "        external: true\n        listen: 127.0.0.1:0");
}

TEST_F(ControlTest, WhatIsSentToARealSystemIsDamagedAndWhatItSaysIsNot) {
  ControlledRun run(scratch_, scratch_.File("external.yaml", WithARealSystem(LongExercise())));
  Tablet tablet(run.AwaitedAt("FRA/brigade"));
  ASSERT_TRUE(run.AwaitRunning()) << run.errors();
  EXPECT_THAT(tablet.HearUntil("LION"), Not(HasSubstr("version=\"1.1\"")));
  const auto damage = [&](const std::string& direction) {
    return run.Control({"fault", "add", "--node", "FRA/brigade", "--for", "5min", "--direction", direction, "--damage",
                        "{share: 100 %, rules: cot.version-1}"});
  };
  EXPECT_THAT(damage("to-gateway").err, HasSubstr("what it sends is not ours to damage"));
  EXPECT_EQ(damage("to-node").exit_code, 0);
  EXPECT_THAT(tablet.HearUntil("version=\"1.1\""), HasSubstr("version=\"1.1\""));
  EXPECT_EQ(run.Control({"stop"}).exit_code, 0);
  run.AwaitEnd();
}

// Links live in the process of the run: what a fault did to a real system's path ends with it.
TEST_F(ControlTest, ARunThatIsKilledInMidFaultLeavesNothingImpaired) {
  const std::string exercise = scratch_.File("external.yaml", WithARealSystem(LongExercise()));
  {
    ControlledRun run(scratch_, exercise);
    Tablet tablet(run.AwaitedAt("FRA/brigade"));
    ASSERT_TRUE(run.AwaitRunning()) << run.errors();
    EXPECT_THAT(tablet.HearUntil("LION"), HasSubstr("LION"));
    EXPECT_EQ(run.Control({"fault", "add", "--node", "FRA/brigade", "--for", "5min", "--outage", "silent"}).exit_code, 0);
    run.Kill();
    EXPECT_TRUE(tablet.AwaitClose()) << "its connection ends with the process, silent as the link was";
  }
  ControlledRun again(scratch_, exercise);
  Tablet tablet(again.AwaitedAt("FRA/brigade"));
  ASSERT_TRUE(again.AwaitRunning()) << again.errors();
  EXPECT_THAT(tablet.HearUntil("LION"), HasSubstr("LION"));
  EXPECT_TRUE(again.Ask({"fault", "list"})["faults"].empty());
  EXPECT_EQ(again.Control({"stop"}).exit_code, 0);
  again.AwaitEnd();
}

TEST_F(ControlTest, KindsOfFaultsAreListedWithoutARun) {
  const Outcome outcome = RunEntente(scratch_, {"fault", "list", "--kinds"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  for (const char* word : {"outage", "conditions", "damage", "latency", "share"}) EXPECT_THAT(outcome.out, HasSubstr(word));
}

TEST_F(ControlTest, WhereNoRunListensTheAnswerSaysHowToStartOne) {
  const Outcome outcome = RunEntente(scratch_, {"status", "--control", "127.0.0.1:1"});
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.err, HasSubstr("entente run EXERCISE --control 127.0.0.1:1"));
}

TEST_F(ControlTest, OtherInterfacesNeedTls) {
  const Outcome outcome = RunEntente(scratch_, {"run", Exercise(), "--control", "0.0.0.0:0", "--metrics-port", "0"});
  EXPECT_EQ(outcome.exit_code, 4) << outcome.out;
  EXPECT_THAT(outcome.err, HasSubstr("loopback only"));
}

constexpr std::string_view kIdentities =
    "  identities:\n    EXCON/control: { role: excon }\n    FRA/observer: { role: observer, speaks-for: FRA/brigade }\nnations:";

TEST_F(ControlTest, OnlyExconCommandsAndWhoElseTriesIsRecorded) {
  std::string text = LongExercise();
  text.replace(text.find("nations:"), 8, kIdentities);
  const std::string exercise = scratch_.File("secured.yaml", text);
  const Outcome made = RunEntente(scratch_, {"certs", "--folder", "certificates", "--exercise", exercise, "--node", "EXCON/control",
                                             "--node", "FRA/observer", "--node", "DEU/brigade", "--host", "127.0.0.1"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  ControlledRun run(scratch_, exercise, TlsArguments("EXCON-broker"));
  ASSERT_TRUE(run.AwaitRunning("EXCON-control")) << run.errors();
  const std::vector<std::string> jam{"fault",       "add",   "--name", "jam",      "--node",
                                     "FRA/brigade", "--for", "5min",   "--outage", "silent"};
  for (const char* name : {"FRA-observer", "DEU-brigade"}) {
    const Outcome refused = run.Control(jam, name);
    EXPECT_EQ(refused.exit_code, 2) << refused.out;
    EXPECT_THAT(refused.err, HasSubstr("may not command")) << name;
    EXPECT_EQ(run.Ask({"status"}, name)["active_faults"], json::array()) << "looking on is allowed";
    EXPECT_THAT(run.Control({"watch", "--kind", "message_accepted"}, name).err, HasSubstr("only EXCON may watch"));
  }
  EXPECT_TRUE(run.AwaitMetric("entente_refused_peers_total 4")) << "a fault and a look at messages, of each\n" << run.Metrics();
  EXPECT_EQ(run.Control(jam).exit_code, 4) << "without a certificate there is no answer";
  EXPECT_EQ(run.Control(jam, "EXCON-control").exit_code, 0);
  EXPECT_EQ(run.Control({"stop"}, "EXCON-control").exit_code, 0);
  run.AwaitEnd();

  const auto events = ControlledRun::Record(scratch_);
  std::vector<std::string> refused;
  for (const v1::RecordEvent& event : events) {
    if (event.has_peer_refused()) refused.push_back(event.peer_refused().identity());
  }
  EXPECT_THAT(refused, Contains("FRA/observer"));
  EXPECT_THAT(refused, Contains("DEU/brigade"));
  for (const v1::CommandGiven& given : CommandsIn(events)) EXPECT_EQ(given.identity(), "EXCON/control");
  EXPECT_EQ(CommandsIn(events).size(), 2U);
}

}  // namespace
}  // namespace entente::program
