// SPDX-License-Identifier: Apache-2.0
#pragma once

// gRPC's credentials out of TlsFiles: mutual TLS 1.3, with CertificateCheck as the judge on both sides. Own certificate and key are
// read again by themselves, within seconds of a change.

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <functional>
#include <memory>
#include <string>

#include "base/time.h"
#include "broker/certificates/certificate_check.h"

namespace entente::broker {

// A handshake was refused; called on a thread of gRPC, which does not tell the peer's address here.
using OnHandshakeRefused = std::function<void(const Error& why)>;

// `clock` outlives the credentials.
Result<std::shared_ptr<grpc::ServerCredentials>> MakeServerCredentials(const TlsFiles& files,
                                                                       std::shared_ptr<CertificateCheck> check, const Clock& clock,
                                                                       OnHandshakeRefused on_refused);

// `broker`: identity that the broker must have, "EXCON/broker"; empty: any that the authority signed for the host that is dialled.
Result<std::shared_ptr<grpc::ChannelCredentials>> MakeChannelCredentials(const TlsFiles& files, const std::string& broker,
                                                                         const Clock& clock);

}  // namespace entente::broker
