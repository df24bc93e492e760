// SPDX-License-Identifier: Apache-2.0
#pragma once

// CRC-32C (Castagnoli; RFC 3720 §B.4): reflected polynomial 0x82F63B78, start and end value all ones. Finds damage, not intent; the
// hash chain finds intent.

#include "base/bytes.h"

namespace entente::record {

// `before` continues an earlier call over the octets in front of these.
std::uint32_t Crc32c(ByteView octets, std::uint32_t before = 0);
// The same without the processor's own instruction.
std::uint32_t Crc32cByTable(ByteView octets, std::uint32_t before = 0);

}  // namespace entente::record
