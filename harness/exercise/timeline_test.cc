// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/timeline.h"

#include <gtest/gtest.h>

namespace entente::harness {
namespace {

using namespace std::chrono_literals;

class TimelineTest : public ::testing::Test {
 protected:
  TimelineTest() { exercise_.set_duration_ns(Duration(30s).count()); }
  void AddInject(const std::string& id, Duration at) {
    auto* inject = exercise_.add_injects();
    inject->set_id(id);
    inject->set_at_ns(at.count());
  }
  v1::FaultPlan* AddFault(const std::string& id, Duration at, Duration lease) {
    auto* fault = exercise_.add_faults();
    fault->set_id(id);
    fault->set_at_ns(at.count());
    fault->set_lease_ns(lease.count());
    return fault;
  }
  static std::vector<std::string> Names(const std::vector<TimelineItem>& items) {
    std::vector<std::string> names;
    for (const TimelineItem& item : items) {
      if (item.inject != nullptr) names.push_back(item.inject->id());
      if (item.fault != nullptr) names.push_back((item.kind == TimelineKind::kFaultStart ? "+" : "-") + item.fault->id());
    }
    return names;
  }
  v1::Exercise exercise_;
};

TEST_F(TimelineTest, EachItemIsDueOnceInOrder) {
  AddInject("late", 8s);
  AddInject("early", 2s);
  AddFault("cut", 3s, 4s);
  Timeline timeline(exercise_);
  EXPECT_EQ(timeline.NextDue(), 2s);
  EXPECT_EQ(Names(timeline.TakeDue(7s)), (std::vector<std::string>{"early", "+cut", "-cut"}));
  EXPECT_EQ(timeline.NextDue(), 8s);
  EXPECT_TRUE(timeline.TakeDue(7s).empty());
  EXPECT_EQ(Names(timeline.TakeDue(8s)), (std::vector<std::string>{"late"}));
  EXPECT_FALSE(timeline.NextDue());
}

TEST_F(TimelineTest, AtOneMomentFaultsEndThenStartThenInjectsCome) {
  AddInject("inject", 5s);
  AddFault("second", 5s, 1s);
  AddFault("first", 1s, 4s);
  EXPECT_EQ(Names(Timeline(exercise_).items()), (std::vector<std::string>{"+first", "-first", "+second", "inject", "-second"}));
}

TEST_F(TimelineTest, AShortenedRunStillEndsEveryFaultItStarts) {
  AddFault("cut", 3s, 4s);
  AddFault("never", 6s, 1s);
  AddInject("never", 6s);
  exercise_.set_duration_ns(Duration(5s).count());
  const Timeline timeline(exercise_);
  ASSERT_EQ(Names(timeline.items()), (std::vector<std::string>{"+cut", "-cut"}));
  EXPECT_EQ(timeline.items().back().at, 5s);
}

TEST_F(TimelineTest, SaysWhatAFaultDoes) {
  auto* conditions = AddFault("slow", 1s, 1s)->mutable_conditions();
  conditions->set_latency_ns(Duration(250ms).count());
  conditions->set_loss(0.05);
  EXPECT_EQ(FaultKindName(exercise_.faults(0)), "conditions");
  EXPECT_EQ(FaultParameters(exercise_.faults(0)), "latency 250 ms, loss 5 %");
  auto* damage = AddFault("bad", 1s, 1s)->mutable_damage();
  damage->set_share(0.3);
  EXPECT_EQ(FaultParameters(exercise_.faults(1)), "all rules, 30 % of units");
  AddFault("cut", 1s, 1s)->mutable_outage()->set_refuse(true);
  EXPECT_EQ(FaultKindName(exercise_.faults(2)), "outage");
  EXPECT_EQ(FaultParameters(exercise_.faults(2)), "refuse");
}

}  // namespace
}  // namespace entente::harness
