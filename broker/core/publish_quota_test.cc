// SPDX-License-Identifier: Apache-2.0
#include "broker/core/publish_quota.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace entente::broker {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

v1::StreamLimits Limits(std::uint64_t messages, std::uint64_t octets, std::uint32_t streams = 0) {
  v1::StreamLimits limits;
  limits.set_messages_per_s(messages);
  limits.set_octets_per_s(octets);
  limits.set_streams(streams);
  return limits;
}

v1::ExercisePolicy PolicyWith(const v1::StreamLimits& of_deu) {
  v1::ExercisePolicy policy;
  policy.add_nations()->set_nation("DEU");
  *policy.mutable_nations(0)->mutable_limits() = of_deu;
  policy.add_nations()->set_nation("FRA");
  return policy;
}

TEST(PublishQuotaTest, WhoKeepsToTheRateIsNotPaused) {
  PublishQuota quota(Limits(100, 0), {});
  quota.Attached("DEU/brigade");
  Instant now = Instant{} + seconds(1000);
  for (int i = 0; i < 1000; ++i) {
    quota.Published("DEU/brigade", 10, 1'000'000, now);
    EXPECT_EQ(quota.Pause("DEU/brigade", now), Duration::zero()) << i;
    now += milliseconds(100);
  }
}

TEST(PublishQuotaTest, WhoIsOverTheRatePausesUntilItIsNot) {
  PublishQuota quota(Limits(100, 0), {});
  quota.Attached("DEU/brigade");
  Instant now = Instant{} + seconds(1000);
  quota.Published("DEU/brigade", 350, 0, now);
  EXPECT_EQ(quota.Pause("DEU/brigade", now), milliseconds(2500));
  now += milliseconds(2500);
  EXPECT_EQ(quota.Pause("DEU/brigade", now), Duration::zero());
}

TEST(PublishQuotaTest, OctetsCountAsWellAsMessages) {
  PublishQuota quota(Limits(0, 1000), {});
  quota.Attached("DEU/brigade");
  const Instant now = Instant{} + seconds(1000);
  quota.Published("DEU/brigade", 1, 3000, now);
  EXPECT_EQ(quota.Pause("DEU/brigade", now), seconds(2));
}

TEST(PublishQuotaTest, NodesOfANationShareItsRateAndNoOtherNationWaits) {
  PublishQuota quota({}, PolicyWith(Limits(100, 0)));
  for (const char* node : {"DEU/a", "DEU/b", "FRA/hq"}) quota.Attached(node);
  const Instant now = Instant{} + seconds(1000);
  quota.Published("DEU/a", 100, 0, now);
  EXPECT_EQ(quota.Pause("DEU/b", now), Duration::zero());
  quota.Published("DEU/b", 100, 0, now);
  EXPECT_EQ(quota.Pause("DEU/a", now), seconds(1));
  EXPECT_EQ(quota.Pause("DEU/b", now), seconds(1));
  quota.Published("FRA/hq", 1'000'000, 1'000'000, now);
  EXPECT_EQ(quota.Pause("FRA/hq", now), Duration::zero());
}

TEST(PublishQuotaTest, ComingBackDoesNotClearTheDebtOfTheNation) {
  PublishQuota quota({}, PolicyWith(Limits(100, 0)));
  quota.Attached("DEU/a");
  const Instant now = Instant{} + seconds(1000);
  quota.Published("DEU/a", 300, 0, now);
  quota.Detached("DEU/a");
  quota.Attached("DEU/a");
  EXPECT_EQ(quota.Pause("DEU/a", now), seconds(2));
}

TEST(PublishQuotaTest, ANationHasItsNumberOfStreams) {
  PublishQuota quota({}, PolicyWith(Limits(0, 0, 2)));
  quota.Attached("DEU/a");
  quota.Attached("DEU/b");
  const Status third = quota.MayAttach("DEU/c", false);
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, ErrorCode::kExhausted);
  EXPECT_THAT(third.error().Text(), HasSubstr("2 nodes of this nation are attached"));
  EXPECT_TRUE(quota.MayAttach("DEU/b", true)) << "a newer stream of the same node";
  EXPECT_TRUE(quota.MayAttach("FRA/hq", false));
  quota.Attached("DEU/b");
  quota.Detached("DEU/b");
  EXPECT_TRUE(quota.MayAttach("DEU/c", false));
}

TEST(PublishQuotaTest, WhatIsOutstandingIsBoundedForTheStreamAndForTheNation) {
  v1::StreamLimits own;
  own.set_outstanding_octets(100);
  v1::StreamLimits of_deu;
  of_deu.set_outstanding_octets(150);
  PublishQuota quota(own, PolicyWith(of_deu));
  for (const char* node : {"DEU/a", "DEU/b", "FRA/hq"}) quota.Attached(node);
  std::map<std::string, std::size_t, std::less<>> octets{{"DEU/a", 99}, {"DEU/b", 50}, {"FRA/hq", 99}};
  const auto has_room = [&](std::string_view node) {
    return quota.HasRoom(node, [&](std::string_view each) { return octets.find(each)->second; });
  };
  EXPECT_TRUE(has_room("DEU/a"));
  octets["DEU/b"] = 51;
  EXPECT_FALSE(has_room("DEU/a"));
  EXPECT_FALSE(has_room("DEU/b"));
  EXPECT_TRUE(has_room("FRA/hq"));
  octets["FRA/hq"] = 100;
  EXPECT_FALSE(has_room("FRA/hq"));
}

}  // namespace
}  // namespace entente::broker
