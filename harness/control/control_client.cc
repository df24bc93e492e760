// SPDX-License-Identifier: Apache-2.0
#include "harness/control/control_client.h"

#include <grpcpp/create_channel.h>

#include <chrono>
#include <utility>

namespace entente::harness {
namespace {

// Between attempts to reach the run.
constexpr int kReconnectMs = 200;
constexpr int kLongestReconnectMs = 1000;

grpc::ChannelArguments Arguments() {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kLongestReconnectMs);
  return arguments;
}

ErrorCode CodeOf(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::NOT_FOUND:
      return ErrorCode::kNotFound;
    case grpc::StatusCode::ALREADY_EXISTS:
      return ErrorCode::kAlreadyExists;
    case grpc::StatusCode::PERMISSION_DENIED:
      return ErrorCode::kPermissionDenied;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return ErrorCode::kExhausted;
    case grpc::StatusCode::FAILED_PRECONDITION:
      return ErrorCode::kUnsupported;
    default:
      return ErrorCode::kInvalidArgument;
  }
}

}  // namespace

ControlClient::ControlClient(std::string endpoint, std::shared_ptr<grpc::ChannelCredentials> credentials,
                             std::chrono::milliseconds answer_within)
    : endpoint_(std::move(endpoint)),
      with_tls_(credentials != nullptr),
      answer_within_(answer_within),
      stub_(v1::Control::NewStub(grpc::CreateCustomChannel(
          endpoint_, with_tls_ ? std::move(credentials) : grpc::InsecureChannelCredentials(), Arguments()))) {}

void ControlClient::SetDeadline(grpc::ClientContext& context) const {
  context.set_deadline(std::chrono::system_clock::now() + answer_within_);
}

Error ControlClient::ToError(const grpc::Status& status) const {
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::UNIMPLEMENTED:
    case grpc::StatusCode::CANCELLED:
      return {ErrorCode::kUnavailable, "no run answers there: " + status.error_message(), endpoint_,
              with_tls_ ? "is it under way, was it started with --control there, and does its authority sign this certificate?"
                        : "start one with `entente run EXERCISE --control " + endpoint_ +
                              "`; if it asks for certificates, give --tls-certificate, --tls-key and --tls-authority"};
    default:
      return {CodeOf(status.error_code()), status.error_message(), endpoint_, {}};
  }
}

Status ControlClient::Watch(const v1::WatchRequest& request, const std::function<bool(const v1::RecordEvent&)>& on_event) {
  grpc::ClientContext context;
  const auto reader = stub_->Watch(&context, request);
  v1::WatchReply reply;
  bool goes_on = true;
  while (goes_on && reader->Read(&reply)) goes_on = on_event(reply.event());
  if (!goes_on) context.TryCancel();
  const grpc::Status status = reader->Finish();
  if (status.ok() || !goes_on) return {};
  return std::unexpected(ToError(status));
}

}  // namespace entente::harness
