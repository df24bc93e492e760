// SPDX-License-Identifier: Apache-2.0
// Broker, record and nodes over real gRPC while files may not grow: publishers hear a clear refusal, and all goes on when they may.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <thread>

#include "base/io/system_clock.h"
#include "broker/client/test_node.h"
#include "broker/core/refusal.h"
#include "broker/record/record_fixture.h"
#include "broker/record/verify.h"
#include "harness/run/bus_commits.h"

namespace entente::durability {
namespace {

using broker::testing::TestNode;

// Files of this process may not grow beyond a size: writing really fails, as on a full disk.
class FullDisk {
 public:
  FullDisk() {
    before_ = std::signal(SIGXFSZ, SIG_IGN);
    ENTENTE_INVARIANT(getrlimit(RLIMIT_FSIZE, &old_) == 0);
    const rlimit limited{1, old_.rlim_max};
    ENTENTE_INVARIANT(setrlimit(RLIMIT_FSIZE, &limited) == 0);
  }
  ~FullDisk() {
    ENTENTE_INVARIANT(setrlimit(RLIMIT_FSIZE, &old_) == 0);
    std::signal(SIGXFSZ, before_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit old_{};
  void (*before_)(int) = SIG_DFL;
};

TEST(FullDiskBusTest, RefusesClearlyAndGoesOnWhenThereIsRoomAgain) {
  const SystemClock clock;
  const record::TemporaryFolder folder;
  const broker::PolicyGuard guard(broker::testing::TestPolicy());
  auto log = record::OpenLog({.directory = folder.path()}, clock);
  harness::Recorder recorder(*log);
  harness::BusCommits commits(recorder, clock, Duration(0));
  auto server = broker::BusServer::Start({.after_round = [&](const broker::Relay& relay) { commits.AfterRound(relay); },
                                          .relay = {.exercise = "full", .mode = broker::DeliveryMode::kDurable}},
                                         guard, clock, recorder.SinkFor("broker"));
  ASSERT_TRUE(server) << server.error().Text();
  commits.Start(**server);
  TestNode deu((*server)->endpoint(), "DEU/brigade");
  TestNode fra((*server)->endpoint(), "FRA/hq");
  ASSERT_TRUE(deu.AwaitWelcome());
  ASSERT_TRUE(fra.AwaitWelcome());
  constexpr auto kRoutine = v1::PRECEDENCE_ROUTINE;
  deu.Publish(kRoutine, 1, 10);
  ASSERT_TRUE(deu.AwaitReceipts(10));

  std::uint64_t next = 11;
  const auto refused = [&] {
    const auto receipts = deu.Copy(&TestNode::receipts_);
    return static_cast<std::size_t>(std::ranges::count(receipts, Text(broker::Refusal::kNotRecorded)));
  };
  {
    const FullDisk disk;
    // What was taken before the disk was known to be full waits for it; the next ones are refused.
    for (; refused() == 0; ++next) {
      deu.Publish(kRoutine, next, 1);
      std::this_thread::yield();
    }
    EXPECT_LT(fra.Copy(&TestNode::deliveries_).size(), next);
  }
  const std::size_t lost = [&] {
    // Acceptance begins again by itself.
    for (;; ++next) {
      const std::size_t before = refused();
      deu.Publish(kRoutine, next, 1);
      if (!deu.AwaitReceipts(next) || refused() == before) return refused();
    }
  }();
  ASSERT_TRUE(deu.AwaitReceipts(next));
  ASSERT_TRUE(fra.AwaitDeliveries(next - lost));
  (*server)->Stop("ENDEX");
  commits.Stop();
  ASSERT_TRUE(recorder.Commit());
  ASSERT_TRUE(log->Close());
  EXPECT_TRUE(record::VerifyLog(folder.path())->whole());
  EXPECT_EQ(fra.Copy(&TestNode::deliveries_).size(), next - lost);
}

}  // namespace
}  // namespace entente::durability
