// SPDX-License-Identifier: Apache-2.0
#include "broker/client/explain_client.h"

#include <grpcpp/create_channel.h>

#include "entente/v1/bus.grpc.pb.h"

namespace entente::broker {

Result<v1::ExplainReply> AskExplain(const std::string& endpoint, const v1::Envelope& envelope, Duration at_most,
                                    std::shared_ptr<grpc::ChannelCredentials> credentials) {
  if (!credentials) credentials = grpc::InsecureChannelCredentials();
  v1::Bus::Stub stub(grpc::CreateChannel(endpoint, credentials));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::duration_cast<std::chrono::system_clock::duration>(at_most));
  v1::ExplainRequest request;
  request.set_envelope(envelope.SerializeAsString());
  v1::ExplainReply reply;
  const grpc::Status status = stub.Explain(&context, request, &reply);
  if (status.ok()) return reply;
  return Fail(ErrorCode::kUnavailable, "the broker does not answer: " + status.error_message(), endpoint,
              "is it running there, and does it await this kind of connection?");
}

}  // namespace entente::broker
