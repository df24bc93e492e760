// SPDX-License-Identifier: Apache-2.0
// Health and reflection as any tool of gRPC asks for them.

#include "broker/service/health_service.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include "base/io/system_clock.h"
#include "broker/policy/test_policy.h"
#include "broker/service/bus_server.h"

namespace entente::broker {
namespace {

class HealthServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server = BusServer::Start({}, guard_, clock_, {});
    ASSERT_TRUE(server) << server.error().Text();
    server_ = std::move(*server);
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    channel_ = grpc::CreateCustomChannel(server_->endpoint(), grpc::InsecureChannelCredentials(), arguments);
    stub_ = health::Health::NewStub(channel_);
  }

  void RefuseMessages(bool refuse) {
    server_->Post([refuse](Relay& relay) { relay.RefuseMessages(refuse); });
  }

  std::string Check(const std::string& service) {
    grpc::ClientContext context;
    health::HealthCheckRequest request;
    request.set_service(service);
    Health reply;
    const grpc::Status status = stub_->Check(&context, request, &reply);
    if (!status.ok()) return status.error_code() == grpc::StatusCode::NOT_FOUND ? "not found" : status.error_message();
    return Health::ServingStatus_Name(reply.status());
  }

  struct Watch {
    Watch(health::Health::Stub& stub, const std::string& service) {
      health::HealthCheckRequest request;
      request.set_service(service);
      reader = stub.Watch(&context, request);
    }
    std::string Next() {
      Health reply;
      return reader->Read(&reply) ? Health::ServingStatus_Name(reply.status()) : "over";
    }
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<Health>> reader;
  };

  PolicyGuard guard_{testing::TestPolicy()};
  SystemClock clock_;
  std::unique_ptr<BusServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<health::Health::Stub> stub_;
};

TEST_F(HealthServiceTest, AnswersForServerAndBusAndForNoOther) {
  EXPECT_EQ(Check(""), "SERVING");
  EXPECT_EQ(Check("entente.v1.Bus"), "SERVING");
  EXPECT_EQ(Check("entente.v2.Bus"), "not found");
}

TEST_F(HealthServiceTest, SaysNotServingWhileTheRecordTakesNothing) {
  Watch changes(*stub_, "");
  EXPECT_EQ(changes.Next(), "SERVING");
  RefuseMessages(true);
  EXPECT_EQ(changes.Next(), "NOT_SERVING");
  EXPECT_EQ(Check("entente.v1.Bus"), "NOT_SERVING");
  RefuseMessages(false);
  EXPECT_EQ(changes.Next(), "SERVING");
  EXPECT_EQ(Check("entente.v1.Bus"), "SERVING");
}

TEST_F(HealthServiceTest, WatchTellsEachChangeAndTheStopping) {
  Watch bus(*stub_, "entente.v1.Bus");
  Watch other(*stub_, "somebody.else");
  EXPECT_EQ(bus.Next(), "SERVING");
  EXPECT_EQ(other.Next(), "SERVICE_UNKNOWN");
  RefuseMessages(true);
  EXPECT_EQ(bus.Next(), "NOT_SERVING");
  RefuseMessages(false);
  EXPECT_EQ(bus.Next(), "SERVING");
  server_->Stop("ENDEX");
  EXPECT_EQ(bus.Next(), "NOT_SERVING");
  EXPECT_EQ(bus.Next(), "over");
  EXPECT_EQ(other.Next(), "over");
}

TEST_F(HealthServiceTest, WatchesPastTheLimitAreRefusedAndTheOthersGoOn) {
  std::vector<std::unique_ptr<Watch>> watches;
  for (std::size_t i = 0; i < kHealthWatches; ++i) {
    watches.push_back(std::make_unique<Watch>(*stub_, ""));
    EXPECT_EQ(watches.back()->Next(), "SERVING");
  }
  Watch late(*stub_, "");
  EXPECT_EQ(late.Next(), "over");
  EXPECT_EQ(late.reader->Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  RefuseMessages(true);
  for (const auto& watch : watches) EXPECT_EQ(watch->Next(), "NOT_SERVING");
  EXPECT_EQ(Check(""), "NOT_SERVING");
}

}  // namespace
}  // namespace entente::broker
