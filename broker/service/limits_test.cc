// SPDX-License-Identifier: Apache-2.0
// Peers that publish too fast, never read, or are dead: each is slowed or cut, and no other node waits.

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <atomic>

#include "broker/client/test_node.h"
#include "broker/policy/test_policy.h"
#include "broker/service/bus_server.h"
#include "broker/service/freezable_proxy_test.h"
#include "broker/service/test_event_log.h"
#include "entente/v1/bus.grpc.pb.h"

namespace entente::broker {
namespace {

using namespace testing;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr v1::Precedence kRoutine = v1::PRECEDENCE_ROUTINE;

// Stands still until it is told to go on; read by the broker's thread.
class SteppedClock final : public Clock {
 public:
  [[nodiscard]] Now Read() const override {
    const Duration passed(passed_ns_.load());
    return {Instant{} + std::chrono::hours(1) + passed, start_ + passed};
  }
  void Advance(Duration by) { passed_ns_ += by.count(); }

 private:
  const UtcTime start_ = SystemClock().Read().utc;
  std::atomic<std::int64_t> passed_ns_ = 0;
};

// A stream of the generated stub: one message per frame, and no reading unless asked.
struct RawPeer {
  RawPeer(const std::string& endpoint, const char* node) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    stub = v1::Bus::NewStub(grpc::CreateCustomChannel(endpoint, grpc::InsecureChannelCredentials(), arguments));
    stream = stub->Attach(&context);
    v1::ClientFrame frame;
    frame.mutable_hello()->set_version(1);
    frame.mutable_hello()->set_node(node);
    frame.mutable_hello()->set_incarnation(7);
    frame.mutable_hello()->add_subscriptions();
    frame.mutable_hello()->set_credit_octets(std::uint64_t{1} << 32);
    EXPECT_TRUE(stream->Write(frame));
  }
  ~RawPeer() {
    context.TryCancel();
    v1::BrokerFrame frame;
    while (stream->Read(&frame)) {
    }
    stream->Finish();
  }
  void Publish(const char* node, std::uint64_t sequence, std::string_view object = {}) {
    v1::ClientFrame frame;
    frame.add_envelope(TestTrack(node, 7, kRoutine, sequence, object).SerializeAsString());
    EXPECT_TRUE(stream->Write(frame));
  }

  grpc::ClientContext context;
  std::unique_ptr<v1::Bus::Stub> stub;
  std::unique_ptr<grpc::ClientReaderWriter<v1::ClientFrame, v1::BrokerFrame>> stream;
};

class BusLimitsTest : public ::testing::Test {
 protected:
  ~BusLimitsTest() override { server_.reset(); }

  void Start(BusServerConfig config) {
    config.relay.exercise = "limited";
    config.check_every = milliseconds(10);
    auto server =
        BusServer::Start(std::move(config), guard_, clock_, [this](const v1::RecordEvent& event) { events_.Note(event); });
    ASSERT_TRUE(server) << server.error().Text();
    server_ = *std::move(server);
  }
  static std::ptrdiff_t CountFrom(const TestNode& node, std::string_view origin) {
    return std::ranges::count_if(node.deliveries_, [&](const std::string& id) { return id.starts_with(origin); });
  }

  PolicyGuard guard_{TestPolicy()};
  SteppedClock clock_;
  EventLog events_;
  std::unique_ptr<BusServer> server_;
};

v1::ExercisePolicy PolicyWith(const std::function<void(v1::StreamLimits&)>& limit_deu) {
  v1::ExercisePolicy policy = TestPolicy();
  for (v1::NationPolicy& nation : *policy.mutable_nations()) {
    if (nation.nation() == "DEU") limit_deu(*nation.mutable_limits());
  }
  return policy;
}

// The clock stands still: whoever is over its rate stays so until the test lets time pass.
TEST_F(BusLimitsTest, WhoPublishesTooFastIsHeldBackWithoutLossAndNobodyElseIs) {
  constexpr int kRate = 5;
  constexpr int kSaid = 30;
  BusServerConfig config;
  config.policy = PolicyWith([](v1::StreamLimits& limits) { limits.set_messages_per_s(kRate); });
  Start(std::move(config));
  TestNode fra(server_->endpoint(), "FRA/hq");
  TestNode nor(server_->endpoint(), "NOR/hq");
  ASSERT_TRUE(fra.AwaitWelcome());
  ASSERT_TRUE(nor.AwaitWelcome());
  RawPeer deu(server_->endpoint(), "DEU/brigade");
  for (int i = 1; i <= kSaid; ++i) deu.Publish("DEU/brigade", static_cast<std::uint64_t>(i));
  ASSERT_TRUE(fra.Await([&] { return CountFrom(fra, "DEU/") > kRate; }));
  nor.Publish(kRoutine, 1, 100);
  ASSERT_TRUE(fra.Await([&] { return CountFrom(fra, "NOR/") == 100; }));
  EXPECT_EQ(fra.Await([&] { return true; }) ? CountFrom(fra, "DEU/") : 0, kRate + 1)
      << "a burst of a second, and the one that exceeds it";
  for (int seconds = 0; seconds < kSaid / kRate; ++seconds) {
    clock_.Advance(std::chrono::seconds(1));
    const int expected = std::min(kSaid, (seconds + 2) * kRate + 1);
    ASSERT_TRUE(fra.Await([&] { return CountFrom(fra, "DEU/") >= expected; })) << expected;
  }
  ASSERT_TRUE(fra.Await([&] { return CountFrom(fra, "DEU/") == kSaid; }));
}

// The record has nothing until the test says so.
TEST_F(BusLimitsTest, WhoHasTooMuchOutstandingWaitsForTheRecordAndNobodyElseDoes) {
  constexpr std::uint64_t kSaid = 30;
  BusServerConfig config;
  config.relay.mode = DeliveryMode::kDurable;
  config.policy = PolicyWith([](v1::StreamLimits& limits) { limits.set_outstanding_octets(1); });
  Start(std::move(config));
  const auto record_everything = [&] {
    server_->Post([this](Relay& relay) { relay.OnRecorded(relay.counters().events, clock_.Read()); });
  };
  const auto accepted_of = [](const char* origin) {
    return [origin](const v1::RecordEvent& event) { return event.message_accepted().id().origin() == origin; };
  };
  RawPeer deu(server_->endpoint(), "DEU/brigade");
  RawPeer nor(server_->endpoint(), "NOR/hq");
  for (const char* node : {"DEU/brigade", "NOR/hq"}) {
    events_.Await([&](const v1::RecordEvent& event) { return event.node_attached().node() == node; });
  }
  record_everything();
  for (std::uint64_t i = 1; i <= kSaid; ++i) deu.Publish("DEU/brigade", i);
  for (std::uint64_t i = 1; i <= kSaid; ++i) nor.Publish("NOR/hq", i);
  const auto all_of_nor = [&](const v1::RecordEvent& event) {
    return accepted_of("NOR/hq")(event) && event.message_accepted().id().sequence() == kSaid;
  };
  events_.Await(all_of_nor);
  EXPECT_LE(events_.Count(accepted_of("DEU/brigade")), 1) << "one frame is outstanding, and no more";
  for (std::uint64_t i = 1; i <= kSaid; ++i) {
    events_.Await([&](const v1::RecordEvent& event) {
      return accepted_of("DEU/brigade")(event) && event.message_accepted().id().sequence() == i;
    });
    record_everything();
  }
}

TEST_F(BusLimitsTest, ANationHasItsNumberOfStreams) {
  BusServerConfig config;
  config.policy = PolicyWith([](v1::StreamLimits& limits) { limits.set_streams(1); });
  Start(std::move(config));
  TestNode first(server_->endpoint(), "DEU/brigade");
  ASSERT_TRUE(first.AwaitWelcome());
  TestNode second(server_->endpoint(), "DEU/rear");
  ASSERT_TRUE(second.AwaitGoodbye());
  EXPECT_THAT(second.Copy(&TestNode::goodbye_), HasSubstr("1 nodes of this nation are attached"));
  events_.Await([](const v1::RecordEvent& event) { return event.peer_refused().node() == "DEU/rear"; });
  first.Stop();
  EXPECT_TRUE(second.AwaitWelcome());
}

TEST_F(BusLimitsTest, APeerThatNeverReadsIsCutAndNobodyWaitsForIt) {
  BusServerConfig config;
  // More than all the windows and buffers between broker and peer hold, and less than its queue does.
  constexpr std::size_t kMessages = 400;
  constexpr std::size_t kObjectOctets = 64 * 1024;
  config.relay.limits.queue_octets = config.relay.limits.unacknowledged_octets = 2 * kMessages * kObjectOctets;
  config.stalled_after = std::chrono::minutes(1);
  Start(std::move(config));
  TestNode nor(server_->endpoint(), "NOR/hq");
  ASSERT_TRUE(nor.AwaitWelcome());
  RawPeer fra(server_->endpoint(), "FRA/hq");
  events_.Await([](const v1::RecordEvent& event) { return event.node_attached().node() == "FRA/hq"; });
  RawPeer deu(server_->endpoint(), "DEU/brigade");
  for (std::size_t i = 1; i <= kMessages; ++i) deu.Publish("DEU/brigade", i, std::string(kObjectOctets, 'x') + std::to_string(i));
  ASSERT_TRUE(nor.AwaitDeliveries(kMessages)) << "though FRA/hq takes nothing";
  // Time passes only here, in steps: the write that waits has waited a minute.
  const auto is_cut = [](const v1::RecordEvent& event) { return event.peer_refused().node() == "FRA/hq"; };
  v1::PeerRefused refused;
  for (int minutes = 0; minutes < 100 && refused.reason().empty(); ++minutes) {
    clock_.Advance(std::chrono::minutes(2));
    if (const auto found = events_.Find(is_cut, milliseconds(100))) refused = found->peer_refused();
  }
  EXPECT_THAT(refused.reason(), HasSubstr("takes nothing"));
  const auto detached = events_.Await([](const v1::RecordEvent& event) { return event.node_detached().node() == "FRA/hq"; });
  EXPECT_THAT(detached.node_detached().reason(), HasSubstr("takes nothing"));
}

TEST_F(BusLimitsTest, APeerThatNoLongerAnswersIsCut) {
  BusServerConfig config;
  config.keep_alive = milliseconds(50);
  config.keep_alive_timeout = milliseconds(50);
  Start(std::move(config));
  FreezableProxy proxy(server_->port());
  TestNode deu(proxy.endpoint(), "DEU/brigade");
  ASSERT_TRUE(deu.AwaitWelcome());
  proxy.Freeze();
  const auto detached = events_.Await([](const v1::RecordEvent& event) { return event.node_detached().node() == "DEU/brigade"; });
  EXPECT_THAT(detached.node_detached().reason(), HasSubstr("no longer answers"));
}

}  // namespace
}  // namespace entente::broker
