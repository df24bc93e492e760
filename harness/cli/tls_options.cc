// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/tls_options.h"

namespace entente::cli {

void TlsOptions::AddTo(CLI::App& command) {
  command.add_option("--tls-certificate", files_.certificate, "Its own certificate (PEM): mutual TLS 1.3 on the bus");
  command.add_option("--tls-key", files_.key, "The key of its certificate (PEM)");
  command.add_option("--tls-authority", files_.authority, "Who signs the certificates of its peers (PEM)");
  command.add_option("--tls-crl", files_.revoked, "Revocation lists of these authorities (PEM)");
}

Result<std::optional<broker::TlsFiles>> TlsOptions::Files() const {
  if (files_ == broker::TlsFiles{}) return std::nullopt;
  if (!files_.certificate.empty() && !files_.key.empty() && !files_.authority.empty()) return files_;
  return Fail(ErrorCode::kInvalidArgument, "TLS needs three files", {},
              "give --tls-certificate, --tls-key and --tls-authority; entente certs makes them");
}

}  // namespace entente::cli
