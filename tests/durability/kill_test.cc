// SPDX-License-Identifier: Apache-2.0
// A real `entente broker` and nodes in processes of their own under a seeded load; broker, nodes or both are killed (-9) at seeded
// moments and started again. Whatever was promised to anybody is checked from the outside.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include "base/io/system_clock.h"
#include "base/prng.h"
#include "broker/record/verify.h"
#include "tests/cli/program.h"
#include "tests/durability/watched_process.h"
#include "tests/durability/witness.h"

namespace entente::durability {
namespace {

using program::Scratch;
using ::testing::IsEmpty;

constexpr std::size_t kMessagesPerNode = 60;
constexpr int kPatienceMs = 30'000;

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
    nodes: {brigade: {protocol: cot, external: true, listen: "127.0.0.1:0"}}
  FRA:
    clearance: RESTRICTED
    label: UNCLASSIFIED
    nodes: {hq: {protocol: cot, external: true, listen: "127.0.0.1:0"}}
  NOR:
    clearance: RESTRICTED
    label: UNCLASSIFIED
    nodes: {post: {protocol: cot, external: true, listen: "127.0.0.1:0"}}
)";

// One exercise with its killings.
class Round {
 public:
  explicit Round(std::uint64_t seed) : seed_(seed), prng_(Prng::Derive(seed, {"kill"})) {
    exercise_ = scratch_.File("kill.yaml", kExercise);
    const std::size_t lines = 3 * kMessagesPerNode * 3;  // a receipt and two deliveries for each message
    for (std::uint64_t kill = 0; kill < 2 + prng_.Below(4); ++kill) kill_at_.push_back(lines / 20 + prng_.Below(lines * 17 / 20));
    std::ranges::sort(kill_at_);
  }

  void Run() {
    StartBroker();
    JoinAll();
    while (!witness_.Settled() || next_kill_ < kill_at_.size()) {
      if (!Listen()) break;
      if (next_kill_ < kill_at_.size() && (witness_.lines() >= kill_at_[next_kill_] || witness_.Settled())) KillSomebody();
    }
    for (auto& [name, node] : nodes_) node->Kill();
    const int code = broker_->Terminate();
    EXPECT_EQ(code, 0) << "the broker's exit code";
    EXPECT_THAT(witness_.Faults(Record()), IsEmpty());
    const auto verified = record::VerifyLog(Record());
    ASSERT_TRUE(verified) << verified.error().Text();
    EXPECT_TRUE(verified->whole()) << verified->fault->Text();
  }

 private:
  [[nodiscard]] std::filesystem::path Record() const { return scratch_.path() / "record"; }

  void StartBroker() {
    broker_ = std::make_unique<WatchedProcess>(
        std::vector<std::string>{ENTENTE_PROGRAM, "broker", exercise_, "--listen", endpoint_, "--record", Record().string()},
        [this](std::string_view line) {
          constexpr std::string_view kListening = "Broker listening at ";
          if (line.starts_with(kListening)) endpoint_ = line.substr(kListening.size());
          listening_ = listening_ || line.starts_with(kListening);
        });
    listening_ = false;
    while (!listening_ && broker_->output() >= 0) broker_->Read();
    ASSERT_TRUE(listening_) << "the broker did not start";
  }

  // Each node attaches, so that what the others publish is for it from the first message on, and is started again with its load.
  void JoinAll() {
    constexpr std::array kNodes = {"DEU/brigade", "FRA/hq", "NOR/post"};
    for (const char* name : kNodes) StartNode(name, 0);
    while (!witness_.Settled()) ASSERT_TRUE(Listen());
    for (const char* name : kNodes) {
      nodes_[name]->Kill();
      StartNode(name, kMessagesPerNode);
    }
  }

  void StartNode(const std::string& name, std::size_t messages) {
    const bool keeps_cursors = name != "FRA/hq";  // that one begins with nothing, as a gateway does
    const std::uint64_t incarnation = ++incarnations_[name];
    std::string cursors = "-";
    if (incarnation > 1 && keeps_cursors) cursors = CursorsOf(witness_.Of(name));
    witness_.Begin(name, incarnation, keeps_cursors && incarnation > 1);
    nodes_[name] =
        std::make_unique<WatchedProcess>(std::vector<std::string>{ENTENTE_KILL_NODE, endpoint_, name, std::to_string(incarnation),
                                                                  std::to_string(messages), std::to_string(seed_), cursors},
                                         [this, name](std::string_view line) { witness_.Note(name, line); });
  }

  static std::string CursorsOf(const Witness::Node& node) {
    std::string text;
    for (const auto& [precedence, number] : node.cursors)
      text += fmt::format("{}{}:{}", text.empty() ? "" : ",", precedence, number);
    return text.empty() ? "-" : text;
  }

  // False when nobody said anything for so long that nobody will.
  bool Listen() {
    std::vector<pollfd> waiting;
    std::vector<WatchedProcess*> processes;
    const auto add = [&](WatchedProcess* process) {
      waiting.push_back({process->output(), POLLIN, 0});
      processes.push_back(process);
    };
    add(broker_.get());
    for (auto& [name, node] : nodes_) add(node.get());
    if (poll(waiting.data(), waiting.size(), kPatienceMs) <= 0) return false;
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if (waiting[i].revents != 0) processes[i]->Read();
    }
    return std::ranges::all_of(processes, [](const WatchedProcess* process) { return process->output() >= 0; });
  }

  // The broker, a node, or the broker and some nodes.
  void KillSomebody() {
    ++next_kill_;
    const std::uint64_t whom = prng_.Below(3);
    if (whom != 1) broker_->Kill();
    std::vector<std::string> victims;
    for (const auto& [name, node] : nodes_) {
      if ((whom == 1 && victims.empty() && prng_.Below(2) == 0) || (whom == 2 && prng_.Below(2) == 0)) victims.push_back(name);
    }
    for (const std::string& name : victims) nodes_[name]->Kill();
    if (whom != 1) StartBroker();
    for (const std::string& name : victims) {
      const std::size_t receipts = witness_.Of(name).receipts;
      StartNode(name, kMessagesPerNode - std::min(receipts, kMessagesPerNode));
    }
  }

  const std::uint64_t seed_;
  Prng prng_;
  const Scratch scratch_;
  std::string exercise_;
  std::string endpoint_ = "127.0.0.1:0";
  bool listening_ = false;
  std::vector<std::size_t> kill_at_;
  std::size_t next_kill_ = 0;
  Witness witness_;
  std::map<std::string, std::uint64_t> incarnations_;
  std::unique_ptr<WatchedProcess> broker_;
  std::map<std::string, std::unique_ptr<WatchedProcess>> nodes_;
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
