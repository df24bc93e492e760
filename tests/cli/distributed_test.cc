// SPDX-License-Identifier: Apache-2.0
// Broker and gateway as processes of their own: what one node's system says on its socket is read on another's.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <csignal>

#include "base/io/files.h"
#include "broker/record/log_reader.h"
#include "tests/cli/program.h"
#include "tests/external/peer_process.h"
#include "tests/whole/simulated_whole.h"

namespace entente::program {
namespace {

using external::PeerProcess;
using testing::HasSubstr;

// A national system's side of an access link: a TCP client with whole waits of half a minute.
class Tablet {
 public:
  explicit Tablet(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0) << "port " << port;
  }
  ~Tablet() { close(fd_); }
  Tablet(const Tablet&) = delete;
  Tablet& operator=(const Tablet&) = delete;

  void Say(std::string_view text) const { EXPECT_EQ(write(fd_, text.data(), text.size()), static_cast<ssize_t>(text.size())); }
  // Everything heard so far, once `text` is in it; or after half a minute.
  std::string HearUntil(std::string_view text) {
    constexpr int kPatienceMs = 30'000;
    pollfd waiting{fd_, POLLIN, 0};
    while (heard_.find(text) == std::string::npos && poll(&waiting, 1, kPatienceMs) > 0) {
      char block[4096];
      const ssize_t got = read(fd_, block, sizeof(block));
      if (got <= 0) break;
      heard_.append(block, static_cast<std::size_t>(got));
    }
    return heard_;
  }

 private:
  int fd_;
  std::string heard_;
};

std::uint16_t PortIn(const std::string& line) {
  std::uint16_t port = 0;
  const std::string digits = line.substr(line.rfind(':') + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return port;
}

std::string TrackOf(std::string_view uid, std::string_view callsign) {
  const std::string now = FormatUtc(UtcTime(std::chrono::sys_days(std::chrono::year(2026) / 6 / 1)));
  return fmt::format(
      R"(<event version="2.0" uid="{}" type="a-f-G-U-C" how="m-g" time="{}" start="{}" stale="2036-06-01T00:00:00Z">)"
      R"(<point lat="53.5" lon="9.9" hae="30" ce="5" le="5"/><detail><contact callsign="{}"/></detail></event>)",
      uid, now, now, callsign);
}

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

TEST(Distributed, BrokerAndGatewayInProcessesOfTheirOwnRelayAndRecord) {
  const Scratch scratch;
  const std::string folder = scratch.path().string();
  const std::string exercise =
      scratch.File("two.yaml", whole::SmallExercise("", "        listen: 127.0.0.1:0", "        listen: 127.0.0.1:0"));
  PeerProcess broker({ENTENTE_PROGRAM, "broker", exercise, "--listen", "127.0.0.1:0", "--record", "record"}, folder);
  const std::string listening = broker.AwaitLine("Broker listening at ");
  ASSERT_FALSE(listening.empty());
  PeerProcess gateway({ENTENTE_PROGRAM, "gateway", exercise, "--broker", fmt::format("127.0.0.1:{}", PortIn(listening))}, folder);
  const std::string deu = gateway.AwaitLine("DEU/brigade at ");
  const std::string fra = gateway.AwaitLine("FRA/brigade at ");
  ASSERT_FALSE(deu.empty());
  ASSERT_FALSE(fra.empty());

  Tablet sender(PortIn(deu));
  Tablet receiver(PortIn(fra));
  sender.Say(TrackOf("TABLET-1", "ADLER"));
  EXPECT_THAT(receiver.HearUntil("ADLER"), HasSubstr("TABLET-1"));
  sender.Say("<event>this is no event</event>");
  sender.Say(TrackOf("TABLET-2", "FALKE"));
  EXPECT_THAT(receiver.HearUntil("FALKE"), HasSubstr("TABLET-2")) << "malformed input must not stop the session";

  EXPECT_EQ(gateway.Terminate(), 0);
  EXPECT_EQ(broker.Terminate(), 0);
  const std::filesystem::path record = scratch.path() / "record";
  EXPECT_GE(CountEvents(record, v1::RecordEvent::kMessageAccepted), 2U);
  EXPECT_GE(CountEvents(record, v1::RecordEvent::kUnitReceived), 2U) << "the gateway's events are in the broker's record";
  EXPECT_GE(CountEvents(record, v1::RecordEvent::kUnitRefused), 1U);
}

// Arguments of a process that shows `name`'s certificate.
std::vector<std::string> WithTls(std::vector<std::string> arguments, const std::string& name) {
  arguments.insert(arguments.end(),
                   {"--tls-certificate", "certificates/" + name + ".pem", "--tls-key", "certificates/" + name + ".key",
                    "--tls-authority", "certificates/authority.pem", "--tls-crl", "certificates/revoked.pem"});
  return arguments;
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
  const std::string folder = scratch.path().string();
  const std::string exercise = scratch.File(
      "two.yaml", WithIdentities(whole::SmallExercise("", "        listen: 127.0.0.1:0", "        listen: 127.0.0.1:0")));
  const Outcome made = RunEntente(scratch, {"certs", "--folder", "certificates", "--exercise", exercise});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  // Its log goes to a file beside the record.
  const auto program = [&](std::vector<std::string> arguments, const std::string& name) {
    const std::string script = "exec \"$0\" --log debug \"$@\" 2>" + name + ".log";
    arguments.insert(arguments.begin(), {"sh", "-c", script, ENTENTE_PROGRAM});
    return WithTls(std::move(arguments), name);
  };
  PeerProcess broker(program({"broker", exercise, "--listen", "127.0.0.1:0", "--record", "record"}, "EXCON-broker"), folder);
  const std::string listening = broker.AwaitLine("Broker listening at ");
  ASSERT_FALSE(listening.empty());
  const std::string endpoint = fmt::format("127.0.0.1:{}", PortIn(listening));
  PeerProcess gateway(program({"gateway", exercise, "--broker", endpoint, "--broker-identity", "EXCON/broker"}, "DEU-gateway"),
                      folder);
  const std::string deu = gateway.AwaitLine("DEU/brigade at ");
  const std::string fra = gateway.AwaitLine("FRA/brigade at ");
  ASSERT_FALSE(deu.empty());
  ASSERT_FALSE(fra.empty());
  Tablet sender(PortIn(deu));
  Tablet receiver(PortIn(fra));
  sender.Say(TrackOf("TABLET-1", "ADLER"));
  EXPECT_THAT(receiver.HearUntil("ADLER"), HasSubstr("TABLET-1"));
  EXPECT_EQ(gateway.Terminate(), 0);
  EXPECT_EQ(broker.Terminate(), 0);

  std::string everything;
  for (const std::string& line : broker.Lines()) everything += line;
  for (const std::string& line : gateway.Lines()) everything += line;
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
  const std::string folder = scratch.path().string();
  const std::string exercise = scratch.File("two.yaml", whole::SmallExercise("", "        listen: 127.0.0.1:0"));
  ASSERT_EQ(RunEntente(scratch, {"certs", "--folder", "certificates", "--exercise", exercise}).exit_code, 0);
  std::vector<std::string> arguments =
      WithTls({ENTENTE_PROGRAM, "broker", exercise, "--listen", "127.0.0.1:0", "--record", "record"}, "EXCON-broker");
  PeerProcess broker(arguments, folder);
  const std::string listening = broker.AwaitLine("Broker listening at ");
  ASSERT_FALSE(listening.empty());
  const Outcome outcome =
      RunEntente(scratch,
                 WithTls({"gateway", exercise, "--node", "DEU/brigade", "--broker", fmt::format("127.0.0.1:{}", PortIn(listening))},
                         "FRA-brigade"),
                 [](int pid, const std::string& err) {
                   if (err.find("does not speak for") != std::string::npos) kill(pid, SIGTERM);
                 });
  EXPECT_THAT(outcome.err, HasSubstr("certificate of FRA/brigade does not speak for \"DEU/brigade\""));
  EXPECT_EQ(broker.Terminate(), 0);
  EXPECT_GE(CountEvents(scratch.path() / "record", v1::RecordEvent::kPeerRefused), 1U);
  EXPECT_EQ(CountEvents(scratch.path() / "record", v1::RecordEvent::kNodeAttached), 0U);
}

TEST(Distributed, HalfOfTheTlsFilesIsAMistake) {
  const Scratch scratch;
  const Outcome outcome =
      RunEntente(scratch, {"broker", scratch.File("two.yaml", whole::SmallExercise("")), "--tls-key", "some.key"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("TLS needs three files"));
}

TEST(Distributed, BrokerRefusesAnyInterfaceUnlessToldInSoManyWords) {
  const Scratch scratch;
  const Outcome outcome = RunEntente(
      scratch, {"broker", scratch.File("two.yaml", whole::SmallExercise("")), "--listen", "0.0.0.0:0", "--record", "record"});
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.err, HasSubstr("0.0.0.0"));
}

TEST(Distributed, GatewayNamesANodeThatTheExerciseDoesNotHave) {
  const Scratch scratch;
  const Outcome outcome = RunEntente(
      scratch, {"gateway", scratch.File("two.yaml", whole::SmallExercise("")), "--node", "ITA/hq", "--broker", "127.0.0.1:9"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("ITA/hq"));
}

}  // namespace
}  // namespace entente::program
