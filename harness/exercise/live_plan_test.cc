// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/live_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace entente::harness {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kSecond = 1'000'000'000;

v1::Exercise OneNodeFor100s() {
  v1::Exercise exercise;
  exercise.set_duration_ns(100 * kSecond);
  exercise.mutable_policy()->set_name("EXERCISE");
  exercise.mutable_policy()->add_classifications("UNCLASSIFIED");
  v1::NodePlan& node = *exercise.add_nodes();
  node.set_node("DEU/brigade");
  node.set_protocol("test");
  return exercise;
}

v1::FaultPlan Outage() {
  auto fault = ReadLiveFault("{node: DEU/brigade, for: 30 s, outage: refuse}", "the fault");
  EXPECT_TRUE(fault) << fault.error().Text();
  fault->set_id("live-1");
  return *fault;
}

TEST(LivePlan, AFaultIsReadAsInTheExerciseFileButForItsTime) {
  const v1::FaultPlan fault = Outage();
  EXPECT_EQ(fault.node(), "DEU/brigade");
  EXPECT_EQ(fault.lease_ns(), 30 * kSecond);
  EXPECT_TRUE(fault.outage().refuse());
  EXPECT_EQ(fault.at_ns(), 0);
}

TEST(LivePlan, AWrongTextSaysWhereAndWhatIsWanted) {
  const auto typo = ReadLiveFault("node: DEU/brigade\nfor: 30 s\noutgae: refuse\n", "the fault");
  ASSERT_FALSE(typo);
  EXPECT_THAT(typo.error().Text(), HasSubstr("the fault:3:1"));
  EXPECT_THAT(typo.error().Text(), HasSubstr("outage"));
  EXPECT_FALSE(ReadLiveFault("{node: DEU/brigade, outage: refuse}", "the fault")) << "no lease";
  EXPECT_FALSE(ReadLiveFault("{node: [", "the fault"));
}

TEST(LivePlan, AnInjectIsReadAndGetsTheExercisesPolicy) {
  auto inject = ReadLiveInject("{node: DEU/brigade, chat: Moving now, label: UNCLASSIFIED}", "the inject");
  ASSERT_TRUE(inject) << inject.error().Text();
  inject->set_id("live-1");
  ASSERT_TRUE(CheckLiveInject(OneNodeFor100s(), *inject));
  EXPECT_EQ(inject->label().policy(), "EXERCISE");
  EXPECT_EQ(inject->text(), "Moving now");
}

TEST(LivePlan, AFaultMustFitTheExercise) {
  const v1::Exercise exercise = OneNodeFor100s();
  const auto why_not = [&](const v1::FaultPlan& fault) {
    const Status fits = CheckLiveFault(exercise, fault, {});
    return fits ? std::string("fits") : fits.error().Text();
  };
  EXPECT_EQ(why_not(Outage()), "fits");

  v1::FaultPlan elsewhere = Outage();
  elsewhere.set_node("DEU/brigada");
  EXPECT_THAT(why_not(elsewhere), HasSubstr("did you mean \"DEU/brigade\"?"));
  v1::FaultPlan endless = Outage();
  endless.set_lease_ns(std::numeric_limits<std::int64_t>::max());
  EXPECT_THAT(why_not(endless), HasSubstr("lease"));
  v1::FaultPlan no_lease = Outage();
  no_lease.set_lease_ns(0);
  EXPECT_THAT(why_not(no_lease), HasSubstr("every fault has a lease"));
  v1::FaultPlan late = Outage();
  late.set_at_ns(90 * kSecond);
  EXPECT_THAT(why_not(late), HasSubstr("would outlast ENDEX by 20 s"));
  v1::FaultPlan nothing = Outage();
  nothing.clear_outage();
  EXPECT_THAT(why_not(nothing), HasSubstr("what goes wrong"));
  v1::FaultPlan no_number = Outage();
  no_number.mutable_damage()->set_share(std::numeric_limits<double>::quiet_NaN());
  EXPECT_THAT(why_not(no_number), HasSubstr("between 0 and 1"));
  v1::FaultPlan odd_name = Outage();
  odd_name.set_id("a name\nwith lines");
  EXPECT_THAT(why_not(odd_name), HasSubstr("a-z"));
}

TEST(LivePlan, EveryKindOfFaultIsListedWithItsSettings) {
  std::vector<std::string> names;
  for (const v1::FaultKind& kind : FaultKinds()) {
    names.push_back(kind.name());
    EXPECT_FALSE(kind.summary().empty()) << kind.name();
    for (const v1::FaultSetting& setting : kind.settings()) EXPECT_FALSE(setting.wanted().empty()) << setting.name();
  }
  EXPECT_THAT(names, testing::IsSupersetOf({"outage", "conditions", "damage", "burst-loss"}));
}

}  // namespace
}  // namespace entente::harness
