// SPDX-License-Identifier: Apache-2.0
// A cluster of three servers that loses one after the other, and its majority. It takes as long as the servers' elections do.

#include "broker/record/jetstream/jetstream_fixture.h"

namespace entente::record {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

TEST_F(JetStreamLogTest, LosesAndReordersNothingWhenServersOfTheClusterAreKilledInMidLoad) {
  Serve({.count = 3});
  auto log = Open(Options("broker-1"));
  auto other = Open(Options("broker-2"));
  ASSERT_TRUE(log->Append(Batch(0)));
  const int end = AppendWhile(*log, 1, [&] {
    const int leader = servers_->Named(LeaderOf("test"));
    servers_->Kill(leader);
    EXPECT_TRUE(log->Flush()) << "two of three are enough";
    servers_->Start(leader);
    servers_->Kill((leader + 1) % 3);
    EXPECT_TRUE(log->Flush());
  });
  EXPECT_THAT(AllOf(*log), ElementsAreArray(Injects(0, end)));
  while (other->end() < log->end()) other->AwaitMore(other->end(), milliseconds(100));
  EXPECT_THAT(AllOf(*other), ElementsAreArray(Injects(0, end)));
  EXPECT_EQ(other->record_digest(), log->record_digest());
}

TEST_F(JetStreamLogTest, WithoutAMajorityNothingIsAcknowledgedAndNothingIsLost) {
  Serve({.count = 3});
  JetStreamOptions options = Options();
  options.limits.backlog_octets = 20'000;
  auto log = Open(options);
  ASSERT_TRUE(log->Append(Batch(0)));
  ASSERT_TRUE(log->Flush());
  servers_->Kill(0);
  servers_->Kill(1);
  std::atomic<int> acknowledged = 0;
  int taken = 1;
  Status status;
  while ((status = log->Append(Batch(taken), [&](const Status&) { ++acknowledged; }))) ++taken;
  EXPECT_EQ(status.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(status.error().Text(), HasSubstr("start"));
  EXPECT_EQ(acknowledged, 0);
  servers_->Start(0);
  EXPECT_THAT(AllOf(*log), ElementsAreArray(Injects(0, taken)));
  EXPECT_EQ(acknowledged, taken - 1);
}

}  // namespace
}  // namespace entente::record
