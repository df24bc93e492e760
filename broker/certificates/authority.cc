// SPDX-License-Identifier: Apache-2.0
#include "broker/certificates/authority.h"

#include <openssl/rand.h>

#include <algorithm>

#include "base/io/files.h"
#include "broker/certificates/openssl.h"
#include "broker/certificates/secret_file.h"

namespace entente::broker {
namespace {

constexpr Duration kClockLag = std::chrono::minutes(5);
constexpr int kSerialBits = 127;  // positive, and hard to guess (CA/Browser Forum asks for 64)
constexpr auto kAuthorityName = "authority";
constexpr auto kRevokedFile = "revoked.pem";

std::unexpected<Error> Failed(const std::string& what) {
  return Fail(ErrorCode::kIo, "OpenSSL cannot " + what + ": " + openssl::LastReason());
}

bool Extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, openssl::Free<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool SetRandomSerial(X509* certificate) {
  const openssl::BigNumber number(BN_new());
  return number && BN_rand(number.get(), kSerialBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool SetName(X509_NAME* name, const std::string& common_name) {
  const auto* text = reinterpret_cast<const unsigned char*>(common_name.c_str());
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1;
}

// Neither signed nor extended yet.
openssl::X509Ptr MakeBare(const std::string& common_name, EVP_PKEY* key, UtcTime from, UtcTime until) {
  openssl::X509Ptr certificate(X509_new());
  const bool made = certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1 && SetRandomSerial(certificate.get()) &&
                    X509_set1_notBefore(certificate.get(), openssl::ToAsn1(from).get()) == 1 &&
                    X509_set1_notAfter(certificate.get(), openssl::ToAsn1(until).get()) == 1 &&
                    X509_set_pubkey(certificate.get(), key) == 1 && SetName(X509_get_subject_name(certificate.get()), common_name);
  return made ? std::move(certificate) : nullptr;
}

bool IsAddress(const std::string& host) {
  const std::unique_ptr<ASN1_OCTET_STRING, openssl::Free<ASN1_OCTET_STRING_free>> address(a2i_IPADDRESS(host.c_str()));
  openssl::LastReason();
  return address != nullptr;
}

std::string AlternativeNames(const CertificateRequest& request) {
  std::string names;
  const auto add = [&](const char* kind, const std::string& name) { names += (names.empty() ? "" : ",") + (kind + name); };
  for (const std::string& uri : request.uris) add("URI:", uri);
  for (const std::string& host : request.hosts) add(IsAddress(host) ? "IP:" : "DNS:", host);
  return names;
}

}  // namespace

class Authority::Impl {
 public:
  explicit Impl(std::filesystem::path folder) : folder_(std::move(folder)) {}

  Status Create(const std::string& name, UtcTime from, UtcTime until) {
    if (const Status made = MakeDirectories(folder_); !made) return made;
    key_ = openssl::Key(EVP_EC_gen("P-256"));
    if (!key_) return Failed("make a key");
    certificate_ = MakeBare(name, key_.get(), from, until);
    if (!certificate_ || X509_set_issuer_name(certificate_.get(), X509_get_subject_name(certificate_.get())) != 1 ||
        !Extend(certificate_.get(), certificate_.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
        !Extend(certificate_.get(), certificate_.get(), NID_key_usage, "critical,keyCertSign,cRLSign") ||
        !Extend(certificate_.get(), certificate_.get(), NID_subject_key_identifier, "hash") ||
        X509_sign(certificate_.get(), key_.get(), EVP_sha256()) == 0) {
      return Failed("make the authority's certificate");
    }
    if (const Status written = WriteSecret(FilesOf(kAuthorityName).key, openssl::ToPem(key_.get()), false); !written)
      return written;
    if (const Status written = WriteFile(FilesOf(kAuthorityName).certificate, openssl::ToPem(certificate_.get())); !written) {
      return written;
    }
    return WriteRevoked(openssl::Crl(X509_CRL_new()), 1, from);
  }

  Status Open() {
    const TlsFiles own = FilesOf(kAuthorityName);
    const auto certificate = openssl::ReadPemFile(own.certificate, "authority");
    if (!certificate) return std::unexpected(certificate.error());
    const auto key_text = openssl::ReadPemFile(own.key, "key of the authority");
    if (!key_text) return std::unexpected(key_text.error());
    auto certificates = openssl::ReadCertificates(*certificate, own.certificate.string());
    if (!certificates) return std::unexpected(certificates.error());
    auto key = openssl::ReadKey(*key_text, own.key.string());
    if (!key) return std::unexpected(key.error());
    certificate_ = std::move(certificates->front());
    key_ = *std::move(key);
    if (X509_check_private_key(certificate_.get(), key_.get()) == 1) return {};
    openssl::LastReason();
    return Fail(ErrorCode::kInvalidArgument, "the key is not the one of the authority", own.key.string(),
                "restore the folder, or make a new authority in another one");
  }

  Result<TlsFiles> Issue(const CertificateRequest& request) {
    const TlsFiles files = FilesOf(request.file);
    std::error_code ignored;
    if (!request.replace && std::filesystem::exists(files.certificate, ignored)) {
      return Fail(ErrorCode::kAlreadyExists, "there is a certificate already", files.certificate.string(),
                  "choose another folder, or say --renew to replace it");
    }
    const openssl::Key key(EVP_EC_gen("P-256"));
    if (!key) return Failed("make a key");
    const openssl::X509Ptr leaf = Sign(request, key.get());
    if (!leaf) return Failed("make a certificate for " + request.file);
    if (const Status written = WriteSecret(files.key, openssl::ToPem(key.get()), request.replace); !written) {
      return std::unexpected(written.error());
    }
    if (const Status written = WriteFile(files.certificate, openssl::ToPem(leaf.get())); !written) {
      return std::unexpected(written.error());
    }
    return files;
  }

  Result<bool> Revoke(const std::filesystem::path& certificate, UtcTime now) {
    const auto text = openssl::ReadPemFile(certificate, "certificate");
    if (!text) return std::unexpected(text.error());
    const auto leaf = openssl::ReadCertificates(*text, certificate.string());
    if (!leaf) return std::unexpected(leaf.error());
    if (X509_verify(leaf->front().get(), key_.get()) != 1) {
      openssl::LastReason();
      return Fail(ErrorCode::kInvalidArgument, "this authority did not sign it", certificate.string(),
                  "name the folder of its authority");
    }
    const auto list_text = openssl::ReadPemFile(Revoked(), "revocation list");
    if (!list_text) return std::unexpected(list_text.error());
    auto lists = openssl::ReadCrls(*list_text, Revoked().string());
    if (!lists) return std::unexpected(lists.error());
    return Add(std::move(lists->front()), X509_get_serialNumber(leaf->front().get()), now);
  }

  [[nodiscard]] TlsFiles FilesOf(const std::string& file) const {
    return {folder_ / (file + ".pem"), folder_ / (file + ".key"), folder_ / (std::string(kAuthorityName) + ".pem"), Revoked()};
  }
  [[nodiscard]] UtcTime not_after() const { return openssl::ToUtc(X509_get0_notAfter(certificate_.get())); }

 private:
  [[nodiscard]] std::filesystem::path Revoked() const { return folder_ / kRevokedFile; }

  openssl::X509Ptr Sign(const CertificateRequest& request, EVP_PKEY* key) {
    const std::string subject = request.uris.empty() ? request.file : request.uris.front();
    openssl::X509Ptr leaf = MakeBare(subject.substr(0, ub_common_name), key, request.not_before, request.not_after);
    const std::string names = AlternativeNames(request);
    const char* use = request.hosts.empty() ? "clientAuth" : "serverAuth,clientAuth";
    const bool made = leaf && X509_set_issuer_name(leaf.get(), X509_get_subject_name(certificate_.get())) == 1 &&
                      Extend(leaf.get(), certificate_.get(), NID_basic_constraints, "critical,CA:FALSE") &&
                      Extend(leaf.get(), certificate_.get(), NID_key_usage, "critical,digitalSignature") &&
                      Extend(leaf.get(), certificate_.get(), NID_ext_key_usage, use) &&
                      Extend(leaf.get(), certificate_.get(), NID_authority_key_identifier, "keyid:always") &&
                      (names.empty() || Extend(leaf.get(), certificate_.get(), NID_subject_alt_name, names)) &&
                      X509_sign(leaf.get(), key_.get(), EVP_sha256()) != 0;
    return made ? std::move(leaf) : nullptr;
  }

  Result<bool> Add(openssl::Crl list, ASN1_INTEGER* serial, UtcTime now) {
    X509_REVOKED* known = nullptr;
    if (X509_CRL_get0_by_serial(list.get(), &known, serial) == 1) return false;
    X509_REVOKED* const revoked = X509_REVOKED_new();
    if (revoked == nullptr || X509_REVOKED_set_serialNumber(revoked, serial) != 1 ||
        X509_REVOKED_set_revocationDate(revoked, openssl::ToAsn1(now).get()) != 1 ||
        X509_CRL_add0_revoked(list.get(), revoked) != 1) {
      X509_REVOKED_free(revoked);
      return Failed("revoke");
    }
    const std::unique_ptr<ASN1_INTEGER, openssl::Free<ASN1_INTEGER_free>> number(
        static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(list.get(), NID_crl_number, nullptr, nullptr)));
    const Status written = WriteRevoked(std::move(list), number ? ASN1_INTEGER_get(number.get()) + 1 : 1, now);
    if (!written) return std::unexpected(written.error());
    return true;
  }

  // Valid as long as the authority: at the desk nobody signs a list every day.
  Status WriteRevoked(openssl::Crl list, long number, UtcTime now) {
    const std::unique_ptr<ASN1_INTEGER, openssl::Free<ASN1_INTEGER_free>> count(ASN1_INTEGER_new());
    const bool made = list && count && ASN1_INTEGER_set(count.get(), number) == 1 &&
                      X509_CRL_set_version(list.get(), X509_CRL_VERSION_2) == 1 &&
                      X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(certificate_.get())) == 1 &&
                      X509_CRL_set1_lastUpdate(list.get(), openssl::ToAsn1(now).get()) == 1 &&
                      X509_CRL_set1_nextUpdate(list.get(), X509_get0_notAfter(certificate_.get())) == 1 &&
                      X509_CRL_add1_ext_i2d(list.get(), NID_crl_number, count.get(), 0, X509V3_ADD_REPLACE) == 1 &&
                      X509_CRL_sort(list.get()) == 1 && X509_CRL_sign(list.get(), key_.get(), EVP_sha256()) != 0;
    if (!made) return Failed("sign the revocation list");
    return WriteFile(Revoked(), openssl::ToPem(list.get()));
  }

  std::filesystem::path folder_;
  openssl::Key key_;
  openssl::X509Ptr certificate_;
};

Authority::Authority(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Authority::Authority(Authority&&) noexcept = default;
Authority& Authority::operator=(Authority&&) noexcept = default;
Authority::~Authority() = default;

Result<Authority> Authority::Create(const std::filesystem::path& folder, const std::string& name, UtcTime from, UtcTime until) {
  auto impl = std::make_unique<Impl>(folder);
  if (const Status created = impl->Create(name, from, until); !created) return std::unexpected(created.error());
  return Authority(std::move(impl));
}

Result<Authority> Authority::Open(const std::filesystem::path& folder) {
  auto impl = std::make_unique<Impl>(folder);
  if (const Status opened = impl->Open(); !opened) return std::unexpected(opened.error());
  return Authority(std::move(impl));
}

Result<TlsFiles> Authority::Issue(const CertificateRequest& request) {
  return impl_->Issue(request);
}
Result<bool> Authority::Revoke(const std::filesystem::path& certificate, UtcTime now) {
  return impl_->Revoke(certificate, now);
}
TlsFiles Authority::FilesOf(const std::string& file) const {
  return impl_->FilesOf(file);
}
UtcTime Authority::not_after() const {
  return impl_->not_after();
}

CertificateRequest RequestFor(const std::string& name, std::vector<std::string> hosts, UtcTime now, Duration life) {
  std::string file = name;
  std::ranges::replace(file, '/', '-');
  return {.file = std::move(file),
          .uris = {"entente://" + name},
          .hosts = std::move(hosts),
          .not_before = now - kClockLag,
          .not_after = now + life,
          .replace = false};
}

}  // namespace entente::broker
