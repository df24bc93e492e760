// SPDX-License-Identifier: Apache-2.0
// Three `entente broker` processes that share a record on three real nats-servers, and nodes in processes of their own under a
// seeded load. At seeded moments a broker, a server or a node is killed (-9) and started again; never two servers at once. Whatever
// was promised to anybody is checked from the outside, against the record as `entente pull` copies it.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "base/io/system_clock.h"
#include "base/prng.h"
#include "broker/record/jetstream/test_nats_servers.h"
#include "broker/record/verify.h"
#include "tests/cli/program.h"
#include "tests/durability/node_load.h"
#include "tests/durability/stream_watch.h"
#include "tests/loopback/loopback.h"

namespace entente::durability {
namespace {

using program::Scratch;
using record::NatsServers;
using ::testing::IsEmpty;

constexpr std::size_t kBrokers = 3;

// One exercise with its killings, on a stream of its own.
class SharedRound {
 public:
  SharedRound(NatsServers& servers, std::uint64_t seed)
      : servers_(servers),
        stream_(fmt::format("kill-{}", seed)),
        prng_(Prng::Derive(seed, {"shared kill"})),
        load_(seed, [this](std::size_t node) { return EndpointsOf(node); }) {
    const std::string bus =
        fmt::format("bus: {{jetstream: {{servers: [{}], stream: {}, replicas: 3}}}}", fmt::join(servers.urls(), ", "), stream_);
    exercise_ = scratch_.File("kill.yaml", NodeLoad::Exercise(bus));
    PlanKills();
  }

  void Run() {
    for (std::size_t i = 0; i < kBrokers; ++i) StartBroker(i);
    ASSERT_TRUE(AwaitBrokers());
    watch_.emplace(servers_.urls(), stream_);
    ASSERT_TRUE(load_.Join(Processes()));
    const Witness& witness = load_.witness();
    while (!witness.Settled() || !kills_.empty()) {
      if (!kills_.empty() && (witness.lines() >= kills_.front().at_line || witness.Settled())) {
        if (!KillNext()) break;
      } else if (!load_.Listen(Processes())) {
        break;
      }
    }
    EXPECT_TRUE(AwaitBrokers());
    load_.KillAll();
    for (Broker& broker : brokers_) EXPECT_EQ(broker.process->Terminate(), 0) << "a broker's exit code";
    Check();
  }

 private:
  struct Broker {
    const std::string endpoint = fmt::format("127.0.0.1:{}", loopback::FreePort());
    bool listening = false;
    std::unique_ptr<WatchedProcess> process;
  };
  enum class Victim : std::uint8_t { kBroker, kServer, kNode };
  struct Killing {
    std::size_t at_line = 0;
    Victim victim = Victim::kNode;
    std::size_t which = 0;  // of three
    bool leader = false;    // of a server: the one that leads the stream
  };

  // One of each kind at least, in any order.
  void PlanKills() {
    std::vector<Victim> victims = {Victim::kBroker, Victim::kServer, Victim::kNode};
    for (std::uint64_t more = prng_.Below(3); more > 0; --more) victims.push_back(static_cast<Victim>(prng_.Below(3)));
    for (const Victim victim : victims) {
      kills_.push_back({NodeLoad::kLines / 20 + static_cast<std::size_t>(prng_.Below(NodeLoad::kLines * 17 / 20)), victim,
                        static_cast<std::size_t>(prng_.Below(3)), prng_.Below(2) == 0});
    }
    std::ranges::sort(kills_, {}, &Killing::at_line);
  }

  // Each node has a broker of its own to begin with, and the others behind it.
  [[nodiscard]] std::string EndpointsOf(std::size_t node) const {
    std::vector<std::string> endpoints;
    for (std::size_t i = 0; i < kBrokers; ++i) endpoints.push_back(brokers_[(node + i) % kBrokers].endpoint);
    return fmt::format("{}", fmt::join(endpoints, ","));
  }

  [[nodiscard]] std::vector<WatchedProcess*> Processes() const {
    std::vector<WatchedProcess*> processes;
    for (const Broker& broker : brokers_) processes.push_back(broker.process.get());
    return processes;
  }

  void StartBroker(std::size_t index) {
    Broker& broker = brokers_[index];
    broker.listening = false;
    broker.process = std::make_unique<WatchedProcess>(
        std::vector<std::string>{ENTENTE_PROGRAM, "broker", exercise_, "--name", fmt::format("broker-{}", index + 1), "--listen",
                                 broker.endpoint},
        [&broker](std::string_view line) { broker.listening = broker.listening || line.starts_with("Broker listening at "); });
  }

  bool AwaitBrokers() {
    while (!std::ranges::all_of(brokers_, &Broker::listening)) {
      if (!load_.Listen(Processes())) return false;
    }
    return true;
  }

  // False: the servers do not find to each other any more.
  bool KillNext() {
    const Killing killing = kills_.front();
    if (killing.victim == Victim::kServer && !KillServer(killing)) return false;
    if (killing.victim == Victim::kBroker) {
      brokers_[killing.which].process->Kill();
      StartBroker(killing.which);
    }
    if (killing.victim == Victim::kNode) {
      load_.Kill(NodeLoad::kNodes[killing.which]);
      load_.StartAgain(NodeLoad::kNodes[killing.which]);
    }
    kills_.erase(kills_.begin());
    return true;
  }

  // Once every server has everything: a majority would be gone otherwise.
  bool KillServer(const Killing& killing) {
    constexpr std::chrono::milliseconds kLookAgain{20};
    const SystemClock clock;
    const Instant until = clock.Read().instant + NodeLoad::kPatience;
    StreamWatch::Standing standing = watch_->Look();
    for (; !standing.whole; standing = watch_->Look()) {
      if (clock.Read().instant > until) return false;
      load_.Listen(Processes(), kLookAgain);
    }
    const int server = killing.leader ? servers_.Named(standing.leader) : static_cast<int>(killing.which);
    servers_.Kill(server);
    servers_.Start(server);
    return true;
  }

  void Check() {
    const program::Outcome pulled = program::RunEntente(scratch_, {"pull", exercise_});
    ASSERT_EQ(pulled.exit_code, 0) << pulled.err;
    constexpr std::string_view kIn = ", every chain whole, in ";
    const std::size_t in = pulled.out.find(kIn);
    ASSERT_NE(in, std::string::npos) << pulled.out;
    const std::size_t path = in + kIn.size();
    const auto record = scratch_.path() / pulled.out.substr(path, pulled.out.find('\n', path) - path) / "record";
    EXPECT_THAT(load_.witness().Faults(record, Witness::Repeats::kCountOnce), IsEmpty());
    const auto verified = record::VerifyLog(record);
    ASSERT_TRUE(verified) << verified.error().Text();
    EXPECT_TRUE(verified->whole()) << verified->fault->Text();
  }

  NatsServers& servers_;
  const std::string stream_;
  Prng prng_;
  const Scratch scratch_;
  std::string exercise_;
  std::vector<Killing> kills_;
  std::optional<StreamWatch> watch_;
  std::array<Broker, kBrokers> brokers_;
  NodeLoad load_;
};

class SharedKillTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::string_view(ENTENTE_NATS_SERVER).empty()) GTEST_SKIP() << "nats-server is not installed";
  }

  static void RunRounds(std::uint64_t first, std::uint64_t last) {
    NatsServers servers({.program = ENTENTE_NATS_SERVER, .count = 3});
    for (std::uint64_t seed = first; seed <= last; ++seed) {
      SCOPED_TRACE(fmt::format("seed {}", seed));
      SharedRound(servers, seed).Run();
      if (HasFailure()) return;
    }
  }
};

TEST_F(SharedKillTest, ThreeRoundsLoseNothingRepeatNothingAndKeepTheOrder) {
  RunRounds(1, 3);
}

// In `make test-long`.
TEST_F(SharedKillTest, DISABLED_ThirtyRoundsLoseNothingRepeatNothingAndKeepTheOrder) {
  RunRounds(1, 30);
}

}  // namespace
}  // namespace entente::durability
