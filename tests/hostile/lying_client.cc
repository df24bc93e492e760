// SPDX-License-Identifier: Apache-2.0
#include "tests/hostile/lying_client.h"

#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <chrono>

#include "base/limits.h"

namespace entente::hostile {
namespace {

constexpr auto kPatience = std::chrono::seconds(30);
constexpr std::uint64_t kCredit = 1024 * 1024;

}  // namespace

std::shared_ptr<grpc::Channel> ChannelTo(const std::string& endpoint) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(endpoint, grpc::InsecureChannelCredentials(), arguments);
}

v1::ClientFrame HelloOf(const std::string& node, std::uint64_t incarnation) {
  v1::ClientFrame frame;
  v1::Hello& hello = *frame.mutable_hello();
  hello.set_version(1);
  hello.set_node(node);
  hello.set_incarnation(incarnation);
  hello.add_subscriptions();
  hello.set_credit_octets(kCredit);
  return frame;
}

LyingClient::LyingClient(const std::shared_ptr<grpc::Channel>& channel) : stub_(channel) {
  stream_ = stub_.PrepareCall(&context_, "/entente.v1.Bus/Attach", &queue_);
  stream_->StartCall(nullptr);
  over_ = !Wait();
}

LyingClient::~LyingClient() {
  context_.TryCancel();
  queue_.Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) {
  }
}

bool LyingClient::Wait() {
  void* tag = nullptr;
  bool ok = false;
  const auto answer = queue_.AsyncNext(&tag, &ok, std::chrono::system_clock::now() + kPatience);
  EXPECT_EQ(answer, grpc::CompletionQueue::GOT_EVENT) << "the broker does not answer";
  return ok && answer == grpc::CompletionQueue::GOT_EVENT;
}

bool LyingClient::Write(const std::string& octets) {
  if (over_) return false;
  const grpc::Slice slice(octets);
  stream_->Write(grpc::ByteBuffer(&slice, 1), nullptr);
  return Wait();
}

std::optional<v1::BrokerFrame> LyingClient::Read() {
  if (over_) return std::nullopt;
  stream_->Read(&read_, nullptr);
  grpc::Slice slice;
  v1::BrokerFrame frame;
  over_ = !Wait() || !read_.DumpToSingleSlice(&slice).ok() || !frame.ParseFromArray(slice.begin(), static_cast<int>(slice.size()));
  return over_ ? std::nullopt : std::optional(frame);
}

bool LyingClient::Attach(const std::string& node, std::uint64_t incarnation) {
  if (!Write(HelloOf(node, incarnation))) return false;
  const auto frame = Read();
  return frame && frame->has_welcome();
}

std::string LyingClient::Goodbye() {
  std::string reason;
  while (const auto frame = Read()) {
    if (frame->has_goodbye()) reason = frame->goodbye().reason();
  }
  return reason;
}

grpc::Status LyingClient::Status() {
  while (Read()) {
  }
  grpc::Status status;
  stream_->Finish(&status, nullptr);
  Wait();
  return status;
}

}  // namespace entente::hostile
