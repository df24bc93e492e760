// SPDX-License-Identifier: Apache-2.0
#include "broker/service/admission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace entente::broker {
namespace {

using ::testing::HasSubstr;

const StreamPeer kPeer{.identity = {"DEU/gateway", v1::ROLE_NODE, {}}, .address = "ipv4:127.0.0.1:4"};

class AdmissionTest : public ::testing::Test {
 protected:
  bool Attach(const std::string& node) {
    if (!admission_.MayAttach(node, clock_.Read().instant)) return false;
    admission_.Attached(node, clock_.Read().instant);
    return true;
  }
  void Refuse() { admission_.Refused(kPeer, "DEU/brigade", "no hello", clock_.Read()); }

  VirtualClock clock_{UtcTime(std::chrono::seconds(1'780'000'000))};
  std::vector<v1::RecordEvent> events_;
  Admission admission_{[this](v1::RecordEvent event) { events_.push_back(std::move(event)); }};
};

TEST_F(AdmissionTest, NodeThatReattachesWithoutEndWaitsAndNoOtherDoes) {
  int attached = 0;
  while (Attach("DEU/brigade")) ++attached;
  EXPECT_EQ(attached, static_cast<int>(kAttachments.burst));
  EXPECT_TRUE(Attach("FRA/hq"));
  EXPECT_THAT(admission_.MayAttach("DEU/brigade", clock_.Read().instant).error().Text(), HasSubstr("DEU/brigade"));
  clock_.Advance(FromSeconds(1 / kAttachments.per_second));
  EXPECT_TRUE(Attach("DEU/brigade"));
  EXPECT_FALSE(Attach("DEU/brigade"));
}

TEST_F(AdmissionTest, RefusalIsRecordedWithPeerNodeAndReason) {
  Refuse();
  ASSERT_EQ(events_.size(), 1U);
  EXPECT_EQ(events_[0].utc_ns(), ToNanoseconds(clock_.Read().utc));
  EXPECT_EQ(events_[0].peer_refused().peer(), "ipv4:127.0.0.1:4");
  EXPECT_EQ(events_[0].peer_refused().identity(), "DEU/gateway");
  EXPECT_EQ(events_[0].peer_refused().node(), "DEU/brigade");
  EXPECT_EQ(events_[0].peer_refused().reason(), "no hello");
}

TEST_F(AdmissionTest, FloodOfRefusalsIsCountedInsteadOfRecordedOneByOne) {
  for (int i = 0; i < 10'000; ++i) Refuse();
  EXPECT_EQ(events_.size(), static_cast<std::size_t>(kRecordedRefusals.burst));
  clock_.Advance(std::chrono::seconds(1));
  Refuse();
  Refuse();
  const auto& said = events_[static_cast<std::size_t>(kRecordedRefusals.burst)].peer_refused();
  EXPECT_THAT(said.reason(), HasSubstr("before it 9744 refusals"));
  EXPECT_EQ(events_.back().peer_refused().reason(), "no hello");
}

}  // namespace
}  // namespace entente::broker
