// SPDX-License-Identifier: Apache-2.0
#include "broker/service/explain_call.h"

#include "broker/service/byte_buffers.h"

namespace entente::broker {

void ExplainCall::Await() {
  if (!loop_.open()) return;
  call_ = std::make_unique<Call>();
  service_.RequestExplain(&call_->context, &call_->request, &call_->responder, loop_.queue(), loop_.queue(), &asked_);
}

void ExplainCall::Answer() {
  if (!loop_.open()) return;
  const SharedSlice octets = ToSharedSlice(call_->request);
  v1::ExplainRequest request;
  if (!request.ParseFromArray(octets.view().data(), static_cast<int>(octets.size()))) {
    const grpc::Status broken(grpc::StatusCode::INVALID_ARGUMENT, "not an entente.v1.ExplainRequest");
    call_->responder.FinishWithError(broken, &answered_);
    return;
  }
  const std::string reply = relay_.Explain(AsBytes(request.envelope())).SerializeAsString();
  call_->responder.Finish(ToByteBuffer(ToBytes(reply)), grpc::Status::OK, &answered_);
}

}  // namespace entente::broker
