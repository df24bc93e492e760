// SPDX-License-Identifier: Apache-2.0
#pragma once

// The standard health service (grpc.health.v1) for "" and "entente.v1.Bus", on the server's own queue: gRPC's built-in one polls
// with threads of its own, which take turns with ours and slow every stream (docs/decisions/0007). Polling thread only.

#include <grpcpp/support/async_stream.h>
#include <grpcpp/support/async_unary_call.h>

#include <list>
#include <memory>
#include <string>

#include "broker/service/server_loop.h"
#include "standard/health.grpc.pb.h"

namespace entente::broker {

namespace health = grpc::health::v1;
using HealthService = health::Health::WithAsyncMethod_Check<health::Health::WithAsyncMethod_Watch<health::Health::Service>>;
using Health = health::HealthCheckResponse;

// Watches at once; more: refused, Check still answers.
inline constexpr std::size_t kHealthWatches = 64;

// One Watch: waits for a call, then tells the status and each change of it, until the client goes.
class HealthWatch {
 public:
  class Host {
   public:
    virtual ~Host() = default;
    // This one has a call now. False: there are too many.
    virtual bool OnCall() = 0;
    [[nodiscard]] virtual Health::ServingStatus StatusOf(const std::string& service) const = 0;
  };

  HealthWatch(HealthService& service, ServerLoop& loop, Host& host);
  void AwaitCall();
  // Writes the status if it is another than the last told, once the write in flight is done.
  void Tell();
  [[nodiscard]] bool writing() const { return writing_; }
  [[nodiscard]] bool over() const { return over_ && operations_ == 0; }

 private:
  void OnCall(bool ok);
  void OnWritten(bool ok);

  HealthService& service_;
  ServerLoop& loop_;
  Host& host_;
  grpc::ServerContext context_;
  health::HealthCheckRequest request_;
  grpc::ServerAsyncWriter<Health> writer_{&context_};
  Health::ServingStatus told_ = Health::UNKNOWN;
  bool telling_ = false;  // from the call until the client is gone
  bool writing_ = false;
  bool over_ = false;
  int operations_ = 0;
  Operation on_call_;
  Operation on_written_;
  Operation on_finished_;
  Operation on_gone_;
};

class HealthCalls final : public HealthWatch::Host {
 public:
  HealthCalls(HealthService& service, ServerLoop& loop) : service_(service), loop_(loop) {}

  // Once, before the loop runs.
  void Await();
  void Report(bool serving);
  // No watcher is being told something just now.
  [[nodiscard]] bool quiet() const;

 private:
  struct Check {
    grpc::ServerContext context;
    health::HealthCheckRequest request;
    grpc::ServerAsyncResponseWriter<Health> responder{&context};
  };
  void AwaitCheck();
  void Answer();
  void AwaitWatch();
  bool OnCall() override;
  [[nodiscard]] Health::ServingStatus StatusOf(const std::string& service) const override;

  HealthService& service_;
  ServerLoop& loop_;
  bool serving_ = true;
  std::unique_ptr<Check> check_;
  std::list<std::unique_ptr<HealthWatch>> watches_;
  Operation asked_{[this](bool ok) {
    if (ok) Answer();
  }};
  Operation answered_{[this](bool) { AwaitCheck(); }};
};

}  // namespace entente::broker
