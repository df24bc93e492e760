// SPDX-License-Identifier: Apache-2.0
#pragma once

// Kinds and domains of entity types (SISO-REF-010 [UID 7, UID 8]) and the dimensions of the canonical model.

#include <cstdint>

#include "entente/v1/message.pb.h"

namespace entente::symbols {

inline constexpr std::uint8_t kPlatformKind = 1;
inline constexpr std::uint8_t kMunitionKind = 2;

// Of a munition the domain says what it is against, so it has no dimension; nor has domain 0 or one that the standard does not
// name.
v1::Dimension DimensionOf(std::uint32_t kind, std::uint32_t domain);

// A platform's domain; 0 where the dimension has none.
std::uint8_t DomainOf(v1::Dimension dimension);

}  // namespace entente::symbols
