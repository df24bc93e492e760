// SPDX-License-Identifier: Apache-2.0
#include "harness/nodes/damage_stage.h"

#include <gtest/gtest.h>

#include <deque>

#include "base/digest.h"

namespace entente::harness {
namespace {

// Says what it is given.
class Talker final : public adapter::LinkEnd {
 public:
  void OnConnected(std::string_view, Now) override {}
  void OnReceived(ByteView, Now) override {}
  void OnDisconnected(std::string_view, Now) override {}
  std::optional<adapter::Output> NextOutput(Now) override {
    if (outputs.empty()) return std::nullopt;
    adapter::Output output = outputs.front();
    outputs.pop_front();
    return output;
  }
  [[nodiscard]] std::optional<Instant> NextDeadline() const override { return std::nullopt; }
  void OnDeadline(Now) override {}
  [[nodiscard]] std::string_view wants_close() const override { return {}; }
  void SetWakeUp(std::function<void()>) override {}

  std::deque<adapter::Output> outputs;
};

std::optional<Bytes> Shout(ByteView unit, Prng&) {
  Bytes octets = ToBytes(unit);
  octets.push_back('!');
  return octets;
}
std::optional<Bytes> NeverApplies(ByteView, Prng&) {
  return std::nullopt;
}
const std::array kRules{
    adapter::DamageRule{"talk.shout", adapter::DamageCategory::kRange, "§1", "too loud", adapter::Reaction::kTolerated, Shout},
    adapter::DamageRule{"talk.never", adapter::DamageCategory::kRange, "§2", "never applies", adapter::Reaction::kRefused,
                        NeverApplies},
};
const adapter::AdapterInfo kTalk{
    .name = "talk", .standard = "none", .edition = "1", .transports = {}, .forms = {}, .node_options = {}, .damage_rules = kRules};

class DamageStageTest : public ::testing::Test {
 protected:
  static v1::FaultPlan Fault(double share, std::vector<std::string> rules, v1::Direction direction = v1::DIRECTION_TO_GATEWAY) {
    v1::FaultPlan fault;
    fault.set_id("garbage");
    fault.set_direction(direction);
    fault.mutable_damage()->set_share(share);
    for (auto& rule : rules) fault.mutable_damage()->add_rules(rule);
    return fault;
  }
  // What comes out of `count` units, after the fault started.
  std::vector<std::string> Run(const v1::FaultPlan& fault, int count, std::uint64_t seed = 1) {
    Talker talker;
    events_.clear();
    DamageStage stage(talker, {"DEU/alpha", &kTalk, v1::DIRECTION_TO_GATEWAY, seed},
                      [this](v1::RecordEvent event) { events_.push_back(std::move(event)); });
    EXPECT_TRUE(stage.StartFault(fault));
    std::vector<std::string> out;
    for (int i = 1; i <= count; ++i) {
      talker.outputs.push_back({Share(ToBytes("unit" + std::to_string(i))), static_cast<std::uint64_t>(i)});
      out.push_back(ToText(*stage.NextOutput({})->octets));
    }
    return out;
  }
  std::vector<v1::RecordEvent> events_;
};

TEST_F(DamageStageTest, DamagedUnitIsRecordedBeforeAndAfter) {
  EXPECT_EQ(Run(Fault(1, {"talk.shout"}), 1), std::vector<std::string>{"unit1!"});
  ASSERT_EQ(events_.size(), 1U);
  const v1::UnitDamaged& damaged = events_[0].unit_damaged();
  EXPECT_EQ(damaged.rule(), "talk.shout");
  EXPECT_EQ(damaged.clause(), "§1");
  EXPECT_EQ(damaged.expected(), "tolerated");
  EXPECT_EQ(damaged.fault(), "garbage");
  EXPECT_EQ(damaged.unit_hash(), UnitHash(AsBytes("unit1")));
  EXPECT_EQ(damaged.damaged_hash(), UnitHash(AsBytes("unit1!")));
  EXPECT_EQ(damaged.octets(), "unit1!");
}

TEST_F(DamageStageTest, AShareOfTheUnitsIsDamagedAndTheSeedDecidesWhich) {
  const auto first = Run(Fault(0.3, {"talk.shout"}), 1000);
  EXPECT_NEAR(static_cast<double>(events_.size()), 300, 60);
  EXPECT_EQ(Run(Fault(0.3, {"talk.shout"}), 1000), first);
  EXPECT_NE(Run(Fault(0.3, {"talk.shout"}, v1::DIRECTION_UNSPECIFIED), 1000, 2), first);
}

TEST_F(DamageStageTest, RuleThatDoesNotApplyGivesWayToAnother) {
  Run(Fault(1, {"talk.never", "talk.shout"}), 50);
  EXPECT_EQ(events_.size(), 50U);
  EXPECT_EQ(Run(Fault(1, {"talk.never"}), 1), std::vector<std::string>{"unit1"});
  EXPECT_TRUE(events_.empty());
}

TEST_F(DamageStageTest, MutationKnowsNoRule) {
  EXPECT_NE(Run(Fault(1, {"mutation"}), 1), std::vector<std::string>{"unit1"});
  ASSERT_EQ(events_.size(), 1U);
  EXPECT_EQ(events_[0].unit_damaged().rule(), "mutation");
}

TEST_F(DamageStageTest, TheSessionsOwnUnitsPass) {
  Talker talker;
  DamageStage stage(talker, {"DEU/alpha", &kTalk, v1::DIRECTION_TO_GATEWAY, 1}, [](v1::RecordEvent) { FAIL(); });
  ASSERT_TRUE(stage.StartFault(Fault(1, {"talk.shout"})));
  talker.outputs.push_back({Share(ToBytes("ping")), 0});
  EXPECT_EQ(ToText(*stage.NextOutput({})->octets), "ping");
}

TEST_F(DamageStageTest, EndsAndSaysWhetherItActed) {
  Talker talker;
  DamageStage stage(talker, {"DEU/alpha", &kTalk, v1::DIRECTION_TO_GATEWAY, 1}, [](v1::RecordEvent) { FAIL(); });
  ASSERT_TRUE(stage.StartFault(Fault(1, {"talk.shout"})));
  EXPECT_TRUE(stage.EndFault("garbage"));
  EXPECT_FALSE(stage.EndFault("garbage"));
  talker.outputs.push_back({Share(ToBytes("unit")), 1});
  EXPECT_EQ(ToText(*stage.NextOutput({})->octets), "unit");
}

TEST_F(DamageStageTest, FaultOfTheOtherDirectionIsNoConcern) {
  EXPECT_EQ(Run(Fault(1, {"talk.shout"}, v1::DIRECTION_TO_NODE), 1), std::vector<std::string>{"unit1"});
}

TEST_F(DamageStageTest, ChunksOfARecordingAreDamagedAndWhatIsSaidToItIsNot) {
  Talker talker;
  std::vector<v1::RecordEvent> events;
  DamageStage stage(talker, {.node = "DEU/log", .adapter = &kTalk, .seed = 1, .of_recording = true},
                    [&](v1::RecordEvent event) { events.push_back(std::move(event)); });
  EXPECT_EQ(stage.Replace(AsBytes("before"), {}), std::nullopt);
  ASSERT_TRUE(stage.StartFault(Fault(1, {"talk.shout"})));
  EXPECT_EQ(stage.Replace(AsBytes("chunk"), {}), ToBytes("chunk!"));
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].unit_damaged().direction(), v1::DIRECTION_TO_GATEWAY);
  talker.outputs.push_back({Share(ToBytes("answer")), 1});
  EXPECT_EQ(ToText(*stage.NextOutput({})->octets), "answer");
}

TEST_F(DamageStageTest, UnknownRuleIsRefusedByName) {
  Talker talker;
  DamageStage stage(talker, {"DEU/alpha", &kTalk, v1::DIRECTION_TO_GATEWAY, 1}, [](v1::RecordEvent) {});
  const Status started = stage.StartFault(Fault(1, {"talk.whisper"}));
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().what, "talk has no damage rule \"talk.whisper\"");
}

}  // namespace
}  // namespace entente::harness
