// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/exercise_file.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "harness/exercise/shape.h"
#include "harness/exercise/test_adapter.h"

namespace entente::harness {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string ReadText(const std::string& path) {
  std::ifstream file(ENTENTE_SOURCE_DIR "/" + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

auto Read(std::string_view yaml) {
  return ReadExercise(yaml, "file.yaml", testing::kTestAdapters);
}

// The problems of a text, one line each; fails the test when there are none.
std::vector<std::string> Problems(std::string_view yaml) {
  const auto exercise = Read(yaml);
  EXPECT_FALSE(exercise.has_value()) << "the file was read without a problem";
  std::vector<std::string> lines;
  if (!exercise) {
    for (const Error& error : exercise.error()) lines.push_back(error.Text());
  }
  return lines;
}

// The smallest exercise, with texts put in at the end of its node, and at the end of the file.
std::string Small(std::string_view in_node = {}, std::string_view at_end = {}, std::string_view duration = "30 s") {
  return "version: 1\nname: small\nduration: " + std::string(duration) +
         "\npolicy: {classifications: [OPEN, SECRET]}\n"
         "nations:\n  DEU:\n    clearance: SECRET\n    label: OPEN\n    nodes:\n      hq:\n        protocol: lamp\n" +
         std::string(in_node) + std::string(at_end);
}

// Every path to a value that can be left out: of mappings, at any depth.
void Paths(const YAML::Node& node, std::vector<std::string>& path, std::vector<std::vector<std::string>>& all) {
  if (!node.IsMap()) return;
  for (const auto& entry : node) {
    path.push_back(entry.first.Scalar());
    all.push_back(path);
    Paths(entry.second, path, all);
    path.pop_back();
  }
}

void Remove(YAML::Node node, const std::vector<std::string>& path) {
  for (std::size_t i = 0; i + 1 < path.size(); ++i) node.reset(node[path[i]]);
  node.remove(path.back());
}

void KeysOf(const Shape& shape, std::set<const Shape*>& seen, std::set<std::string>& keys) {
  if (!seen.insert(&shape).second) return;
  for (const Key& key : shape.keys) {
    keys.emplace(key.name);
    KeysOf(*key.shape, seen, keys);
  }
  if (shape.item != nullptr) KeysOf(*shape.item, seen, keys);
  for (const Shape* each : shape.alternatives) KeysOf(*each, seen, keys);
}

TEST(ExerciseFileTest, SmallestFileHasDefaults) {
  const auto exercise = Read(Small());
  ASSERT_TRUE(exercise) << exercise.error().front().Text();
  EXPECT_EQ(exercise->seed(), 1U);
  EXPECT_EQ(exercise->policy().name(), "EXERCISE");
  ASSERT_EQ(exercise->nodes_size(), 1);
  const v1::NodePlan& node = exercise->nodes(0);
  EXPECT_EQ(node.node(), "DEU/hq");
  EXPECT_EQ(node.transport(), "tcp");
  EXPECT_EQ(node.form(), "morse");
  EXPECT_EQ(node.listen().port(), 0U);
  ASSERT_EQ(exercise->policy().nodes_size(), 1);
  EXPECT_EQ(exercise->policy().nodes(0).default_label().policy(), "EXERCISE");
}

TEST(ExerciseFileTest, ExternalNodesMeetAtTheCustomaryPort) {
  const auto tcp = Read(Small("        external: true\n"));
  ASSERT_TRUE(tcp);
  EXPECT_EQ(tcp->nodes(0).listen().port(), 4711U);
  const auto multicast = Read(Small("        transport: multicast\n"));
  ASSERT_TRUE(multicast);
  EXPECT_EQ(multicast->nodes(0).dial().host(), "239.1.1.1");
  EXPECT_EQ(multicast->nodes(0).form(), "semaphore");
}

TEST(ExerciseFileTest, ProfileGivesWhatIsNotSaid) {
  const auto exercise = Read(Small("        link: { profile: HF radio, loss: 10 % }\n"));
  ASSERT_TRUE(exercise);
  EXPECT_DOUBLE_EQ(exercise->nodes(0).link().loss(), 0.1);
  EXPECT_EQ(exercise->nodes(0).link().rate_bps(), 2400U);
  EXPECT_EQ(exercise->nodes(0).link().profile(), "HF radio");
}

TEST(ExerciseFileTest, EveryKeyIsUsedByTheFileOfEveryKey) {
  std::set<const Shape*> seen;
  std::set<std::string> keys;
  KeysOf(ExerciseShape(), seen, keys);
  const std::string text = ReadText("harness/exercise/vectors/every-key.yaml");
  for (const std::string& key : keys) EXPECT_THAT(text, HasSubstr(key + ":"));
  const auto exercise = Read(text);
  EXPECT_TRUE(exercise) << exercise.error().front().Text();
}

// Nothing that a file says is ignored: without it, the exercise is another one, or none.
TEST(ExerciseFileTest, EveryKeyMakesADifference) {
  const std::string text = ReadText("harness/exercise/vectors/every-key.yaml");
  const auto whole = Read(text);
  ASSERT_TRUE(whole);
  std::vector<std::string> path;
  std::vector<std::vector<std::string>> paths;
  Paths(YAML::Load(text), path, paths);
  ASSERT_GT(paths.size(), 100U);
  for (const auto& removed : paths) {
    YAML::Node root = YAML::Load(text);
    Remove(root, removed);
    const auto rest = Read(YAML::Dump(root));
    if (!rest) continue;
    EXPECT_FALSE(google::protobuf::util::MessageDifferencer::Equals(*whole, *rest)) << fmt::format("{}", fmt::join(removed, "."));
  }
}

TEST(ExerciseFileTest, SeveralBrokersNeedTheOrderOfTheirRecord) {
  const std::string bus = "bus: { mode: relay, jetstream: { servers: nats://127.0.0.1:4222 } }\n";
  EXPECT_THAT(Problems(Small("") + bus), ElementsAre(HasSubstr("bus.mode: several brokers go by the order of their record")));
}

TEST(ExerciseFileTest, MistypedKeyIsSuggestedWithItsPlace) {
  EXPECT_THAT(
      Problems(Small("        link: { latncy: 5 ms }\n")),
      ElementsAre("file.yaml:12:17: nations.DEU.nodes.hq.link.latncy: there is no such key here; did you mean \"latency\"?"));
}

TEST(ExerciseFileTest, SaysWhatWasFoundAndWhatIsWanted) {
  EXPECT_THAT(
      Problems(Small("        link: { latency: 5 }\n")),
      ElementsAre("file.yaml:12:26: nations.DEU.nodes.hq.link.latency: found \"5\"; write a duration such as \"30 s\", \"250 ms\" "
                  "or \"1 min 30 s\""));
}

TEST(ExerciseFileTest, ProblemsAreListedTogetherInOrder) {
  const auto problems =
      Problems(Small("        form: morze\n        options: { power: 500, color: red }\n        receives-from: XYZ\n"));
  EXPECT_THAT(problems, ElementsAre(AllOf(HasSubstr(":12:15: "), HasSubstr("did you mean \"morse\"?")),
                                    AllOf(HasSubstr(":13:27: "), HasSubstr("must be a whole number from 1 to 100")),
                                    AllOf(HasSubstr(":13:39: "), HasSubstr("did you mean \"colour\"?")),
                                    AllOf(HasSubstr(":14:24: "), HasSubstr("takes no part"))));
}

TEST(ExerciseFileTest, OfManyProblemsTheRestIsCounted) {
  std::string text = "version: 1\n";
  for (int i = 0; i < 50; ++i) text += "wrong" + std::to_string(i) + ": 1\n";
  const auto problems = Problems(text);
  ASSERT_EQ(problems.size(), kProblemsListed + 1);
  EXPECT_THAT(problems.back(), HasSubstr("and 34 more"));
}

TEST(ExerciseFileTest, UnknownVersionIsRefusedAndNothingElseIsSaid) {
  EXPECT_THAT(Problems("version: 2\nnonsense: 1\n"), ElementsAre(HasSubstr("reads version 1 of exercise files, not \"2\"")));
  EXPECT_THAT(Problems("name: x\n"), ::testing::Contains(HasSubstr("the key \"version\" is missing")));
}

TEST(ExerciseFileTest, RepeatedNameIsAProblem) {
  EXPECT_THAT(Problems(Small("        form: morse\n        form: braille\n")), ElementsAre(HasSubstr("stands here twice")));
  EXPECT_THAT(Problems(Small("      hq:\n        protocol: drum\n")), ElementsAre(HasSubstr("nodes.hq: stands here twice")));
}

TEST(ExerciseFileTest, WhatIsNotYamlSaysWhere) {
  EXPECT_THAT(Problems("version: 1\n  name: [\n"), ElementsAre(AllOf(HasSubstr("file.yaml:2:"), HasSubstr("is not YAML here"))));
  EXPECT_THAT(Problems(""), ElementsAre(HasSubstr("this is not an exercise file")));
  EXPECT_THAT(Problems("- 1\n"), ElementsAre(HasSubstr("this is not an exercise file")));
  EXPECT_THAT(Problems(Small({}, "---\nversion: 1\n")), ElementsAre(HasSubstr("a second document begins here")));
  EXPECT_THAT(Problems(std::string(kExerciseFileOctets + 1, ' ')), ElementsAre(HasSubstr("more than the")));
}

TEST(ExerciseFileTest, ProtocolAndTransportMustExist) {
  EXPECT_THAT(Problems(Small("      b:\n        protocol: lmap\n")), ElementsAre(HasSubstr("did you mean \"lamp\"?")));
  EXPECT_THAT(Problems(Small("        transport: udp\n")), ElementsAre(HasSubstr("lamp does not run over \"udp\"")));
  EXPECT_THAT(Problems(Small("        transport: tls\n")), ElementsAre(HasSubstr("certificate is missing")));
}

TEST(ExerciseFileTest, LabelsStayWithinThePolicy) {
  EXPECT_THAT(Problems(Small("        label: SECERT rel DEU\n")), ElementsAre(HasSubstr("did you mean \"SECRET\"?")));
  EXPECT_THAT(Problems(Small("        label: SECRET rel FRA\n")), ElementsAre(HasSubstr("neither a nation nor a community")));
}

// The smallest exercise with more in its policy; its lines begin with two spaces.
std::string WithPolicy(std::string_view more, std::string_view label = "SECRET") {
  return "version: 1\nname: small\nduration: 30 s\npolicy:\n  classifications: [OPEN, SECRET]\n" + std::string(more) +
         "nations:\n  DEU:\n    clearance: SECRET\n    nodes:\n      hq:\n        protocol: lamp\n        label: " +
         std::string(label) + "\n";
}

TEST(ExerciseFileTest, PolicyHasCategoriesMappingsEgressNodesAndIdentities) {
  const auto exercise = Read(WithPolicy(
      "  categories: {Caveat: {type: restrictive, values: [A, B]}}\n"
      "  mappings: {NATO: {classifications: {NATO SECRET: SECRET}, categories: {Special: {to: Caveat, values: {X: A}}}}}\n"
      "  unlabelled-egress-up-to: OPEN\n  unlabelled-egress-nodes: DEU/hq\n"
      "  identities: {DEU/gateway: {role: node, speaks-for: DEU/*}}\n",
      "{policy: NATO, classification: NATO SECRET}"));
  ASSERT_TRUE(exercise) << exercise.error().front().Text();
  const v1::ExercisePolicy& policy = exercise->policy();
  EXPECT_EQ(policy.categories(0).type(), v1::CATEGORY_TYPE_RESTRICTIVE);
  EXPECT_THAT(policy.categories(0).values(), ElementsAre("A", "B"));
  EXPECT_EQ(policy.mappings(0).policy(), "NATO");
  EXPECT_EQ(policy.mappings(0).classifications(0).from(), "NATO SECRET");
  EXPECT_EQ(policy.mappings(0).categories(0).to_tag(), "Caveat");
  EXPECT_EQ(policy.mappings(0).categories(0).values(0).to(), "A");
  EXPECT_THAT(policy.unlabelled_egress_nodes(), ElementsAre("DEU/hq"));
  EXPECT_EQ(policy.identities(0).role(), v1::ROLE_NODE);
  EXPECT_THAT(policy.identities(0).speaks_for(), ElementsAre("DEU/*"));
  EXPECT_EQ(policy.nodes(0).default_label().policy(), "NATO");
}

TEST(ExerciseFileTest, ContradictionsOfThePolicyHaveTheirPlace) {
  const auto only = [](std::string_view more, std::string_view label = "SECRET") { return Problems(WithPolicy(more, label)); };
  EXPECT_THAT(only("  communities: {A: [DEU, FRA]}\n"),
              ElementsAre(AllOf(HasSubstr("file.yaml:6:20: policy.communities.A: the nation FRA"), HasSubstr("known: DEU"))));
  EXPECT_THAT(only("  categories: {Caveat: {type: restrictive, values: [A, A]}}\n"),
              ElementsAre(AllOf(HasSubstr("file.yaml:6:52: policy.categories.Caveat.values: the value A is listed twice"))));
  EXPECT_THAT(only("  categories: {Caveat: {type: restrctive}}\n"),
              ElementsAre(AllOf(HasSubstr("file.yaml:6:31"), HasSubstr("did you mean \"restrictive\"?"))));
  EXPECT_THAT(only("  mappings: {NATO: {classifications: {NS: SECERT}}}\n"),
              ElementsAre(AllOf(HasSubstr("file.yaml:6:43: policy.mappings.NATO.classifications.NS: maps to \"SECERT\""),
                                HasSubstr("did you mean \"SECRET\"?"))));
  EXPECT_THAT(only("  mappings: {EXERCISE: {classifications: {NS: SECRET}}}\n"),
              ElementsAre(AllOf(HasSubstr("file.yaml:6:24: policy.mappings.EXERCISE: "), HasSubstr("to itself"))));
  EXPECT_THAT(
      only("  categories: {Caveat: {type: restrictive}}\n"
           "  mappings: {NATO: {classifications: {NS: SECRET}, categories: {S: {to: Cavaet}}}}\n"),
      ElementsAre(AllOf(HasSubstr("file.yaml:7:73: policy.mappings.NATO.categories.S.to"), HasSubstr("did you mean \"Caveat\"?"))));
  EXPECT_THAT(only("  identities: {DEU/gateway: {role: node, speaks-for: [DEU/qh]}}\n"),
              ElementsAre(AllOf(HasSubstr("policy.identities.DEU/gateway.speaks-for"), HasSubstr("did you mean \"DEU/hq\"?"))));
  EXPECT_THAT(only("  identities: {DEU/gateway: {role: boss}}\n"), ElementsAre(HasSubstr("\"boss\" is not known here")));
  EXPECT_THAT(only("  unlabelled-egress-nodes: DEU/hq\n"), ElementsAre(AllOf(HasSubstr("file.yaml:6:28"), HasSubstr("no limit"))));
  EXPECT_THAT(only("  unlabelled-egress-up-to: OPEN\n  unlabelled-egress-nodes: [DEU/air]\n"),
              ElementsAre(AllOf(HasSubstr("file.yaml:7:29"), HasSubstr("there is no node \"DEU/air\""))));
  EXPECT_THAT(only("", "{policy: NATO, classification: SECRET}"),
              ElementsAre(AllOf(HasSubstr("file.yaml:12:16: nations.DEU.nodes.hq.label"), HasSubstr("has no mapping here"))));
  EXPECT_THAT(only("  mapings: {}\n"), ElementsAre(HasSubstr("did you mean \"mappings\"?")));
  EXPECT_THAT(only("  categories: {Caveat: {type: restrictive}}\n", "SECRET rel DEU"),
              ElementsAre(AllOf(HasSubstr("file.yaml:13:16"), HasSubstr("\"Releasable To\" is not declared"))));
}

TEST(ExerciseFileTest, ADefaultLabelThatNobodyMaySeeIsAProblem) {
  EXPECT_THAT(
      Problems("version: 1\nname: small\nduration: 30 s\npolicy: {classifications: [OPEN, SECRET]}\n"
               "nations:\n  DEU:\n    clearance: OPEN\n    label: SECRET\n    nodes:\n      hq: {protocol: lamp}\n"),
      ElementsAre(AllOf(HasSubstr("file.yaml:8:12: nations.DEU.label"), HasSubstr("not even the node's own (above clearance)"))));
}

TEST(ExerciseFileTest, NodeWithoutLabelIsAProblem) {
  EXPECT_THAT(Problems(Small({}, "  NOR: {clearance: OPEN, nodes: {b: {protocol: lamp}}}\n")),
              ElementsAre(HasSubstr("no default label")));
}

TEST(ExerciseFileTest, TwoListenersOnOnePortClash) {
  EXPECT_THAT(Problems(Small("        listen: 9000\n      b:\n        protocol: drum\n        listen: 9000\n")),
              ElementsAre(HasSubstr("tcp port 9000 is also taken by DEU/hq")));
  EXPECT_THAT(Problems(Small("        listen: 9000\n", "metrics-port: 9000\n")), ElementsAre(HasSubstr("also taken by metrics")));
}

TEST(ExerciseFileTest, UnitsNeedASensibleRoute) {
  const std::string unit = "        units:\n          a: {dimension: land, ";
  EXPECT_THAT(Problems(Small(unit + "route: [1 N 1 E, 2 N 2 E]}\n")), ElementsAre(HasSubstr("has a route, but no speed")));
  EXPECT_THAT(Problems(Small(unit + "route: [1 N 1 E], speed: 1 kn}\n")), ElementsAre(HasSubstr("nowhere to go")));
  EXPECT_THAT(Problems(Small(unit + "route: []}\n")), ElementsAre(HasSubstr("no point")));
  EXPECT_THAT(Problems(Small(unit + "route: [[1]]}\n")), ::testing::Not(::testing::IsEmpty()));
  EXPECT_THAT(Problems(Small(unit + "route: [[100, 0]]}\n")), ::testing::Not(::testing::IsEmpty()));
}

TEST(ExerciseFileTest, InjectsReferToWhatIsThere) {
  const auto inject = [](std::string_view rest) { return "injects:\n  one: {at: 5 s, " + std::string(rest) + "}\n"; };
  EXPECT_THAT(Problems(Small({}, inject("node: DEU/qh, chat: hi"))), ElementsAre(HasSubstr("did you mean \"DEU/hq\"?")));
  EXPECT_THAT(Problems(Small({}, inject("node: DEU/hq, alert: {event: emergency, unit: x}"))),
              ElementsAre(HasSubstr("has no unit \"x\"")));
  EXPECT_THAT(Problems(Small({}, inject("node: DEU/hq, chat: hi, alert: emergency"))),
              ElementsAre(HasSubstr("says more than one thing")));
  EXPECT_THAT(Problems(Small({}, inject("node: DEU/hq"))), ElementsAre(HasSubstr("says nothing of what it is")));
  EXPECT_THAT(Problems(Small({}, inject("node: DEU/hq, chat: hi"), "4 s")),
              ElementsAre(HasSubstr("is at 5 s, but ENDEX is at 4 s")));
  EXPECT_THAT(Problems(Small("        external: true\n", inject("node: DEU/hq, chat: hi"))),
              ElementsAre(HasSubstr("is not simulated")));
  EXPECT_THAT(Problems(Small({}, inject("node: DEU/hq, chat: hi, text: ho"))), ElementsAre(HasSubstr("says it twice")));
}

TEST(ExerciseFileTest, EveryFaultEndsByItself) {
  const auto fault = [](std::string_view rest) { return "faults:\n  one: {at: 5 s, node: DEU/hq, " + std::string(rest) + "}\n"; };
  EXPECT_THAT(Problems(Small({}, fault("outage: silent"))), ElementsAre(HasSubstr("the key \"for\" is missing")));
  EXPECT_THAT(Problems(Small({}, fault("for: 0 s, outage: silent"))), ElementsAre(HasSubstr("every fault has a lease")));
  EXPECT_THAT(Problems(Small({}, fault("for: 30 s, outage: silent"))), ElementsAre(HasSubstr("would outlast ENDEX by 5 s")));
  EXPECT_THAT(Problems(Small({}, fault("for: 1 s, conditions: {}"))), ElementsAre(HasSubstr("says no condition")));
  EXPECT_THAT(Problems(Small({}, fault("for: 1 s, damage: {share: 5 %, rules: lamp.longdot}"))),
              ElementsAre(HasSubstr("did you mean \"lamp.long-dot\"?")));
}

TEST(ExerciseFileTest, WhatARealSystemSaysAndItsClockAreItsOwn) {
  const auto fault = [](std::string_view rest) {
    return "faults:\n  one: {at: 5 s, for: 1 s, node: DEU/hq, " + std::string(rest) + "}\n";
  };
  const std::string real = "        external: true\n";
  EXPECT_THAT(Problems(Small(real, fault("damage: {share: 5 %}"))),
              ElementsAre(AllOf(HasSubstr("DEU/hq is a real system"), HasSubstr("direction: to-node"))));
  EXPECT_TRUE(Read(Small(real, fault("direction: to-node, damage: {share: 5 %}"))));
  EXPECT_THAT(Problems(Small(real, fault("impairments: clock-skew"))),
              ElementsAre(HasSubstr("which is a real system with a clock of its own")));
  EXPECT_THAT(Problems(Small("        replay: {file: tape.bin}\n", fault("direction: to-node, damage: {share: 5 %}"))),
              ElementsAre(HasSubstr("DEU/hq is a recording, and hears nothing")));
}

TEST(ExerciseFileTest, AFaultNeedsALinkToActOn) {
  const auto fault = [](std::string_view rest) {
    return "faults:\n  cut: {at: 5 s, for: 5 s, node: DEU/hq, " + std::string(rest) + "}\n";
  };
  const std::string multicast = "        transport: multicast\n";
  EXPECT_THAT(
      Problems(Small(multicast, fault("outage: silent"))),
      ElementsAre(AllOf(HasSubstr("file.yaml:14:34: faults.cut.node: DEU/hq speaks over multicast"), HasSubstr("link: backbone"))));
  const std::string tape = "        replay: {file: tape.bin}\n";
  EXPECT_THAT(Problems(Small(tape, fault("conditions: {latency: 1 s}"))),
              ElementsAre(AllOf(HasSubstr("faults.cut.node: DEU/hq is a recording"), HasSubstr("link: backbone"))));
  EXPECT_THAT(Problems(Small(multicast + "        link: {loss: 5 %}\n")),
              ElementsAre(HasSubstr("file.yaml:13:15: nations.DEU.nodes.hq.link: DEU/hq speaks over multicast")));
  for (const std::string& node : {multicast, tape}) EXPECT_TRUE(Read(Small(node, fault("link: backbone, outage: silent"))));
}

TEST(ExerciseFileTest, ABackboneLinkIsOfStreamsAndHasNoNodesClock) {
  const auto fault = [](std::string_view rest) {
    return "faults:\n  jam: {at: 5 s, for: 5 s, node: DEU/hq, link: backbone, " + std::string(rest) + "}\n";
  };
  const auto read = Read(Small("        backbone: {latency: 5 ms}\n", fault("direction: to-gateway, impairments: half-open")));
  ASSERT_TRUE(read) << read.error().front().Text();
  EXPECT_EQ(read->nodes(0).backbone().latency_ns(), 5'000'000);
  EXPECT_EQ(read->faults(0).direction(), v1::DIRECTION_TO_NODE) << "to the gateway is on the way to the node";
  EXPECT_THAT(Problems(Small("", fault("impairments: {kind: duplicate, share: 5 %}"))),
              ElementsAre(HasSubstr("duplicate does not act on streams, and a gateway speaks over tcp")));
  EXPECT_THAT(Problems(Small("", fault("impairments: {kind: clock-skew, offset: 2 s}"))),
              ElementsAre(HasSubstr("faults.jam.impairments: clock-skew is the node's own, and not its gateway's")));
  EXPECT_THAT(Problems(Small("", fault("damage: {share: 5 %}"))),
              ElementsAre(HasSubstr("faults.jam.link: only outage, conditions and impairments are of one link")));
}

TEST(ExerciseFileTest, AFaultOfMessagesSelectsWhatThereIs) {
  const std::string fault =
      "faults:\n  slow: {at: 5 s, for: 5 s, messages: {protocols: lampp, classifications: OPNE, "
      "impairments: {kind: latency, delay: 1 s}}}\n";
  EXPECT_THAT(Problems(Small("", fault)),
              ElementsAre(AllOf(HasSubstr("file.yaml:13:"), HasSubstr("no node speaks lampp"), HasSubstr("did you mean \"lamp\"?")),
                          AllOf(HasSubstr("OPNE is no classification"), HasSubstr("did you mean \"OPEN\"?"))));
}

TEST(ExerciseFileTest, ExpectationsReferToWhatIsThere) {
  EXPECT_THAT(Problems(Small({}, "expectations:\n  a: {recovery: {after: cut, within: 1 s}}\n")),
              ElementsAre(HasSubstr("there is no fault \"cut\"")));
  EXPECT_THAT(Problems(Small({}, "expectations:\n  a: {no-leak: true, from: FRA}\n")),
              ElementsAre(HasSubstr("neither a node nor a nation")));
}

TEST(ExerciseFileTest, ZeroDurationIsAProblem) {
  EXPECT_THAT(Problems(Small({}, {}, "0 s")), ElementsAre(HasSubstr("duration: is zero")));
}

TEST(ExerciseFileTest, LoadGivesAllProblemsInOneError) {
  const auto exercise = LoadExercise("version: 1\na: 1\nb: 1\n", "x.yaml");
  ASSERT_FALSE(exercise);
  EXPECT_THAT(exercise.error().Text(), AllOf(HasSubstr("problems:\n  x.yaml:"), HasSubstr("x.yaml:2:"), HasSubstr("x.yaml:3:")));
}

TEST(ExerciseFileTest, EveryExerciseOfTheRepositoryIsRead) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(ENTENTE_SOURCE_DIR "/exercises")) {
    if (entry.path().extension() != ".yaml") continue;
    ++files;
    const std::string name = "exercises/" + entry.path().filename().string();
    const auto exercise = LoadExercise(ReadText(name), name);
    EXPECT_TRUE(exercise) << exercise.error().Text();
  }
  EXPECT_GE(files, 1);
}

}  // namespace
}  // namespace entente::harness
