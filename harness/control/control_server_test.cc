// SPDX-License-Identifier: Apache-2.0
#include "harness/control/control_server.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <future>
#include <list>

#include "base/io/system_clock.h"
#include "broker/record/segment_log.h"
#include "harness/control/control_client.h"
#include "harness/control/watch_stream.h"

namespace entente::harness {
namespace {

using testing::HasSubstr;

class ControlServerTest : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(folder_);
    auto log = record::SegmentLog::Open({.directory = folder_}, clock_);
    ASSERT_TRUE(log) << log.error().Text();
    log_ = *std::move(log);
    auto server = ControlServer::Start({}, commands_, *log_, clock_, {});
    ASSERT_TRUE(server) << server.error().Text();
    server_ = *std::move(server);
  }
  void TearDown() override {
    server_.reset();
    log_.reset();
    std::filesystem::remove_all(folder_);
  }
  void RecordStart() {
    v1::RecordEvent event;
    event.mutable_exercise_state_changed()->set_state(v1::EXERCISE_STATE_RUNNING);
    ASSERT_TRUE(log_->Append(std::vector{event}));
    ASSERT_TRUE(log_->Flush());
  }

  const std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) / ("entente-control-" + std::to_string(getpid()));
  SystemClock clock_;
  RunCommands commands_;
  std::unique_ptr<record::SegmentLog> log_;
  std::unique_ptr<ControlServer> server_;
};

TEST_F(ControlServerTest, RefusesACallWhenTooManyWaitForTheRun) {
  for (std::size_t i = 0; i < RunCommands::kWaiting; ++i) ASSERT_TRUE(commands_.Post([](RunDesk*, Now) {}));
  ControlClient client(server_->endpoint());
  const auto status = client.Ask(&ControlClient::Stub::GetStatus, v1::StatusRequest());
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kExhausted);
  EXPECT_THAT(status.error().Text(), HasSubstr("wait already"));
}

TEST_F(ControlServerTest, AnswersWhoWaitsWhenTheRunIsOver) {
  ControlClient client(server_->endpoint());
  auto asked = std::async(std::launch::async, [&] { return client.Ask(&ControlClient::Stub::GetStatus, v1::StatusRequest()); });
  commands_.End(clock_.Read());
  const auto status = asked.get();
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().Text(), HasSubstr("the run is over"));
}

TEST_F(ControlServerTest, NoMoreWatchThanMay) {
  RecordStart();
  ControlClient::Stub stub(grpc::CreateChannel(server_->endpoint(), grpc::InsecureChannelCredentials()));
  v1::WatchRequest request;
  request.set_from_beginning(true);
  std::list<grpc::ClientContext> contexts;
  std::list<std::unique_ptr<grpc::ClientReader<v1::WatchReply>>> watchers;
  v1::WatchReply reply;
  for (std::size_t i = 0; i < kWatchers; ++i) {
    watchers.push_back(stub.Watch(&contexts.emplace_back(), request));
    ASSERT_TRUE(watchers.back()->Read(&reply)) << i;
    EXPECT_EQ(reply.event().exercise_state_changed().state(), v1::EXERCISE_STATE_RUNNING);
  }
  const auto one_more = stub.Watch(&contexts.emplace_back(), request);
  EXPECT_FALSE(one_more->Read(&reply));
  EXPECT_EQ(one_more->Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  server_->Stop();
  for (const auto& watcher : watchers) {
    EXPECT_FALSE(watcher->Read(&reply));
    EXPECT_TRUE(watcher->Finish().ok()) << "whoever watches is told the end";
  }
}

TEST_F(ControlServerTest, WatchingWhatTheRecordDoesNotKnowIsRefused) {
  ControlClient client(server_->endpoint());
  v1::WatchRequest request;
  request.add_kinds("weather");
  const Status watched = client.Watch(request, [](const v1::RecordEvent&) { return true; });
  ASSERT_FALSE(watched);
  EXPECT_THAT(watched.error().Text(), HasSubstr("fault_started"));
}

TEST_F(ControlServerTest, ATakenPortSaysSo) {
  const std::string endpoint = server_->endpoint();
  const auto port = static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1)));
  const auto second = ControlServer::Start({.port = port}, commands_, *log_, clock_, {});
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().Text(), HasSubstr(endpoint));
}

}  // namespace
}  // namespace entente::harness
