// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include "base/invariant.h"

namespace entente {

Digest Sha256(ByteView octets) {
  Digest digest;
  SHA256(octets.data(), octets.size(), digest.data());
  return digest;
}

Digest Sha256(ByteView first, ByteView second) {
  static const EVP_MD* const kAlgorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  Digest digest;
  ENTENTE_INVARIANT(EVP_DigestInit_ex(context.get(), kAlgorithm, nullptr) == 1 &&
                    EVP_DigestUpdate(context.get(), first.data(), first.size()) == 1 &&
                    EVP_DigestUpdate(context.get(), second.data(), second.size()) == 1 &&
                    EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1);
  return digest;
}

std::string UnitHash(ByteView octets) {
  constexpr std::size_t kUnitHashOctets = 16;
  const Digest digest = Sha256(octets);
  return {reinterpret_cast<const char*>(digest.data()), kUnitHashOctets};
}

}  // namespace entente
