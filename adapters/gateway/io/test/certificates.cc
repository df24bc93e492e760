// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/io/test/certificates.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

#include "base/invariant.h"

namespace entente::gateway::test {
namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* file) const { BIO_free(file); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;
using File = std::unique_ptr<BIO, Free>;

void Extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Free> extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  ENTENTE_INVARIANT(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

// Signed by the issuer; by itself when there is none.
Certificate Sign(const std::string& name, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
  static long serial = 1;
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86'400);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* const subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509* const signer = issuer != nullptr ? issuer : certificate.get();
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer));
  Extend(certificate.get(), signer, NID_basic_constraints, issuer == nullptr ? "critical,CA:TRUE" : "CA:FALSE");
  if (issuer != nullptr) Extend(certificate.get(), signer, NID_subject_alt_name, "DNS:" + name);
  ENTENTE_INVARIANT(X509_sign(certificate.get(), issuer_key, EVP_sha256()) > 0);
  return certificate;
}

void WriteCertificate(const std::filesystem::path& path, X509* certificate) {
  const File file(BIO_new_file(path.c_str(), "w"));
  ENTENTE_INVARIANT(file && PEM_write_bio_X509(file.get(), certificate) == 1);
}

}  // namespace

struct Certificates::Authority {
  Key key{EVP_EC_gen("P-256")};
  Certificate certificate;
};

Certificates::Certificates(std::filesystem::path folder)
    : folder_(std::move(folder)), name_("trust"), authority_(std::make_unique<Authority>()) {
  for (int i = 2; std::filesystem::exists(authority()); ++i) name_ = "trust" + std::to_string(i);
  authority_->certificate = Sign(name_, authority_->key.get(), nullptr, authority_->key.get());
  WriteCertificate(authority(), authority_->certificate.get());
}

Certificates::~Certificates() = default;

TlsFiles Certificates::Issue(const std::string& name) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate = Sign(name, key.get(), authority_->certificate.get(), authority_->key.get());
  TlsFiles files{folder_ / (name_ + "-" + name + ".pem"), folder_ / (name_ + "-" + name + ".key"), authority(), true, {}};
  WriteCertificate(files.certificate, certificate.get());
  const File file(BIO_new_file(files.key.c_str(), "w"));
  ENTENTE_INVARIANT(file && PEM_write_bio_PrivateKey(file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return files;
}

}  // namespace entente::gateway::test
