// SPDX-License-Identifier: Apache-2.0
// `entente explain`: of a message that was sent, of one that was not, and with a broker that runs.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "broker/record/log_reader.h"
#include "proto/message_id.h"
#include "tests/cli/bus_processes.h"
#include "tests/cli/program.h"
#include "tests/whole/simulated_whole.h"

namespace entente::program {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

constexpr std::string_view kForDeuAlone = "        label: SECRET rel DEU";

json ObjectOf(const Outcome& outcome) {
  json object = json::parse(outcome.out, nullptr, false);
  EXPECT_TRUE(object.is_object()) << outcome.out << outcome.err;
  return object;
}

std::map<std::string, json> ByNode(const json& explained) {
  std::map<std::string, json> by_node;
  for (const json& recipient : explained["recipients"]) by_node[recipient["node"].get<std::string>()] = recipient;
  return by_node;
}

std::string FirstRouted(const std::filesystem::path& record, std::string_view origin) {
  record::LogReader reader(record, {}, {});
  for (;;) {
    const auto next = reader.Next();
    if (!next || !next->has_value()) return {};
    const v1::RecordEvent& event = (*next)->event;
    if (event.has_message_routed() && event.message_routed().first().origin() == origin)
      return ToText(event.message_routed().first());
  }
}

TEST(Explain, OfARunTellsEachStepAndEachFate) {
  const Scratch scratch;
  const std::string exercise = scratch.File("small.yaml", whole::SmallExercise("", kForDeuAlone));
  const Outcome ran = RunEntente(scratch, {"run", "--simulated", "--json", exercise});
  const std::string run = json::parse(ran.out)["report_dir"].get<std::string>();
  const std::string withheld = FirstRouted(scratch.path() / run / "record", "DEU/brigade");
  const std::string delivered = FirstRouted(scratch.path() / run / "record", "FRA/brigade");
  ASSERT_FALSE(withheld.empty());
  ASSERT_FALSE(delivered.empty());

  const Outcome first = RunEntente(scratch, {"explain", "--run", run, "--json", withheld});
  EXPECT_EQ(first.exit_code, 0) << first.err;
  auto recipients = ByNode(ObjectOf(first));
  EXPECT_EQ(recipients["FRA/brigade"]["fate"], "withheld");
  EXPECT_THAT(recipients["FRA/brigade"]["reason"].get<std::string>(), HasSubstr("not in releasable-to"));

  const Outcome second = RunEntente(scratch, {"explain", "--run", run, delivered});
  EXPECT_EQ(second.exit_code, 0) << second.err;
  EXPECT_THAT(second.out, HasSubstr("composed by FRA/brigade"));
  EXPECT_THAT(second.out, HasSubstr("accepted by the broker"));
  EXPECT_THAT(second.out, HasSubstr("DEU/brigade: understood after"));
  EXPECT_THAT(second.out, HasSubstr("1 of 1 recipients understood it"));

  // The run's own exercise decides about a message that was never sent.
  const Outcome third =
      RunEntente(scratch, {"explain", "--run", run, "--from", "FRA/brigade", "--label", "UNCLASSIFIED REL FRA", "--json"});
  EXPECT_EQ(third.exit_code, 0) << third.err;
  EXPECT_EQ(ByNode(ObjectOf(third))["DEU/brigade"]["why"], "not in releasable-to");

  const Outcome unknown = RunEntente(scratch, {"explain", "--run", run, "FRA/brigade#"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("it has, among others: FRA/brigade#"));
}

TEST(Explain, OfAMessageThatNobodySends) {
  const Scratch scratch;
  const std::string exercise = scratch.File("small.yaml", whole::SmallExercise(""));
  const Outcome outcome = RunEntente(scratch, {"explain", "--exercise", exercise, "--from", "DEU/brigade", "--family", "track",
                                               "--label", "SECRET REL DEU", "--precedence", "FLASH"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("track of DEU/brigade, FLASH, EXERCISE SECRET REL DEU"));
  EXPECT_THAT(outcome.out, HasSubstr("FRA/brigade does not get it: not in releasable-to"));
  EXPECT_THAT(outcome.out, HasSubstr("0 of 1 nodes would get it"));
  // Nothing was sent, and nothing left behind.
  EXPECT_FALSE(std::filesystem::exists(scratch.path() / "runs"));
}

TEST(Explain, TakesAnEnvelopeAsOctetsOrAsJson) {
  const Scratch scratch;
  const std::string exercise = scratch.File("small.yaml", whole::SmallExercise(""));
  v1::Envelope envelope;
  *envelope.mutable_id() = ToProto(MessageKey{"DEU/brigade", 1, v1::PRECEDENCE_ROUTINE, 1});
  envelope.set_family(v1::FAMILY_TRACK);
  const std::string octets = scratch.File("envelope.bin", envelope.SerializeAsString());
  const Outcome binary = RunEntente(scratch, {"explain", "--exercise", exercise, "--envelope", octets, "--json"});
  EXPECT_EQ(binary.exit_code, 0) << binary.err;
  EXPECT_EQ(ByNode(ObjectOf(binary))["FRA/brigade"]["why"], "no label");
  const std::string text = scratch.File(
      "envelope.json",
      R"({"id":{"origin":"DEU/brigade","incarnation":"1","precedence":"PRECEDENCE_FLASH","sequence":"1"},"family":"FAMILY_TRACK",)"
      R"("label":{"policy":"EXERCISE","classification":"UNCLASSIFIED"}})");
  const Outcome from_json = RunEntente(scratch, {"explain", "--exercise", exercise, "--envelope", text, "--json"});
  EXPECT_EQ(from_json.exit_code, 0) << from_json.err;
  EXPECT_EQ(ByNode(ObjectOf(from_json))["FRA/brigade"]["gets"], true);
  const std::string nonsense = scratch.File("nonsense.bin", "nonsense");
  EXPECT_EQ(RunEntente(scratch, {"explain", "--exercise", exercise, "--envelope", nonsense}).exit_code, 2);
}

TEST(Explain, UsageErrorsSayWhatToDo) {
  const Scratch scratch;
  const std::string exercise = scratch.File("small.yaml", whole::SmallExercise(""));
  const auto complains = [&](std::vector<std::string> arguments, std::string_view about) {
    arguments.insert(arguments.begin(), "explain");
    const Outcome outcome = RunEntente(scratch, arguments);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr(std::string(about)));
  };
  complains({}, "which message?");
  complains({"DEU/brigade#1.R.1"}, "a message of which run?");
  complains({"DEU/brigade#1.R.1", "--from", "DEU/brigade"}, "more than one message");
  complains({"--from", "DEU/brigade"}, "by which policy?");
  complains({"--exercise", exercise, "--from", "DEU/brigde"}, "its nodes: DEU/brigade, FRA/brigade");
  complains({"--exercise", exercise, "--from", "DEU/brigade", "--family", "trak"}, "did you mean \"track\"?");
  complains({"--exercise", exercise, "--from", "DEU/brigade", "--precedence", "FLSH"}, "did you mean \"FLASH\"?");
  complains({"--exercise", exercise, "--from", "DEU/brigade", "--label", "SECERT"}, "known: UNCLASSIFIED, RESTRICTED, SECRET");
  complains({"--run", "nowhere", "DEU/brigade#1.R.1"}, "there is no record");
}

TEST(Explain, AsksABrokerThatRuns) {
  const Scratch scratch;
  const std::string exercise = scratch.File("two.yaml", whole::SmallExercise(""));
  BrokerProcess broker(scratch, exercise);
  ASSERT_NE(broker.port(), 0);
  const std::vector<std::string> question = {"explain", "--exercise",   exercise, "--from",   "DEU/brigade",
                                             "--label", "UNCLASSIFIED", "--json", "--broker", broker.endpoint()};
  const Outcome outcome = RunEntente(scratch, question);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const json explained = ObjectOf(outcome);
  EXPECT_EQ(explained["accepted"], true);
  EXPECT_EQ(explained["steps"].back()["why"], "the running broker accepts it");
  EXPECT_THAT(ByNode(explained)["FRA/brigade"]["why"].get<std::string>(), HasSubstr("not attached to the broker"));
}

TEST(Explain, ABrokerThatIsNotThereIsNoAnswer) {
  const Scratch scratch;
  const std::string exercise = scratch.File("small.yaml", whole::SmallExercise(""));
  // Port 1 of loopback: nobody listens there.
  const Outcome outcome =
      RunEntente(scratch, {"explain", "--exercise", exercise, "--from", "DEU/brigade", "--broker", "127.0.0.1:1"});
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.err, HasSubstr("the broker does not answer"));
}

}  // namespace
}  // namespace entente::program
