// SPDX-License-Identifier: Apache-2.0
#pragma once

// A real broker with small limits, what it recorded, and two honest nodes beside whoever misbehaves: whatever was done to the
// broker, what one of them says afterwards still arrives at the other, whole and in order.

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "broker/client/test_node.h"
#include "broker/core/refusal.h"
#include "broker/service/bus_server.h"
#include "broker/service/test_event_log.h"
#include "tests/hostile/lying_client.h"

namespace entente::hostile {

using broker::testing::EventLog;
using broker::testing::TestNode;
using broker::testing::TestTrack;

inline constexpr std::size_t kQueueOctets = 256 * 1024;

class HostileTest : public ::testing::Test {
 protected:
  explicit HostileTest(Duration hello_within = std::chrono::milliseconds(100)) : hello_within_(hello_within) {}

  void SetUp() override {
    broker::BusServerConfig config;
    config.relay.exercise = "hostile";
    config.relay.limits.queue_octets = kQueueOctets;
    config.relay.limits.unacknowledged_octets = kQueueOctets;
    config.hello_within = hello_within_;
    auto server =
        broker::BusServer::Start(config, guard_, clock_, [this](v1::RecordEvent event) { events_.Note(std::move(event)); });
    ASSERT_TRUE(server) << server.error().Text();
    server_ = std::move(*server);
    sender_ = std::make_unique<TestNode>(server_->endpoint(), "DEU/honest");
    receiver_ = std::make_unique<TestNode>(server_->endpoint(), "FRA/honest");
    ASSERT_TRUE(sender_->AwaitWelcome());
    ASSERT_TRUE(receiver_->AwaitWelcome());
  }

  void TearDown() override {
    HonestNodesAreServed();
    sender_.reset();
    receiver_.reset();
    server_.reset();
  }

  void HonestNodesAreServed() {
    constexpr std::uint64_t kCount = 200;
    sender_->Publish(v1::PRECEDENCE_PRIORITY, said_ + 1, kCount);
    said_ += kCount;
    std::vector<std::string> expected;
    for (std::uint64_t i = 1; i <= said_; ++i) expected.push_back("DEU/honest#7.P." + std::to_string(i));
    const auto heard = [&] {
      std::vector<std::string> of_honest = receiver_->deliveries_;
      std::erase_if(of_honest, [](const std::string& id) { return !id.starts_with("DEU/honest#"); });
      return of_honest;
    };
    EXPECT_TRUE(receiver_->Await([&] { return heard() == expected; })) << "the honest nodes had to suffer";
    EXPECT_EQ(sender_->Copy(&TestNode::welcomes_), 1) << "an honest node's stream broke";
    EXPECT_EQ(receiver_->Copy(&TestNode::welcomes_), 1) << "an honest node's stream broke";
  }

  // Waits until the record has an event that this holds for.
  [[nodiscard]] bool AwaitRecorded(const EventLog::Wanted& wanted) { return events_.Find(wanted).has_value(); }
  [[nodiscard]] bool AwaitPeerRefused(std::string_view reason) {
    return AwaitRecorded([=](const v1::RecordEvent& event) {
      return event.has_peer_refused() && event.peer_refused().reason().find(reason) != std::string::npos &&
             !event.peer_refused().peer().empty();
    });
  }
  [[nodiscard]] bool AwaitDetached(std::string_view node, std::string_view reason) {
    return AwaitRecorded([=](const v1::RecordEvent& event) {
      return event.node_detached().node() == node && event.node_detached().reason().find(reason) != std::string::npos;
    });
  }
  [[nodiscard]] bool AwaitMessageRefused(std::string_view node, broker::Refusal refusal) {
    return AwaitRecorded([=](const v1::RecordEvent& event) {
      return event.message_refused().node() == node && event.message_refused().reason() == Text(refusal);
    });
  }
  [[nodiscard]] std::size_t CountRecorded(const EventLog::Wanted& wanted) {
    return static_cast<std::size_t>(events_.Count(wanted));
  }

  // What `look` makes of the relay, on its own thread, after everything that came in before.
  template <typename Look>
  auto OfRelay(Look look) {
    std::promise<decltype(look(std::declval<broker::Relay&>()))> seen;
    server_->Post([&](broker::Relay& relay) { seen.set_value(look(relay)); });
    return seen.get_future().get();
  }

  const Duration hello_within_;
  broker::PolicyGuard guard_{broker::testing::TestPolicy()};
  SystemClock clock_;
  EventLog events_;
  std::unique_ptr<broker::BusServer> server_;
  std::unique_ptr<TestNode> sender_;
  std::unique_ptr<TestNode> receiver_;
  std::uint64_t said_ = 0;
};

// A frame with one envelope.
inline v1::ClientFrame FrameOf(const v1::Envelope& envelope) {
  v1::ClientFrame frame;
  frame.add_envelope(envelope.SerializeAsString());
  return frame;
}

}  // namespace entente::hostile
