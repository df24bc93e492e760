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
