// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a peer's certificate is to be trusted, and whom it names: signed by the authority, in date, not revoked, made for this
// side of a connection, and of exactly one URI entente://<nation>/<node>. Authority and revocation lists are read again when their
// files change; as long as the new ones cannot be used, the old ones hold and the log says so.
//
// Thread-safe: handshakes ask from threads of gRPC.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "broker/certificates/tls_files.h"

namespace entente::broker {

// Which end of the connection the certificate's owner is.
enum class PeerSide { kClient, kServer };

struct PeerCertificate {
  std::string name;  // "DEU/brigade" of its URI; a server's may be empty
  UtcTime not_after{};

  bool operator==(const PeerCertificate&) const = default;
};

class CertificateCheck {
 public:
  // Reads authority and revocation lists. Errors name the file.
  static Result<std::shared_ptr<CertificateCheck>> Open(const TlsFiles& files);
  ~CertificateCheck();
  CertificateCheck(const CertificateCheck&) = delete;
  CertificateCheck& operator=(const CertificateCheck&) = delete;

  // `chain_pem`: intermediates, may be empty. `host`: name or address that was dialled, which a server's certificate must carry;
  // empty: any. The error is kPermissionDenied and says whose certificate it is and why it is refused.
  Result<PeerCertificate> Check(std::string_view certificate_pem, std::string_view chain_pem, PeerSide side, std::string_view host,
                                UtcTime now);
  // Grows whenever other files are in force: what was trusted must be asked again.
  std::uint64_t Generation();

 private:
  class Impl;
  explicit CertificateCheck(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Whether these files make an identity at all: key and certificate belong together, are in date and name one node. For the
// operator, before anything is dialled: the other side's refusal would only be seen there.
Result<PeerCertificate> CheckOwnFiles(const TlsFiles& files, PeerSide side, UtcTime now);

}  // namespace entente::broker
