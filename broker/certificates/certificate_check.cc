// SPDX-License-Identifier: Apache-2.0
#include "broker/certificates/certificate_check.h"

#include <sys/stat.h>

#include <algorithm>
#include <mutex>
#include <vector>

#include "base/io/log.h"
#include "broker/certificates/openssl.h"
#include "broker/certificates/subject_names.h"
#include "broker/policy/identity.h"

namespace entente::broker {
namespace {

// Keys and signatures of at least 112 bits of security (RSA 2048, P-256, SHA-256).
constexpr int kSecurityLevel = 2;

// What tells one state of a file from another without reading it.
struct Stamp {
  std::int64_t modified_ns = 0;
  std::uint64_t octets = 0;
  std::uint64_t inode = 0;

  bool operator==(const Stamp&) const = default;
  static Stamp Of(const std::filesystem::path& path) {
    struct stat found{};
    if (path.empty() || ::stat(path.c_str(), &found) != 0) return {};
    return {found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec, static_cast<std::uint64_t>(found.st_size), found.st_ino};
  }
};

struct Stamps {
  Stamp authority;
  Stamp revoked;

  bool operator==(const Stamps&) const = default;
  static Stamps Of(const TlsFiles& files) { return {Stamp::Of(files.authority), Stamp::Of(files.revoked)}; }
};

Result<openssl::Store> ReadTrust(const TlsFiles& files) {
  const auto authority = openssl::ReadPemFile(files.authority, "certificate authority");
  if (!authority) return std::unexpected(authority.error());
  const auto trusted = openssl::ReadCertificates(*authority, files.authority.string());
  if (!trusted) return std::unexpected(trusted.error());
  openssl::Store store(X509_STORE_new());
  for (const openssl::X509Ptr& each : *trusted) X509_STORE_add_cert(store.get(), each.get());
  if (files.revoked.empty()) return store;
  const auto lists = openssl::ReadPemFile(files.revoked, "revocation list");
  if (!lists) return std::unexpected(lists.error());
  const auto crls = openssl::ReadCrls(*lists, files.revoked.string());
  if (!crls) return std::unexpected(crls.error());
  for (const openssl::Crl& each : *crls) X509_STORE_add_crl(store.get(), each.get());
  X509_STORE_set_flags(store.get(), X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
  return store;
}

std::string AdviceOn(int error) {
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "issue a new one: entente certs --renew";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "compare the clocks of the two machines";
    case X509_V_ERR_CERT_REVOKED:
      return "issue a new one, if its owner may still take part";
    case X509_V_ERR_UNABLE_TO_GET_CRL:
    case X509_V_ERR_CRL_HAS_EXPIRED:
      return "give a current revocation list for every authority in the chain, or none at all";
    case X509_V_ERR_INVALID_PURPOSE:
      return "its extended key usage does not allow this side of a connection";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "dial a name that the certificate carries, or issue one with the name: entente certs --host";
    default:
      return "both sides need certificates of an authority that the other one trusts";
  }
}

std::string Describe(X509* leaf) {
  return "certificate of " + SubjectOf(leaf) + ", serial " + SerialOf(leaf);
}

void ExpectHost(X509_VERIFY_PARAM* parameters, std::string_view host) {
  if (host.empty()) return;
  const std::string name(host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host);
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, name.c_str()) != 1) {
    X509_VERIFY_PARAM_set1_host(parameters, name.data(), name.size());
  }
}

Status Verify(X509_STORE* store, X509* leaf, const std::vector<openssl::X509Ptr>& chain, PeerSide side, std::string_view host,
              UtcTime now) {
  const std::unique_ptr<STACK_OF(X509), openssl::Free<[](STACK_OF(X509) * stack) { sk_X509_free(stack); }>> untrusted(
      sk_X509_new_null());
  for (const openssl::X509Ptr& each : chain) sk_X509_push(untrusted.get(), each.get());
  const openssl::StoreContext context(X509_STORE_CTX_new());
  if (!context || X509_STORE_CTX_init(context.get(), store, leaf, untrusted.get()) != 1) {
    return Fail(ErrorCode::kIo, "OpenSSL cannot check the certificate: " + openssl::LastReason(), Describe(leaf));
  }
  X509_STORE_CTX_set_purpose(context.get(), side == PeerSide::kClient ? X509_PURPOSE_SSL_CLIENT : X509_PURPOSE_SSL_SERVER);
  X509_VERIFY_PARAM* const parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_auth_level(parameters, kSecurityLevel);
  X509_VERIFY_PARAM_set_time(parameters, std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
  ExpectHost(parameters, host);
  if (X509_verify_cert(context.get()) == 1) return {};
  const int error = X509_STORE_CTX_get_error(context.get());
  return Fail(ErrorCode::kPermissionDenied, X509_verify_cert_error_string(error), Describe(leaf), AdviceOn(error));
}

// A broker is known by its host; it needs no URI, but not two either.
Result<PeerCertificate> NamedBy(X509* leaf, PeerSide side) {
  const std::vector<std::string> uris = UrisOf(leaf);
  const bool nameless = std::ranges::none_of(uris, IsIdentityUri);
  auto name = side == PeerSide::kServer && nameless ? std::string{} : IdentityName(uris);
  if (!name) {
    Error error = name.error();
    error.where = Describe(leaf);
    return std::unexpected(std::move(error));
  }
  return PeerCertificate{*std::move(name), openssl::ToUtc(X509_get0_notAfter(leaf))};
}

}  // namespace

class CertificateCheck::Impl {
 public:
  explicit Impl(TlsFiles files) : files_(std::move(files)) {}

  Status Open() {
    const std::lock_guard lock(mutex_);
    return Read(Stamps::Of(files_));
  }

  // The store in force; kept alive by the caller while the files may change again.
  std::pair<std::shared_ptr<X509_STORE>, std::uint64_t> Current() {
    const std::lock_guard lock(mutex_);
    if (const Stamps stamps = Stamps::Of(files_); stamps != stamps_) {
      if (const Status read = Read(stamps); read) {
        spdlog::info("authority and revocation lists read again: {}", files_.authority.string());
      } else {
        spdlog::error("the authority and revocation lists read before stay in force: {}", read.error().Text());
      }
    }
    return {store_, generation_};
  }

 private:
  Status Read(const Stamps& stamps) {
    stamps_ = stamps;
    auto store = ReadTrust(files_);
    if (!store) return std::unexpected(store.error());
    store_ = std::shared_ptr<X509_STORE>(std::move(*store));
    ++generation_;
    return {};
  }

  const TlsFiles files_;
  std::mutex mutex_;
  Stamps stamps_;
  std::shared_ptr<X509_STORE> store_;
  std::uint64_t generation_ = 0;
};

CertificateCheck::CertificateCheck(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CertificateCheck::~CertificateCheck() = default;

Result<std::shared_ptr<CertificateCheck>> CertificateCheck::Open(const TlsFiles& files) {
  auto impl = std::make_unique<Impl>(files);
  if (const Status opened = impl->Open(); !opened) return std::unexpected(opened.error());
  return std::shared_ptr<CertificateCheck>(new CertificateCheck(std::move(impl)));
}

Result<PeerCertificate> CertificateCheck::Check(std::string_view certificate_pem, std::string_view chain_pem, PeerSide side,
                                                std::string_view host, UtcTime now) {
  if (certificate_pem.empty()) {
    return Fail(ErrorCode::kPermissionDenied, "the peer showed no certificate", {},
                "connect with a certificate of the exercise; see entente certs --help");
  }
  const auto leaf = openssl::ReadCertificates(certificate_pem, "certificate of the peer");
  if (!leaf) return std::unexpected(leaf.error());
  std::vector<openssl::X509Ptr> chain;
  if (!chain_pem.empty()) {
    auto read = openssl::ReadCertificates(chain_pem, "certificate chain of the peer");
    if (!read) return std::unexpected(read.error());
    chain = *std::move(read);
  }
  const auto [store, generation] = impl_->Current();
  if (const Status sound = Verify(store.get(), leaf->front().get(), chain, side, host, now); !sound) {
    return std::unexpected(sound.error());
  }
  return NamedBy(leaf->front().get(), side);
}

std::uint64_t CertificateCheck::Generation() {
  return impl_->Current().second;
}

Result<PeerCertificate> CheckOwnFiles(const TlsFiles& files, PeerSide side, UtcTime now) {
  const auto certificate = openssl::ReadPemFile(files.certificate, "certificate");
  if (!certificate) return std::unexpected(certificate.error());
  const auto key_text = openssl::ReadPemFile(files.key, "key");
  if (!key_text) return std::unexpected(key_text.error());
  const auto chain = openssl::ReadCertificates(*certificate, files.certificate.string());
  if (!chain) return std::unexpected(chain.error());
  const auto key = openssl::ReadKey(*key_text, files.key.string());
  if (!key) return std::unexpected(key.error());
  if (X509_check_private_key(chain->front().get(), key->get()) != 1) {
    openssl::LastReason();
    return Fail(ErrorCode::kInvalidArgument, "the key is not the one of the certificate", files.key.string(),
                "give the key that belongs to " + files.certificate.string());
  }
  X509* const own = chain->front().get();
  if (now < openssl::ToUtc(X509_get0_notBefore(own)) || now > openssl::ToUtc(X509_get0_notAfter(own))) {
    const bool over = now > openssl::ToUtc(X509_get0_notAfter(own));
    return Fail(ErrorCode::kInvalidArgument, over ? "the certificate has expired" : "the certificate is not valid yet",
                files.certificate.string(), AdviceOn(over ? X509_V_ERR_CERT_HAS_EXPIRED : X509_V_ERR_CERT_NOT_YET_VALID));
  }
  return NamedBy(own, side);
}

}  // namespace entente::broker
