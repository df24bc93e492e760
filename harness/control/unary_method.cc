// SPDX-License-Identifier: Apache-2.0
#include "harness/control/unary_method.h"

namespace entente::harness {
namespace {

grpc::StatusCode CodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument:
      return grpc::StatusCode::INVALID_ARGUMENT;
    case ErrorCode::kUnsupported:
    case ErrorCode::kUnavailable:  // the code UNAVAILABLE is the transport's: nobody answers there
      return grpc::StatusCode::FAILED_PRECONDITION;
    case ErrorCode::kNotFound:
      return grpc::StatusCode::NOT_FOUND;
    case ErrorCode::kAlreadyExists:
      return grpc::StatusCode::ALREADY_EXISTS;
    case ErrorCode::kPermissionDenied:
      return grpc::StatusCode::PERMISSION_DENIED;
    case ErrorCode::kExhausted:
      return grpc::StatusCode::RESOURCE_EXHAUSTED;
    case ErrorCode::kDataLoss:
    case ErrorCode::kIo:
      break;
  }
  return grpc::StatusCode::INTERNAL;
}

}  // namespace

grpc::Status ToGrpc(const Error& error) {
  return {CodeOf(error.code), error.Text()};
}

}  // namespace entente::harness
