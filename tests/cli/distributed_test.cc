// SPDX-License-Identifier: Apache-2.0
// Broker and gateway as processes of their own: what one node's system says on its socket is read on another's.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "base/io/files.h"
#include "broker/record/log_reader.h"
#include "tests/cli/bus_processes.h"
#include "tests/cli/program.h"
#include "tests/cli/tablet.h"
#include "tests/whole/simulated_whole.h"

namespace entente::program {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

std::size_t CountEvents(const std::filesystem::path& record, v1::RecordEvent::EventCase wanted) {
  record::LogReader reader(record, {}, {});
  std::size_t count = 0;
  for (;;) {
    const auto next = reader.Next();
    EXPECT_TRUE(next.has_value());
    if (!next || !next->has_value()) return count;
    if ((*next)->event.event_case() == wanted) ++count;
  }
}

constexpr std::string_view kAnyPort = "        listen: 127.0.0.1:0";

TEST(Distributed, BrokerAndGatewayInProcessesOfTheirOwnRelayAndRecord) {
  const Scratch scratch;
  const std::string exercise = scratch.File("two.yaml", whole::SmallExercise("", kAnyPort, kAnyPort));
  BrokerProcess broker(scratch, exercise);
  ASSERT_NE(broker.port(), 0);
  GatewayProcess gateway(scratch, exercise, {broker.endpoint()});
  Tablet sender(gateway.PortOf("DEU/brigade"));
  Tablet receiver(gateway.PortOf("FRA/brigade"));
  sender.Say(TrackOf("TABLET-1", "ADLER"));
  EXPECT_THAT(receiver.HearUntil("ADLER"), HasSubstr("TABLET-1"));
  sender.Say("<event>this is no event</event>");
  sender.Say(TrackOf("TABLET-2", "FALKE"));
  EXPECT_THAT(receiver.HearUntil("FALKE"), HasSubstr("TABLET-2")) << "malformed input must not stop the session";

  EXPECT_EQ(gateway.process().Terminate(), 0);
  EXPECT_EQ(broker.process().Terminate(), 0);
  const std::filesystem::path record = scratch.path() / "record";
  EXPECT_GE(CountEvents(record, v1::RecordEvent::kMessageAccepted), 2U);
  EXPECT_GE(CountEvents(record, v1::RecordEvent::kUnitReceived), 2U) << "the gateway's events are in the broker's record";
  EXPECT_GE(CountEvents(record, v1::RecordEvent::kUnitRefused), 1U);
}

std::string WithIdentities(std::string exercise) {
  return exercise.replace(exercise.find("nations:"), 8, "  identities:\n    DEU/gateway: { speaks-for: [DEU/*, FRA/*] }\nnations:");
}

// The middle line of a PEM file: enough to find the whole of it again.
std::string LineOf(const std::filesystem::path& pem) {
  const auto content = ReadFile(pem);
  EXPECT_TRUE(content);
  const std::string text = content ? ToText(*content) : "";
  const std::size_t first = text.find('\n') + 1;
  return text.substr(first, text.find('\n', first) - first);
}

TEST(Distributed, GatewayWithACertificateSpeaksForItsNodesAndNoSecretIsLoggedOrRecorded) {
  const Scratch scratch;
  const std::string exercise = scratch.File("two.yaml", WithIdentities(whole::SmallExercise("", kAnyPort, kAnyPort)));
  const Outcome made = RunEntente(scratch, {"certs", "--folder", "certificates", "--exercise", exercise});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  BrokerProcess broker(scratch, exercise, TlsOptions("EXCON-broker") + std::vector<std::string>{"--record", "record"},
                       "broker.log");
  ASSERT_NE(broker.port(), 0);
  GatewayProcess gateway(scratch, exercise, {broker.endpoint()},
                         TlsOptions("DEU-gateway") + std::vector<std::string>{"--broker-identity", "EXCON/broker"}, "gateway.log");
  Tablet sender(gateway.PortOf("DEU/brigade"));
  Tablet receiver(gateway.PortOf("FRA/brigade"));
  sender.Say(TrackOf("TABLET-1", "ADLER"));
  EXPECT_THAT(receiver.HearUntil("ADLER"), HasSubstr("TABLET-1"));
  EXPECT_EQ(gateway.process().Terminate(), 0);
  EXPECT_EQ(broker.process().Terminate(), 0);

  std::string everything;
  for (const std::string& line : broker.process().Lines()) everything += line;
  for (const std::string& line : gateway.process().Lines()) everything += line;
  for (const auto& file : std::filesystem::recursive_directory_iterator(scratch.path())) {
    if (!file.is_regular_file() || file.path().string().find("/certificates/") != std::string::npos) continue;
    const auto content = ReadFile(file.path());
    ASSERT_TRUE(content);
    everything += AsText(*content);
  }
  EXPECT_THAT(everything, HasSubstr("ipv4:127.0.0.1:")) << "the record, too, was searched";
  for (const char* key : {"EXCON-broker.key", "DEU-gateway.key", "authority.key"}) {
    EXPECT_EQ(everything.find(LineOf(scratch.path() / "certificates" / key)), std::string::npos) << key;
  }
}

TEST(Distributed, ANodesCertificateDoesNotSpeakForAnother) {
  const Scratch scratch;
  const std::string exercise = scratch.File("two.yaml", whole::SmallExercise("", kAnyPort));
  ASSERT_EQ(RunEntente(scratch, {"certs", "--folder", "certificates", "--exercise", exercise}).exit_code, 0);
  BrokerProcess broker(scratch, exercise, TlsOptions("EXCON-broker") + std::vector<std::string>{"--record", "record"},
                       "broker.log");
  ASSERT_NE(broker.port(), 0);
  const std::vector<std::string> gateway{"gateway", exercise, "--node", "DEU/brigade", "--broker", broker.endpoint()};
  const Outcome outcome = RunEntente(scratch, gateway + TlsOptions("FRA-brigade"), [](int pid, const std::string& err) {
    if (err.find("does not speak for") != std::string::npos) kill(pid, SIGTERM);
  });
  EXPECT_THAT(outcome.err, HasSubstr("certificate of FRA/brigade does not speak for \"DEU/brigade\""));
  EXPECT_EQ(broker.process().Terminate(), 0);
  EXPECT_GE(CountEvents(scratch.path() / "record", v1::RecordEvent::kPeerRefused), 1U);
  EXPECT_EQ(CountEvents(scratch.path() / "record", v1::RecordEvent::kNodeAttached), 0U);
  const auto log = ReadFile(scratch.path() / "broker.log");
  ASSERT_TRUE(log);
  EXPECT_THAT(ToText(*log),
              ContainsRegex("warning refused ipv4:127.0.0.1:.* with the certificate of FRA/brigade as DEU/brigade: "));
}

// Of a process that has `exercise` and these options, and ends at once.
void ExpectRefusal(std::string_view program, const std::vector<std::string>& options, int exit_code, const std::string& about) {
  const Scratch scratch;
  const std::string exercise = scratch.File("two.yaml", whole::SmallExercise(""));
  const Outcome outcome = RunEntente(scratch, std::vector<std::string>{std::string(program), exercise} + options);
  EXPECT_EQ(outcome.exit_code, exit_code);
  EXPECT_THAT(outcome.err, HasSubstr(about));
}

TEST(Distributed, HalfOfTheTlsFilesIsAMistake) {
  ExpectRefusal("broker", {"--tls-key", "some.key"}, 2, "TLS needs three files");
}

TEST(Distributed, BrokerRefusesAnyInterfaceUnlessToldInSoManyWords) {
  ExpectRefusal("broker", {"--listen", "0.0.0.0:0", "--record", "record"}, 4, "0.0.0.0");
}

TEST(Distributed, GatewayNamesANodeThatTheExerciseDoesNotHave) {
  ExpectRefusal("gateway", {"--node", "ITA/hq", "--broker", "127.0.0.1:9"}, 2, "ITA/hq");
}

}  // namespace
}  // namespace entente::program
