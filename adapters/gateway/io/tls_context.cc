// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/io/tls_context.h"

#include <fmt/format.h>

namespace entente::gateway {
namespace {

using Context = std::shared_ptr<asio::ssl::context>;

Status CheckThere(const std::filesystem::path& file, std::string_view what, std::string_view advice) {
  if (file.empty()) return Fail(ErrorCode::kInvalidArgument, fmt::format("TLS needs a {} file", what), {}, std::string(advice));
  std::error_code error;
  if (std::filesystem::is_regular_file(file, error)) return {};
  return Fail(ErrorCode::kNotFound, fmt::format("there is no {} file", what), file.string(), std::string(advice));
}

Status Unusable(const std::filesystem::path& file, std::string_view what, const std::error_code& error) {
  return Fail(ErrorCode::kInvalidArgument, fmt::format("the {} file cannot be used: {}", what, error.message()), file.string(),
              "give a PEM file");
}

Status LoadIdentity(asio::ssl::context& context, const TlsFiles& files) {
  if (const auto there = CheckThere(files.certificate, "certificate", "say tls.certificate"); !there) return there;
  if (const auto there = CheckThere(files.key, "key", "say tls.key"); !there) return there;
  std::error_code error;
  context.use_certificate_chain_file(files.certificate.string(), error);
  if (error) return Unusable(files.certificate, "certificate", error);
  context.use_private_key_file(files.key.string(), asio::ssl::context::pem, error);
  if (error) return Unusable(files.key, "key", error);
  if (SSL_CTX_check_private_key(context.native_handle()) != 1) {
    return Fail(ErrorCode::kInvalidArgument, "the key is not the one of the certificate", files.key.string(),
                "give the key that belongs to " + files.certificate.string());
  }
  return {};
}

Status LoadAuthority(asio::ssl::context& context, const TlsFiles& files) {
  if (const auto there = CheckThere(files.authority, "certificate authority", "say tls.authority"); !there) return there;
  std::error_code error;
  context.load_verify_file(files.authority.string(), error);
  if (error) return Unusable(files.authority, "certificate authority", error);
  context.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert, error);
  return {};
}

Status Load(asio::ssl::context& context, const TlsFiles& files, TransportRole role) {
  const bool listens = role == TransportRole::kListen;
  const bool has_identity = !files.certificate.empty() || !files.key.empty();
  if (listens || has_identity) {
    if (const auto loaded = LoadIdentity(context, files); !loaded) return loaded;
  }
  return !listens || files.require_peer_certificate ? LoadAuthority(context, files) : Status{};
}

// The constructor throws when OpenSSL itself cannot be set up.
Context MakeBare(TransportRole role) {
  try {
    return std::make_shared<asio::ssl::context>(role == TransportRole::kListen ? asio::ssl::context::tls_server
                                                                               : asio::ssl::context::tls_client);
  } catch (const std::system_error&) {
    return nullptr;
  }
}

}  // namespace

Result<Context> MakeTlsContext(const TlsFiles& files, TransportRole role) {
  Context context = MakeBare(role);
  // Systems under test may be older than the bus, for which this process may have switched 1.2 off.
  if (context) SSL_CTX_clear_options(context->native_handle(), SSL_OP_NO_TLSv1_2);
  if (!context || SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION) != 1) {
    return Fail(ErrorCode::kIo, "OpenSSL cannot do TLS 1.2", {}, "check the system's OpenSSL configuration");
  }
  if (const auto loaded = Load(*context, files, role); !loaded) return std::unexpected(loaded.error());
  return context;
}

}  // namespace entente::gateway
