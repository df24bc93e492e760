// SPDX-License-Identifier: Apache-2.0
// Clients and server together, on loopback.

#include "broker/client/bus_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/client/test_node.h"
#include "broker/core/refusal.h"
#include "broker/service/bus_server.h"

namespace entente::broker {
namespace {

using namespace testing;
using ::testing::ElementsAre;

constexpr v1::Precedence kRoutine = v1::PRECEDENCE_ROUTINE;

class BusTest : public ::testing::Test {
 protected:
  void SetUp() override { StartServer(0); }

  void StartServer(std::uint16_t port, DeliveryMode mode = DeliveryMode::kRelay) {
    BusServerConfig config;
    config.relay.exercise = "loopback";
    config.relay.mode = mode;
    config.relay.limits.unrecorded_octets = unrecorded_octets_;
    config.port = port;
    config.after_round = [this](Relay& relay) {
      if (!record_lags_) relay.OnRecorded(relay.counters().events, clock_.Read());
    };
    auto server = BusServer::Start(
        config, guard_, clock_,
        [this](const v1::RecordEvent& event) {
          if (event.has_message_accepted()) ++accepted_;
        },
        [this](std::string_view node, std::string event) {
          const std::lock_guard lock(mutex_);
          v1::RecordEvent parsed;
          events_.push_back(std::string(node) + (parsed.ParseFromString(event) ? ": " + parsed.writer() : ": broken"));
          changed_.notify_all();
        });
    ASSERT_TRUE(server) << server.error().Text();
    server_ = std::move(*server);
  }
  // A durable broker in the other's place, with two nodes; its record lags from now on.
  void StartLagging() {
    server_->Stop("again, durable");
    StartServer(0, DeliveryMode::kDurable);
    deu_ = std::make_unique<TestNode>(server_->endpoint(), "DEU/brigade");
    fra_ = std::make_unique<TestNode>(server_->endpoint(), "FRA/hq");
    ASSERT_TRUE(deu_->AwaitWelcome());
    ASSERT_TRUE(fra_->AwaitWelcome());
    record_lags_ = true;
  }
  void CatchUp() {
    record_lags_ = false;
    server_->Post([](Relay&) {});
  }
  std::vector<std::string> AwaitEvents(std::size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, std::chrono::seconds(30), [&] { return events_.size() >= count; }));
    return events_;
  }

  PolicyGuard guard_{TestPolicy()};
  SystemClock clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> events_;
  std::atomic<int> accepted_ = 0;
  std::size_t unrecorded_octets_ = RelayLimits().unrecorded_octets;
  std::atomic<bool> record_lags_ = false;
  std::unique_ptr<BusServer> server_;
  std::unique_ptr<TestNode> deu_;  // of a broker that lags
  std::unique_ptr<TestNode> fra_;
};

TEST_F(BusTest, DeliversToEveryOtherNodeAndGivesReceipts) {
  TestNode deu(server_->endpoint(), "DEU/brigade");
  TestNode fra(server_->endpoint(), "FRA/hq");
  TestNode nor(server_->endpoint(), "NOR/hq");
  for (TestNode* node : {&deu, &fra, &nor}) ASSERT_TRUE(node->AwaitWelcome());
  deu.Publish(kRoutine, 1, 500);
  ASSERT_TRUE(fra.AwaitDeliveries(500));
  ASSERT_TRUE(nor.AwaitDeliveries(500));
  ASSERT_TRUE(deu.AwaitReceipts(500));
  std::vector<std::string> expected;
  for (int i = 1; i <= 500; ++i) expected.push_back("DEU/brigade#7.R." + std::to_string(i));
  EXPECT_EQ(fra.Copy(&TestNode::deliveries_), expected);
  EXPECT_EQ(nor.Copy(&TestNode::deliveries_), expected);
  EXPECT_TRUE(deu.Copy(&TestNode::deliveries_).empty());
}

TEST_F(BusTest, GoesToTheNextBrokerWhenOneIsGone) {
  auto second = BusServer::Start({.relay = {.exercise = "loopback"}}, guard_, clock_, {});
  ASSERT_TRUE(second);
  TestNode deu(server_->endpoint(), "DEU/brigade", 7, nullptr, {(*second)->endpoint()});
  ASSERT_TRUE(deu.AwaitWelcome());
  server_.reset();
  ASSERT_TRUE(deu.AwaitWelcome(2)) << "the first broker is gone: the second one has the node";
  deu.Publish(kRoutine, 1, 3);
  EXPECT_TRUE(deu.AwaitReceipts(3));
  StartServer(0);
}

// A node without any thread: it is the test's.
class PolledNode : private BusClientSink {
 public:
  PolledNode(const std::string& endpoint, const std::string& node)
      : node_(node),
        client_({.node = node, .incarnation = 7, .subscriptions = {v1::Subscription()}}, *this),
        stream_({.endpoint = endpoint, .backoff = {std::chrono::milliseconds(5)}}, client_, clock_) {
    stream_.Start();
  }
  // False when it did not come true in a time that only a failure takes.
  [[nodiscard]] bool PollUntil(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    for (; std::chrono::steady_clock::now() < deadline; stream_.Poll(std::chrono::milliseconds(100))) {
      if (condition()) return true;
    }
    return false;
  }
  [[nodiscard]] bool Publish(std::uint64_t first, std::uint64_t count) {
    for (std::uint64_t sequence = first; sequence < first + count;) {
      const v1::Envelope envelope = TestTrack(node_, 7, kRoutine, sequence);
      if (client_.Publish(envelope.id(), Share(Octets(envelope)))) {
        ++sequence;
      } else if (!PollUntil([&] { return std::exchange(writable_, false); })) {
        return false;
      }
      stream_.Flush();
    }
    return true;
  }

  std::vector<std::uint64_t> delivered_;
  std::uint64_t receipts_ = 0;
  int welcomes_ = 0;

 private:
  void OnWelcome(const v1::Welcome&, Now) override { ++welcomes_; }
  void OnDelivery(v1::Precedence precedence, std::uint64_t delivery, ByteView, Now) override {
    delivered_.push_back(delivery);
    client_.Acknowledge(precedence, delivery);
  }
  void OnReceipt(v1::Precedence, std::uint64_t, std::string_view) override { ++receipts_; }
  void OnGoodbye(std::string_view) override {}
  void OnWritable() override { writable_ = true; }

  const std::string node_;
  const SystemClock clock_;
  bool writable_ = false;
  BusClient client_;
  BusStream stream_;
};

TEST_F(BusTest, OwnerThatPollsDoesEverythingOnItsOwnThread) {
  PolledNode deu(server_->endpoint(), "DEU/brigade");
  TestNode fra(server_->endpoint(), "FRA/hq");
  ASSERT_TRUE(fra.AwaitWelcome());
  ASSERT_TRUE(deu.PollUntil([&] { return deu.welcomes_ == 1; }));
  constexpr std::uint64_t kMessages = 20'000;  // more than may be without a receipt
  ASSERT_TRUE(deu.Publish(1, kMessages));
  ASSERT_TRUE(deu.PollUntil([&] { return deu.receipts_ == kMessages; }));
  ASSERT_TRUE(fra.AwaitDeliveries(kMessages));
  fra.Publish(kRoutine, 1, 500);
  ASSERT_TRUE(deu.PollUntil([&] { return deu.delivered_.size() == 500; }));
  for (std::uint64_t i = 0; i < 500; ++i) EXPECT_EQ(deu.delivered_[i], i + 1);
}

TEST_F(BusTest, OwnerThatPollsConnectsAgain) {
  PolledNode deu(server_->endpoint(), "DEU/brigade");
  ASSERT_TRUE(deu.PollUntil([&] { return deu.welcomes_ == 1; }));
  const std::uint16_t port = server_->port();
  server_.reset();
  StartServer(port);
  ASSERT_TRUE(deu.PollUntil([&] { return deu.welcomes_ == 2; }));
  ASSERT_TRUE(deu.Publish(1, 10));
  EXPECT_TRUE(deu.PollUntil([&] { return deu.receipts_ == 10; }));
}

TEST_F(BusTest, ManyPublishersAtOnce) {
  std::vector<std::unique_ptr<TestNode>> nodes;
  for (int i = 0; i < 4; ++i) nodes.push_back(std::make_unique<TestNode>(server_->endpoint(), "DEU/n" + std::to_string(i)));
  for (const auto& node : nodes) ASSERT_TRUE(node->AwaitWelcome());
  std::vector<std::thread> publishers;
  for (const auto& node : nodes) publishers.emplace_back([&] { node->Publish(kRoutine, 1, 200); });
  for (std::thread& publisher : publishers) publisher.join();
  for (const auto& node : nodes) {
    ASSERT_TRUE(node->AwaitDeliveries(600));
    ASSERT_TRUE(node->AwaitReceipts(200));
  }
}

TEST_F(BusTest, RefusesAnotherNodesOrigin) {
  TestNode deu(server_->endpoint(), "DEU/brigade");
  ASSERT_TRUE(deu.AwaitWelcome());
  const v1::Envelope own = TestTrack("DEU/brigade", 7, kRoutine, 1);
  deu.PublishOctets(own.id(), Octets(TestTrack("FRA/hq", 7, kRoutine, 1)));
  ASSERT_TRUE(deu.AwaitReceipts(1));
  EXPECT_THAT(deu.Copy(&TestNode::receipts_), ElementsAre(Text(Refusal::kNotOwnOrigin)));
}

TEST_F(BusTest, SecondProcessUnderTheSameNameIsToldGoodbye) {
  TestNode first(server_->endpoint(), "DEU/brigade", 7);
  ASSERT_TRUE(first.AwaitWelcome());
  TestNode second(server_->endpoint(), "DEU/brigade", 8);
  ASSERT_TRUE(second.AwaitGoodbye());
  EXPECT_THAT(second.Copy(&TestNode::goodbye_), ::testing::HasSubstr("another incarnation of this node is attached"));
  EXPECT_EQ(second.Copy(&TestNode::welcomes_), 0);
}

TEST_F(BusTest, RecordEventsReachTheRecord) {
  TestNode deu(server_->endpoint(), "DEU/brigade");
  ASSERT_TRUE(deu.AwaitWelcome());
  v1::RecordEvent event;
  event.set_writer("gateway");
  deu.AppendEvent(event);
  EXPECT_THAT(AwaitEvents(1), ElementsAre("DEU/brigade: gateway"));
}

TEST_F(BusTest, DurableReceiptsAndDeliveriesWaitForTheRecord) {
  ASSERT_NO_FATAL_FAILURE(StartLagging());
  deu_->Publish(kRoutine, 1, 3);
  while (accepted_ < 3) std::this_thread::yield();
  EXPECT_TRUE(fra_->Copy(&TestNode::deliveries_).empty());
  EXPECT_TRUE(deu_->Copy(&TestNode::receipts_).empty());
  CatchUp();
  ASSERT_TRUE(fra_->AwaitDeliveries(3));
  ASSERT_TRUE(deu_->AwaitReceipts(3));
}

TEST_F(BusTest, LaggingRecordStopsTheReadingAndNothingIsLost) {
  unrecorded_octets_ = 2000;
  ASSERT_NO_FATAL_FAILURE(StartLagging());
  deu_->Publish(kRoutine, 1, 2000);
  while (accepted_ == 0) std::this_thread::yield();
  CatchUp();
  ASSERT_TRUE(fra_->AwaitDeliveries(2000));
  ASSERT_TRUE(deu_->AwaitReceipts(2000));
  EXPECT_EQ(accepted_.load(), 2000);
}

TEST_F(BusTest, LeavingEndsWithAGoodbye) {
  TestNode deu(server_->endpoint(), "DEU/brigade");
  ASSERT_TRUE(deu.AwaitWelcome());
  deu.Leave();
  ASSERT_TRUE(deu.AwaitGoodbye());
  EXPECT_EQ(deu.Copy(&TestNode::goodbye_), "left: ENDEX");
}

TEST_F(BusTest, StoppingSaysGoodbyeAndANewServerIsFoundAgain) {
  TestNode deu(server_->endpoint(), "DEU/brigade");
  TestNode fra(server_->endpoint(), "FRA/hq");
  ASSERT_TRUE(deu.AwaitWelcome());
  ASSERT_TRUE(fra.AwaitWelcome());
  const std::uint16_t port = server_->port();
  server_->Stop("broker restarts");
  ASSERT_TRUE(deu.AwaitGoodbye());
  EXPECT_EQ(deu.Copy(&TestNode::goodbye_), "broker restarts");
  deu.Publish(kRoutine, 1, 10);
  StartServer(port);
  ASSERT_TRUE(deu.AwaitWelcome(2));
  ASSERT_TRUE(deu.AwaitReceipts(10));
  ASSERT_TRUE(fra.AwaitWelcome(2));
}

TEST_F(BusTest, ResumesAfterABrokenStreamWithoutLossOrRepetition) {
  TestNode deu(server_->endpoint(), "DEU/brigade");
  TestNode fra(server_->endpoint(), "FRA/hq");
  ASSERT_TRUE(deu.AwaitWelcome());
  ASSERT_TRUE(fra.AwaitWelcome());
  std::vector<std::string> expected;
  for (int round = 0; round < 5; ++round) {
    const auto first = static_cast<std::uint64_t>(round) * 100 + 1;
    deu.Publish(kRoutine, first, 50);
    server_->Post([](Relay& relay) {
      relay.Close("FRA/hq", "test breaks the stream");
      relay.Close("DEU/brigade", "test breaks the stream");
    });
    deu.Publish(kRoutine, first + 50, 50);
  }
  for (int i = 1; i <= 500; ++i) expected.push_back("DEU/brigade#7.R." + std::to_string(i));
  ASSERT_TRUE(fra.AwaitDeliveries(500));
  ASSERT_TRUE(deu.AwaitReceipts(500));
  EXPECT_EQ(fra.Copy(&TestNode::deliveries_), expected);
  EXPECT_GE(fra.Copy(&TestNode::resumed_), 1);
  EXPECT_EQ(accepted_.load(), 500);
}

TEST_F(BusTest, NodeThatNobodyAnswersKeepsTryingAndStops) {
  const std::string endpoint = server_->endpoint();
  server_->Stop("gone for good");
  TestNode deu(endpoint, "DEU/brigade");
  deu.Publish(kRoutine, 1, 1);
  deu.Stop();
  EXPECT_EQ(deu.Copy(&TestNode::welcomes_), 0);
}

}  // namespace
}  // namespace entente::broker
