// SPDX-License-Identifier: Apache-2.0
#include "broker/service/identity_gate.h"

#include <grpc/grpc_security_constants.h>

#include <utility>

namespace entente::broker {
namespace {

// gRPC gives out what the handshake saw under these names.
std::string_view PropertyOf(const grpc::AuthContext& context, const char* name) {
  const std::vector<grpc::string_ref> values = context.FindPropertyValues(name);
  return values.empty() ? std::string_view{} : std::string_view(values.front().data(), values.front().size());
}

}  // namespace

Result<StreamPeer> IdentityGate::Ask(const grpc::ServerContext& context, UtcTime now) const {
  StreamPeer peer{.identity = {}, .address = context.peer()};
  if (check_ == nullptr) return peer;
  const auto handshake = context.auth_context();
  const std::string_view certificate = PropertyOf(*handshake, GRPC_X509_PEM_CERT_PROPERTY_NAME);
  const std::string_view chain = PropertyOf(*handshake, GRPC_X509_PEM_CERT_CHAIN_PROPERTY_NAME);
  const auto checked = check_->Check(certificate, chain, PeerSide::kClient, {}, now);
  if (!checked) return std::unexpected(checked.error());
  peer.identity = identities_.Of(checked->name);
  peer.valid_until = checked->not_after;
  return peer;
}

bool IdentityGate::TrustChanged() {
  if (check_ == nullptr) return false;
  const std::uint64_t generation = check_->Generation();
  return std::exchange(generation_, generation) != generation;
}

}  // namespace entente::broker
