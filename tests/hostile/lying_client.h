// SPDX-License-Identifier: Apache-2.0
#pragma once

// A client of the bus that speaks gRPC and lies: writes whatever octets it is told to, reads only when told. Blocking, one thread;
// a call that is not answered within half a minute fails.

#include <grpcpp/channel.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "entente/v1/bus.pb.h"

namespace entente::hostile {

std::shared_ptr<grpc::Channel> ChannelTo(const std::string& endpoint);
// As an honest node would say it, with all subscriptions and a megabyte of credit.
v1::ClientFrame HelloOf(const std::string& node, std::uint64_t incarnation = 7);

class LyingClient {
 public:
  explicit LyingClient(const std::shared_ptr<grpc::Channel>& channel);
  explicit LyingClient(const std::string& endpoint) : LyingClient(ChannelTo(endpoint)) {}
  ~LyingClient();
  LyingClient(const LyingClient&) = delete;
  LyingClient& operator=(const LyingClient&) = delete;

  // False: the stream is over.
  bool Write(const std::string& octets);
  bool Write(const v1::ClientFrame& frame) { return Write(frame.SerializeAsString()); }
  std::optional<v1::BrokerFrame> Read();
  // Says hello and reads the welcome; false when there was none.
  bool Attach(const std::string& node, std::uint64_t incarnation = 7);
  // Reads to the end: the reason of the goodbye, empty without one.
  std::string Goodbye();
  // Reads to the end: how the stream ended.
  grpc::Status Status();

 private:
  bool Wait();

  grpc::CompletionQueue queue_;
  grpc::ClientContext context_;
  grpc::GenericStub stub_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  grpc::ByteBuffer read_;  // outlives a read that is not answered
  bool over_ = false;
};

}  // namespace entente::hostile
