// SPDX-License-Identifier: Apache-2.0
#pragma once

// One Explain at a time: answers, then waits for the next.

#include <grpcpp/support/async_unary_call.h>

#include <memory>

#include "broker/core/relay.h"
#include "broker/service/bus_service.h"
#include "broker/service/server_loop.h"

namespace entente::broker {

class ExplainCall {
 public:
  ExplainCall(BusService& service, ServerLoop& loop, const Relay& relay) : service_(service), loop_(loop), relay_(relay) {}
  void Await();

 private:
  struct Call {
    grpc::ServerContext context;
    grpc::ByteBuffer request;
    grpc::ServerAsyncResponseWriter<grpc::ByteBuffer> responder{&context};
  };
  void Answer();

  BusService& service_;
  ServerLoop& loop_;
  const Relay& relay_;
  std::unique_ptr<Call> call_;
  Operation asked_{[this](bool ok) {
    if (ok) Answer();
  }};
  Operation answered_{[this](bool) { Await(); }};
};

}  // namespace entente::broker
