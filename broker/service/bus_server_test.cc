// SPDX-License-Identifier: Apache-2.0
// The server against a plain generated stub: what a client that is not ours meets.

#include "broker/service/bus_server.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include <mutex>

#include "base/io/system_clock.h"
#include "broker/core/test_envelope.h"
#include "entente/v1/bus.grpc.pb.h"

namespace entente::broker {
namespace {

using namespace testing;
using ::testing::HasSubstr;

class BusServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    BusServerConfig config;
    config.relay.exercise = "loopback";
    auto server = BusServer::Start(config, guard_, clock_, {});
    ASSERT_TRUE(server) << server.error().Text();
    server_ = std::move(*server);
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    channel_ = grpc::CreateCustomChannel(server_->endpoint(), grpc::InsecureChannelCredentials(), arguments);
  }

  // A blocking stream of the generated stub.
  struct Peer {
    explicit Peer(const std::shared_ptr<grpc::Channel>& channel) : stub(channel), stream(stub.Attach(&context)) {}
    void Hello(const char* node) {
      v1::ClientFrame frame;
      v1::Hello& hello = *frame.mutable_hello();
      hello.set_version(1);
      hello.set_node(node);
      hello.set_incarnation(7);
      hello.add_subscriptions();
      hello.set_credit_octets(1 << 20);
      EXPECT_TRUE(stream->Write(frame));
    }
    v1::BrokerFrame Read() {
      v1::BrokerFrame frame;
      EXPECT_TRUE(stream->Read(&frame));
      return frame;
    }
    grpc::Status ReadToTheEnd() {
      v1::BrokerFrame frame;
      while (stream->Read(&frame)) last = frame;
      return stream->Finish();
    }
    grpc::ClientContext context;
    v1::Bus::Stub stub;
    std::unique_ptr<grpc::ClientReaderWriter<v1::ClientFrame, v1::BrokerFrame>> stream;
    v1::BrokerFrame last;
  };

  // Octets that no protobuf stub would send, written raw; the goodbye that comes back.
  std::string GoodbyeTo(const std::vector<std::string>& frames) {
    grpc::CompletionQueue queue;
    grpc::ClientContext context;
    grpc::GenericStub stub(channel_);
    const auto stream = stub.PrepareCall(&context, "/entente.v1.Bus/Attach", &queue);
    const auto wait = [&] {
      void* tag = nullptr;
      bool ok = false;
      return queue.Next(&tag, &ok) && ok;
    };
    stream->StartCall(nullptr);
    EXPECT_TRUE(wait());
    for (const std::string& octets : frames) {
      const grpc::Slice slice(octets);
      stream->Write(grpc::ByteBuffer(&slice, 1), nullptr);
      wait();
    }
    std::string goodbye;
    grpc::ByteBuffer buffer;
    while (goodbye.empty()) {
      stream->Read(&buffer, nullptr);
      if (!wait()) break;
      grpc::Slice slice;
      EXPECT_TRUE(buffer.DumpToSingleSlice(&slice).ok());
      v1::BrokerFrame frame;
      EXPECT_TRUE(frame.ParseFromArray(slice.begin(), static_cast<int>(slice.size())));
      goodbye = frame.goodbye().reason();
    }
    grpc::Status status;
    stream->Finish(&status, nullptr);
    wait();
    queue.Shutdown();
    return goodbye;
  }

  PolicyGuard guard_{TestPolicy()};
  SystemClock clock_;
  std::unique_ptr<BusServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(BusServerTest, SpeaksToAGeneratedStub) {
  Peer deu(channel_);
  Peer fra(channel_);
  deu.Hello("DEU/brigade");
  EXPECT_EQ(deu.Read().welcome().exercise(), "loopback");
  fra.Hello("FRA/hq");
  EXPECT_TRUE(fra.Read().has_welcome());
  v1::ClientFrame frame;
  frame.add_envelope(TestTrack("DEU/brigade", 7, v1::PRECEDENCE_FLASH, 1).SerializeAsString());
  ASSERT_TRUE(deu.stream->Write(frame));
  const v1::BrokerFrame delivered = fra.Read();
  EXPECT_EQ(delivered.envelope(0), frame.envelope(0));
  EXPECT_EQ(delivered.precedence(), v1::PRECEDENCE_FLASH);
  EXPECT_EQ(deu.Read().receipt(0).sequence(), 1U);
  deu.stream->WritesDone();
  EXPECT_TRUE(deu.ReadToTheEnd().ok());
  fra.stream->WritesDone();
  EXPECT_TRUE(fra.ReadToTheEnd().ok());
}

TEST_F(BusServerTest, GarbageClosesThatStreamAndNoOther) {
  Peer fra(channel_);
  fra.Hello("FRA/hq");
  EXPECT_TRUE(fra.Read().has_welcome());
  EXPECT_THAT(GoodbyeTo({std::string("\xFF\x00garbage", 9)}), HasSubstr("the first frame is not a hello"));
  v1::ClientFrame hello;
  hello.mutable_hello()->set_version(1);
  hello.mutable_hello()->set_node("DEU/brigade");
  EXPECT_THAT(GoodbyeTo({hello.SerializeAsString(), "\x0A\x7F"}), HasSubstr("framing broken"));
  Peer deu(channel_);
  deu.Hello("DEU/brigade");
  EXPECT_TRUE(deu.Read().has_welcome());
  v1::ClientFrame frame;
  v1::Envelope envelope = TestTrack("DEU/brigade", 7, v1::PRECEDENCE_ROUTINE, 1);
  frame.add_envelope(envelope.SerializeAsString());
  ASSERT_TRUE(deu.stream->Write(frame));
  EXPECT_EQ(fra.Read().envelope_size(), 1);
}

TEST_F(BusServerTest, RefusedHelloCarriesReasonAndStatus) {
  Peer peer(channel_);
  peer.Hello("not a node");
  const grpc::Status status = peer.ReadToTheEnd();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(peer.last.goodbye().reason(), HasSubstr("not the name of a node"));
}

TEST_F(BusServerTest, NewStreamOfTheSameIncarnationTakesOver) {
  Peer old_stream(channel_);
  old_stream.Hello("DEU/brigade");
  EXPECT_TRUE(old_stream.Read().has_welcome());
  Peer new_stream(channel_);
  new_stream.Hello("DEU/brigade");
  EXPECT_TRUE(new_stream.Read().has_welcome());
  EXPECT_EQ(old_stream.ReadToTheEnd().error_code(), grpc::StatusCode::CANCELLED);
  v1::ClientFrame probe;
  probe.mutable_clock_probe()->set_t1_ns(1);
  ASSERT_TRUE(new_stream.stream->Write(probe));
  EXPECT_EQ(new_stream.Read().clock_probe().t1_ns(), 1);
}

TEST_F(BusServerTest, AnswersExplain) {
  Peer fin(channel_);
  fin.Hello("FIN/post");
  EXPECT_TRUE(fin.Read().has_welcome());
  v1::Bus::Stub stub(channel_);
  v1::Envelope secret = TestTrack("DEU/brigade", 7, v1::PRECEDENCE_ROUTINE, 1);
  *secret.mutable_label() = TestLabel("SECRET");
  for (int i = 0; i < 3; ++i) {
    grpc::ClientContext context;
    v1::ExplainRequest request;
    v1::ExplainReply reply;
    request.set_envelope(secret.SerializeAsString());
    ASSERT_TRUE(stub.Explain(&context, request, &reply).ok());
    ASSERT_EQ(reply.recipients_size(), 1);
    EXPECT_EQ(reply.recipients(0).reason(), reason::kAboveClearance);
  }
}

TEST_F(BusServerTest, TakenPortIsAnError) {
  BusServerConfig config;
  config.port = server_->port();
  const auto second = BusServer::Start(config, guard_, clock_, {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kAlreadyExists);
  EXPECT_THAT(second.error().Text(), HasSubstr("127.0.0.1:" + std::to_string(config.port)));
}

TEST_F(BusServerTest, OtherInterfacesNeedTheWordsForIt) {
  BusServerConfig config;
  config.address = "0.0.0.0";
  const auto server = BusServer::Start(config, guard_, clock_, {});
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error().Text(), HasSubstr("--insecure-any-interface"));
}

TEST_F(BusServerTest, StopSaysGoodbyeAndEndsEveryStream) {
  Peer deu(channel_);
  deu.Hello("DEU/brigade");
  EXPECT_TRUE(deu.Read().has_welcome());
  server_->Stop("ENDEX");
  EXPECT_TRUE(deu.ReadToTheEnd().ok());
  EXPECT_EQ(deu.last.goodbye().reason(), "ENDEX");
  server_->Stop("twice does no harm");
  server_->Post([](Relay&) { FAIL() << "work after Stop"; });
}

TEST_F(BusServerTest, StreamThatNeverSaysHelloDoesNotHoldUpStopping) {
  Peer silent(channel_);
  server_.reset();
  EXPECT_FALSE(silent.ReadToTheEnd().ok());
}

TEST_F(BusServerTest, StreamWithoutHelloIsTurnedAwayAndThatIsRecorded) {
  std::mutex mutex;
  std::vector<v1::RecordEvent> events;
  BusServerConfig config;
  config.hello_within = std::chrono::milliseconds(20);
  auto server = BusServer::Start(config, guard_, clock_, [&](v1::RecordEvent event) {
    const std::lock_guard lock(mutex);
    events.push_back(std::move(event));
  });
  ASSERT_TRUE(server) << server.error().Text();
  Peer silent(grpc::CreateChannel((*server)->endpoint(), grpc::InsecureChannelCredentials()));
  EXPECT_EQ(silent.ReadToTheEnd().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(silent.last.goodbye().reason(), "no hello within 20 ms");
  const std::lock_guard lock(mutex);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].peer_refused().reason(), "no hello within 20 ms");
  EXPECT_THAT(events[0].peer_refused().peer(), HasSubstr("127.0.0.1:"));
}

}  // namespace
}  // namespace entente::broker
