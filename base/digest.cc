// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"

#include <openssl/sha.h>

namespace entente {

Digest Sha256(ByteView octets) {
  Digest digest;
  SHA256(octets.data(), octets.size(), digest.data());
  return digest;
}

Digest Sha256(ByteView first, ByteView second) {
  Bytes joined;
  joined.reserve(first.size() + second.size());
  joined.insert(joined.end(), first.begin(), first.end());
  joined.insert(joined.end(), second.begin(), second.end());
  return Sha256(joined);
}

std::string UnitHash(ByteView octets) {
  constexpr std::size_t kUnitHashOctets = 16;
  const Digest digest = Sha256(octets);
  return {reinterpret_cast<const char*>(digest.data()), kUnitHashOctets};
}

}  // namespace entente
