// SPDX-License-Identifier: Apache-2.0
// A real `entente broker` and nodes in processes of their own under a seeded load; broker, nodes or both are killed (-9) at seeded
// moments and started again. Whatever was promised to anybody is checked from the outside.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/prng.h"
#include "broker/record/verify.h"
#include "tests/cli/program.h"
#include "tests/durability/growth_watch.h"
#include "tests/durability/node_load.h"
#include "tests/loopback/loopback.h"

namespace entente::durability {
namespace {

using program::Scratch;
using ::testing::IsEmpty;

// One exercise with its killings.
class Round {
 public:
  explicit Round(std::uint64_t seed) : prng_(Prng::Derive(seed, {"kill"})), load_(seed, [this](std::size_t) { return endpoint_; }) {
    exercise_ = scratch_.File("kill.yaml", NodeLoad::Exercise(""));
    for (std::uint64_t kill = 0; kill < 2 + prng_.Below(4); ++kill) {
      kill_at_.push_back(NodeLoad::kLines / 20 + prng_.Below(NodeLoad::kLines * 17 / 20));
    }
    std::ranges::sort(kill_at_);
  }

  void Run() {
    StartBroker();
    ASSERT_TRUE(load_.Join({broker_.get()}));
    const Witness& witness = load_.witness();
    while (!witness.Settled() || next_kill_ < kill_at_.size()) {
      if (!load_.Listen({broker_.get()})) break;
      if (next_kill_ < kill_at_.size() && (witness.lines() >= kill_at_[next_kill_] || witness.Settled())) KillSomebody();
    }
    load_.KillAll();
    EXPECT_EQ(broker_->Terminate(), 0) << "the broker's exit code";
    EXPECT_THAT(witness.Faults(Record()), IsEmpty());
    const auto verified = record::VerifyLog(Record());
    ASSERT_TRUE(verified) << verified.error().Text();
    EXPECT_TRUE(verified->whole()) << verified->fault->Text();
  }

 private:
  [[nodiscard]] std::filesystem::path Record() const { return scratch_.path() / "record"; }

  void StartBroker() {
    listening_ = false;
    broker_ = std::make_unique<WatchedProcess>(
        std::vector<std::string>{ENTENTE_PROGRAM, "broker", exercise_, "--listen", endpoint_, "--record", Record().string()},
        [this](std::string_view line) { listening_ = listening_ || line.starts_with("Broker listening at "); });
    while (!listening_ && broker_->output() >= 0) broker_->Read();
    ASSERT_TRUE(listening_) << "the broker did not start";
  }

  // Mostly between a message's record and its receipt, where it is easiest to be wrong.
  void KillBroker() {
    constexpr std::chrono::milliseconds kWhileTheLoadLasts{20};
    if (prng_.Below(4) != 0) GrowthWatch(Record()).AwaitWriting(kWhileTheLoadLasts);
    broker_->Kill();
  }

  // The broker, a node, or the broker and some nodes.
  void KillSomebody() {
    ++next_kill_;
    const std::uint64_t whom = prng_.Below(3);
    if (whom != 1) KillBroker();
    std::vector<std::string> victims;
    for (const char* node : NodeLoad::kNodes) {
      if ((whom == 1 && victims.empty() && prng_.Below(2) == 0) || (whom == 2 && prng_.Below(2) == 0)) victims.emplace_back(node);
    }
    for (const std::string& node : victims) load_.Kill(node);
    if (whom != 1) StartBroker();
    for (const std::string& node : victims) load_.StartAgain(node);
  }

  Prng prng_;
  const Scratch scratch_;
  std::string exercise_;
  const std::string endpoint_ = fmt::format("127.0.0.1:{}", loopback::FreePort());
  bool listening_ = false;
  std::vector<std::size_t> kill_at_;
  std::size_t next_kill_ = 0;
  std::unique_ptr<WatchedProcess> broker_;
  NodeLoad load_;
};

void RunRounds(std::uint64_t first, std::uint64_t last) {
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Round(seed).Run();
    if (::testing::Test::HasFailure()) return;
  }
}

TEST(KillTest, TenRoundsLoseNothingRepeatNothingAndKeepTheOrder) {
  RunRounds(1, 10);
}

// In `make test-long`.
TEST(KillTest, DISABLED_HundredRoundsLoseNothingRepeatNothingAndKeepTheOrder) {
  RunRounds(1, 100);
}

}  // namespace
}  // namespace entente::durability
