// SPDX-License-Identifier: Apache-2.0
#pragma once

// Live control from outside: one question, one answer; for the command line and for tests. Blocks; one thread.

#include <grpcpp/client_context.h>
#include <grpcpp/security/credentials.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "entente/v1/control.grpc.pb.h"

namespace entente::harness {

class ControlClient {
 public:
  using Stub = v1::Control::Stub;

  // `credentials` absent: without TLS. `answer_within`: for each question.
  explicit ControlClient(std::string endpoint, std::shared_ptr<grpc::ChannelCredentials> credentials = nullptr,
                         std::chrono::milliseconds answer_within = std::chrono::seconds(10));

  // Ask(&ControlClient::Stub::GetStatus, request). Errors: kUnavailable when nobody answers there; else what the run says.
  template <typename Request, typename Reply>
  Result<Reply> Ask(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*), const Request& request) {
    grpc::ClientContext context;
    SetDeadline(context);
    Reply reply;
    const grpc::Status status = (stub_.get()->*method)(&context, request, &reply);
    if (!status.ok()) return std::unexpected(ToError(status));
    return reply;
  }

  // Until the run is over or the callable gives false.
  Status Watch(const v1::WatchRequest& request, const std::function<bool(const v1::RecordEvent&)>& on_event);

 private:
  void SetDeadline(grpc::ClientContext& context) const;
  [[nodiscard]] Error ToError(const grpc::Status& status) const;

  std::string endpoint_;
  bool with_tls_;
  std::chrono::milliseconds answer_within_;
  std::unique_ptr<Stub> stub_;
};

}  // namespace entente::harness
