// SPDX-License-Identifier: Apache-2.0
#pragma once

// One method of the Control service: takes its calls, hands each to the run when the caller may, and answers when the run has. Any
// number of calls may be under way; how many wait for the run is bounded there. Polling thread only, but for the command itself.

#include <grpcpp/server_context.h>
#include <grpcpp/support/async_unary_call.h>

#include <list>
#include <memory>
#include <optional>
#include <utility>

#include "base/result.h"
#include "broker/service/server_loop.h"
#include "entente/v1/control.grpc.pb.h"
#include "harness/control/commands.h"

namespace entente::harness {

// Every error in one sentence, under the code that a client looks for.
grpc::Status ToGrpc(const Error& error);

// What the methods share.
class ControlHost {
 public:
  virtual ~ControlHost() = default;
  // Who calls, if they may. A refusal is written down.
  virtual Result<broker::StreamPeer> Admit(const grpc::ServerContext& context, const google::protobuf::Message& request) = 0;
  virtual RunCommands& commands() = 0;
};

using ControlService = v1::Control::AsyncService;

template <typename Request, typename Reply>
class UnaryMethod {
 public:
  // Of the generated service: &ControlService::RequestGetStatus.
  using Take = void (ControlService::*)(grpc::ServerContext*, Request*, grpc::ServerAsyncResponseWriter<Reply>*,
                                        grpc::CompletionQueue*, grpc::ServerCompletionQueue*, void*);

  UnaryMethod(ControlService& service, Take take, broker::ServerLoop& loop, ControlHost& host)
      : service_(service), take_(take), loop_(loop), host_(host) {}

  void Await() {
    if (!loop_.open()) return;
    calls_.push_back(std::make_unique<Call>(*this));
    Call& call = *calls_.back();
    call.place = std::prev(calls_.end());
    (service_.*take_)(&call.context, &call.request, &call.responder, loop_.queue(), loop_.queue(), &call.asked);
  }

 private:
  struct Call {
    explicit Call(UnaryMethod& method)
        : asked([this, &method](bool ok) {
            if (ok) method.OnAsked(*this);
          }),
          answered([this, &method](bool) { method.calls_.erase(place); }) {}

    grpc::ServerContext context;
    Request request;
    grpc::ServerAsyncResponseWriter<Reply> responder{&context};
    std::list<std::unique_ptr<Call>>::iterator place;
    broker::Operation asked;
    broker::Operation answered;
  };

  void OnAsked(Call& call) {
    Await();
    const auto peer = host_.Admit(call.context, call.request);
    if (!peer) return Answer(call, std::unexpected(peer.error()));
    // The call stays until it is answered, and the run answers every command.
    const Status posted = host_.commands().Post([this, &call, by = *peer](RunDesk* desk, Now now) {
      const auto answer = [this, &call](const Result<Reply>& reply) { loop_.Post([this, &call, reply] { Answer(call, reply); }); };
      if (desk != nullptr) return CarryOut(call.request, by, *desk, now, answer);
      answer(Fail(ErrorCode::kUnavailable, "the run is over", {}, "its folder holds what came of it"));
    });
    if (!posted) Answer(call, std::unexpected(posted.error()));
  }

  void Answer(Call& call, const Result<Reply>& reply) {
    if (!loop_.open()) return;
    if (reply) {
      call.responder.Finish(*reply, grpc::Status::OK, &call.answered);
    } else {
      call.responder.FinishWithError(ToGrpc(reply.error()), &call.answered);
    }
  }

  ControlService& service_;
  const Take take_;
  broker::ServerLoop& loop_;
  ControlHost& host_;
  std::list<std::unique_ptr<Call>> calls_;
};

}  // namespace entente::harness
