// SPDX-License-Identifier: Apache-2.0
#include "broker/certificates/tls13.h"

#include <openssl/conf.h>
#include <openssl/ssl.h>

#include "broker/certificates/openssl.h"

namespace entente::broker {
namespace {

// Of config(5): applied to every SSL_CTX that is made from then on. gRPC sets its own lowest version afterwards, 1.2, and leaves
// the versions that are switched off alone.
constexpr std::string_view kConfiguration = R"(
entente = sections
[sections]
ssl_conf = ssl
[ssl]
system_default = defaults
[defaults]
Protocol = -TLSv1.2
)";

bool Load() {
  // The system's file first, since loading it later would replace this.
  if (OPENSSL_init_ssl(OPENSSL_INIT_LOAD_CONFIG, nullptr) != 1) return false;
  const openssl::Bio text(BIO_new_mem_buf(kConfiguration.data(), static_cast<int>(kConfiguration.size())));
  const std::unique_ptr<CONF, openssl::Free<NCONF_free>> configuration(NCONF_new(nullptr));
  return text && configuration && NCONF_load_bio(configuration.get(), text.get(), nullptr) > 0 &&
         CONF_modules_load(configuration.get(), "entente", 0) > 0;
}

}  // namespace

Status RequireTls13() {
  static const bool loaded = Load();
  if (loaded) return {};
  return Fail(ErrorCode::kIo, "OpenSSL cannot be told to speak TLS 1.3 only", {}, "check the system's OpenSSL configuration");
}

}  // namespace entente::broker
