// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"

#include <openssl/evp.h>

#include <memory>

#include "base/invariant.h"

namespace entente {

namespace {

// Finding the algorithm and making room for its state cost as much as hashing 400 octets: each thread does both once.
EVP_MD_CTX* FreshContext() {
  static const EVP_MD* const kAlgorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  ENTENTE_INVARIANT(EVP_DigestInit_ex2(context.get(), kAlgorithm, nullptr) == 1);
  return context.get();
}

}  // namespace

Digest Sha256(ByteView octets) {
  return Sha256(octets, {});
}

Digest Sha256(ByteView first, ByteView second) {
  EVP_MD_CTX* const context = FreshContext();
  Digest digest;
  ENTENTE_INVARIANT(EVP_DigestUpdate(context, first.data(), first.size()) == 1 &&
                    EVP_DigestUpdate(context, second.data(), second.size()) == 1 &&
                    EVP_DigestFinal_ex(context, digest.data(), nullptr) == 1);
  return digest;
}

std::string UnitHash(ByteView octets) {
  constexpr std::size_t kUnitHashOctets = 16;
  const Digest digest = Sha256(octets);
  return {reinterpret_cast<const char*>(digest.data()), kUnitHashOctets};
}

}  // namespace entente
