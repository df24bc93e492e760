// SPDX-License-Identifier: Apache-2.0
#pragma once

// Owners of OpenSSL's objects, and PEM files in and out of them. For this folder only.

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace entente::broker::openssl {

template <auto Release>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    Release(object);
  }
};

using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, Free<X509_free>>;
using Crl = std::unique_ptr<X509_CRL, Free<X509_CRL_free>>;
using Store = std::unique_ptr<X509_STORE, Free<X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, Free<X509_STORE_CTX_free>>;
using BigNumber = std::unique_ptr<BIGNUM, Free<BN_free>>;
using Time = std::unique_ptr<ASN1_TIME, Free<ASN1_TIME_free>>;

// Of the last failed call, for people; the thread's queue of errors is empty afterwards.
std::string LastReason();

// As many as the text holds. A part that is not one is an error; so are none at all.
Result<std::vector<X509Ptr>> ReadCertificates(std::string_view pem, const std::string& where);
Result<std::vector<Crl>> ReadCrls(std::string_view pem, const std::string& where);
Result<Key> ReadKey(std::string_view pem, const std::string& where);

std::string ToPem(X509* certificate);
std::string ToPem(X509_CRL* crl);
std::string ToPem(EVP_PKEY* key);

// Text of a PEM file of at most 1 MiB.
Result<std::string> ReadPemFile(const std::filesystem::path& path, std::string_view what);

UtcTime ToUtc(const ASN1_TIME* time);
Time ToAsn1(UtcTime time);

}  // namespace entente::broker::openssl
