// SPDX-License-Identifier: Apache-2.0
#include "tests/external/certificates.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <string>

namespace entente::external {
namespace {

constexpr long kDay = 24L * 60 * 60;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

struct Party {
  std::string name;
  Key key{EVP_EC_gen("P-256"), EVP_PKEY_free};
  Certificate certificate{X509_new(), X509_free};
};

void AddExtension(X509* certificate, X509* issuer, int id, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value);
  ASSERT_NE(extension, nullptr) << value;
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

void Issue(Party& party, const Party& authority, long serial, const char* constraints, const char* alternative_names) {
  X509* certificate = party.certificate.get();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate), kDay);
  X509_set_pubkey(certificate, party.key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(party.name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate, X509_get_subject_name(authority.certificate.get()));
  AddExtension(certificate, authority.certificate.get(), NID_basic_constraints, constraints);
  if (alternative_names != nullptr) {
    AddExtension(certificate, authority.certificate.get(), NID_subject_alt_name, alternative_names);
  }
  ASSERT_GT(X509_sign(certificate, authority.key.get(), EVP_sha256()), 0);
}

void Write(const Party& party, const std::filesystem::path& folder) {
  const File certificate(std::fopen((folder / (party.name + ".pem")).c_str(), "w"), std::fclose);
  ASSERT_TRUE(certificate != nullptr);
  PEM_write_X509(certificate.get(), party.certificate.get());
  const File key(std::fopen((folder / (party.name + ".key")).c_str(), "w"), std::fclose);
  ASSERT_TRUE(key != nullptr);
  PEM_write_PrivateKey(key.get(), party.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
}

}  // namespace

void MakeCertificates(const std::filesystem::path& folder) {
  Party authority{.name = "ca"};
  Party server{.name = "server"};
  Party client{.name = "client"};
  Issue(authority, authority, 1, "critical,CA:TRUE", nullptr);
  Issue(server, authority, 2, "critical,CA:FALSE", "IP:127.0.0.1,DNS:localhost");
  Issue(client, authority, 3, "critical,CA:FALSE", nullptr);
  for (const Party* party : {&authority, &server, &client}) Write(*party, folder);
}

}  // namespace entente::external
