// SPDX-License-Identifier: Apache-2.0
#pragma once

// SHA-256 (FIPS 180-4) by OpenSSL's libcrypto: the one outside library that base/ links (docs/decisions/0002).

#include <array>

#include "base/bytes.h"

namespace entente {

using Digest = std::array<std::uint8_t, 32>;

Digest Sha256(ByteView octets);
// Over the concatenation of the two.
Digest Sha256(ByteView first, ByteView second);

// The first 16 octets of SHA-256, as a string for keys and protobuf fields: enough to relate a wire unit to its copy.
std::string UnitHash(ByteView octets);

}  // namespace entente
