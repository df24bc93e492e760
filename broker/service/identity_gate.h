// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who is at the other end of a call: its address always, its identity when the broker asks for certificates.

#include <grpcpp/server_context.h>

#include "broker/certificates/certificate_check.h"
#include "broker/core/relay.h"

namespace entente::broker {

class IdentityGate {
 public:
  // Without a check (no TLS) nothing is proven, and every peer may do everything.
  IdentityGate(std::shared_ptr<CertificateCheck> check, IdentityBook identities)
      : check_(std::move(check)), identities_(std::move(identities)) {}

  // The certificate was good at the handshake; it is asked again, since files may have changed and time has passed.
  [[nodiscard]] Result<StreamPeer> Ask(const grpc::ServerContext& context, UtcTime now) const;
  // True when other files are in force than at the last call.
  bool TrustChanged();
  [[nodiscard]] bool asks() const { return check_ != nullptr; }

 private:
  std::shared_ptr<CertificateCheck> check_;
  IdentityBook identities_;
  std::uint64_t generation_ = 0;
};

}  // namespace entente::broker
