// SPDX-License-Identifier: Apache-2.0
// Real systems' side of the kill test: one tablet says numbered CoT events to its `entente gateway`, another one reads them from
// its own. Gateways and broker are killed (-9) at seeded moments, some of them while the reader has not read for a while; they are
// started again, and the tablets connect again. What the record has accepted must be understood by the reader, in order, and
// nothing again that the record had as acknowledged.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <set>

#include "base/io/system_clock.h"
#include "base/prng.h"
#include "broker/record/verify.h"
#include "tests/cli/program.h"
#include "tests/cli/tablet.h"
#include "tests/durability/access_law.h"
#include "tests/durability/kill_tablet.h"
#include "tests/durability/watched_process.h"
#include "tests/loopback/loopback.h"

namespace entente::durability {
namespace {

using program::Scratch;
using ::testing::IsEmpty;

constexpr std::uint64_t kEvents = 150;  // and as many more as it takes until all killings are done
constexpr std::size_t kPadding = 2000;
constexpr std::uint64_t kOutstanding = 16;   // said and not yet understood
constexpr std::uint64_t kUnheardBurst = 60;  // more than all buffers between the reader and its gateway hold
constexpr std::size_t kReaderIsFull = 1000;
constexpr int kStill = 20;                        // looks without a change: its gateway has written all that it can
constexpr std::string_view kPriorities = "0468";  // CoT's for ROUTINE, PRIORITY, IMMEDIATE, FLASH
constexpr std::chrono::seconds kPatience{30};

constexpr std::string_view kExercise = R"(version: 1
name: kill
duration: 1 min
policy:
  name: EXERCISE
  classifications: [UNCLASSIFIED, RESTRICTED]
nations:
  DEU:
    clearance: RESTRICTED
    label: UNCLASSIFIED
    nodes: {alpha: {protocol: cot, external: true, listen: "127.0.0.1:0"}}
  FRA:
    clearance: RESTRICTED
    label: UNCLASSIFIED
    nodes: {bravo: {protocol: cot, external: true, listen: "127.0.0.1:0"}}
)";

// A gateway of one node, and the tablet on its access link.
struct Side {
  std::string node;
  KillTablet tablet;
  std::uint16_t port = 0;  // 0: it does not listen yet
  std::unique_ptr<WatchedProcess> gateway = {};
};

class GatewayRound {
 public:
  explicit GatewayRound(std::uint64_t seed) : prng_(Prng::Derive(seed, {"gateway kill"})) {
    exercise_ = scratch_.File("kill.yaml", kExercise);
    for (std::uint64_t kill = 0; kill < 2 + prng_.Below(3); ++kill) {
      kills_.push_back({10 + prng_.Below(kEvents - 10), static_cast<Victim>(prng_.Below(4)), prng_.Below(2) == 0});
    }
    std::ranges::sort(kills_, {}, &Killing::at_event);
  }

  void Run() {
    StartBroker();
    StartGateway(sender_);
    StartGateway(reader_);
    until_ = clock_.Read().instant + kPatience;
    while (!Done() && !::testing::Test::HasFailure()) {
      SayWhatIsDue();
      if (!kills_.empty() && KillIsDue()) {
        KillNext();
      } else {
        Listen();
      }
    }
    EXPECT_THAT(outstanding_, IsEmpty()) << "the sender's gateway had them, and was not killed";
    EXPECT_EQ(reader_.gateway->Terminate(), 0);
    EXPECT_EQ(sender_.gateway->Terminate(), 0);
    EXPECT_EQ(broker_->Terminate(), 0);
    EXPECT_THAT(AccessFaults(Record(), sender_.node, reader_.node, reader_.tablet.understood()), IsEmpty());
    const auto verified = record::VerifyLog(Record());
    ASSERT_TRUE(verified) << verified.error().Text();
    EXPECT_TRUE(verified->whole()) << verified->fault->Text();
  }

 private:
  enum class Victim : std::uint8_t { kReader, kSender, kBroker, kReaderAndBroker };
  struct Killing {
    std::uint64_t at_event = 0;
    Victim victim = Victim::kReader;
    bool unheard = false;  // the reader reads nothing for a while before
  };

  [[nodiscard]] std::filesystem::path Record() const { return scratch_.path() / "record"; }

  void StartBroker() {
    listening_ = false;
    broker_ = std::make_unique<WatchedProcess>(
        std::vector<std::string>{ENTENTE_PROGRAM, "broker", exercise_, "--listen", endpoint_, "--record", Record().string()},
        [this](std::string_view line) { listening_ = listening_ || line.starts_with("Broker listening at "); });
    while (!listening_ && broker_->output() >= 0) broker_->Read();
    ASSERT_TRUE(listening_) << "the broker did not start";
  }

  void StartGateway(Side& side) {
    side.port = 0;
    side.gateway = std::make_unique<WatchedProcess>(
        std::vector<std::string>{ENTENTE_PROGRAM, "gateway", exercise_, "--broker", endpoint_, "--node", side.node},
        [&side](std::string_view line) {
          if (line.starts_with(side.node)) side.port = program::PortIn(std::string(line));
        });
    while (side.port == 0 && side.gateway->output() >= 0) side.gateway->Read();
    ASSERT_NE(side.port, 0) << "the gateway did not start";
    side.tablet.Connect(side.port);
    if (&side == &sender_) outstanding_.clear();  // nobody knows what became of them
  }

  void SayWhatIsDue() {
    while ((said_ < kEvents || !kills_.empty()) && outstanding_.size() < (unheard_ ? kUnheardBurst : kOutstanding)) {
      Say(kPriorities[prng_.Below(kPriorities.size())]);
    }
    if (said_ < kEvents || !kills_.empty() || !last_.empty()) return;
    // Behind the last of each precedence nothing is left to come.
    for (const char priority : kPriorities) last_.insert(Say(priority));
  }

  std::uint64_t Say(char priority) {
    const std::uint64_t number = ++said_;
    outstanding_.insert(number);
    EXPECT_TRUE(sender_.tablet.Say(KillTablet::Event(number, priority, kPadding)));
    return number;
  }

  [[nodiscard]] bool Done() const {
    return !last_.empty() && std::ranges::none_of(last_, [this](std::uint64_t number) { return outstanding_.contains(number); });
  }

  // A gateway is not killed before its tablet has heard anything: so each of them attached.
  bool KillIsDue() {
    const Killing& next = kills_.front();
    if (said_ < next.at_event || reader_.tablet.understood().back().empty()) return false;
    if (!next.unheard) return true;
    unheard_ = true;
    if (outstanding_.size() < kUnheardBurst) return false;
    const std::size_t unread = reader_.tablet.unread();
    still_ = unread == unread_ && unread >= kReaderIsFull ? still_ + 1 : 0;
    unread_ = unread;
    return still_ >= kStill;
  }

  void KillNext() {
    const Killing killing = kills_.front();
    kills_.erase(kills_.begin());
    const bool broker = killing.victim == Victim::kBroker || killing.victim == Victim::kReaderAndBroker;
    const bool reader = killing.victim == Victim::kReader || killing.victim == Victim::kReaderAndBroker;
    if (broker) broker_->Kill();
    if (reader) reader_.gateway->Kill();
    if (killing.victim == Victim::kSender) sender_.gateway->Kill();
    if (broker) StartBroker();
    if (reader) {
      while (Hear()) Await(reader_.tablet.descriptor());  // what was on its way
      StartGateway(reader_);
    }
    if (killing.victim == Victim::kSender) StartGateway(sender_);
    unheard_ = false;
    still_ = 0;
    until_ = clock_.Read().instant + kPatience;
  }

  bool Hear() {
    const bool open = reader_.tablet.Hear();
    for (const std::uint64_t number : reader_.tablet.understood().back()) outstanding_.erase(number);
    return open;
  }

  void Listen() {
    if (unheard_) {
      Await(-1);
    } else {
      Await(reader_.tablet.descriptor());
      EXPECT_TRUE(Hear()) << "the reader's gateway ended";
    }
    if (clock_.Read().instant > until_) ADD_FAILURE() << "nothing comes any more: " << outstanding_.size() << " are outstanding";
  }

  static void Await(int descriptor) {
    constexpr int kLookEveryMs = 10;
    pollfd waiting{descriptor, POLLIN, 0};
    poll(&waiting, 1, kLookEveryMs);
  }

  Prng prng_;
  const SystemClock clock_;
  const Scratch scratch_;
  std::string exercise_;
  const std::string endpoint_ = fmt::format("127.0.0.1:{}", loopback::FreePort());
  bool listening_ = false;  // the broker
  std::vector<Killing> kills_;
  std::uint64_t said_ = 0;
  std::set<std::uint64_t> outstanding_;  // of the sender's present gateway
  std::set<std::uint64_t> last_;         // one of each precedence
  bool unheard_ = false;                 // the reader does not read
  std::size_t unread_ = 0;               // when it was looked at last
  int still_ = 0;                        // looks since that changed
  Instant until_{};
  std::unique_ptr<WatchedProcess> broker_;
  Side sender_{"DEU/alpha", KillTablet(KillTablet::Room::kPlenty)};
  Side reader_{"FRA/bravo", KillTablet(KillTablet::Room::kLittle)};
};

void RunRounds(std::uint64_t first, std::uint64_t last) {
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    GatewayRound(seed).Run();
    if (::testing::Test::HasFailure()) return;
  }
}

TEST(GatewayKillTest, TenRoundsLoseNothingRepeatNothingAcknowledgedAndKeepTheOrder) {
  RunRounds(1, 10);
}

// In `make test-long`.
TEST(GatewayKillTest, DISABLED_HundredRoundsLoseNothingRepeatNothingAcknowledgedAndKeepTheOrder) {
  RunRounds(1, 100);
}

}  // namespace
}  // namespace entente::durability
