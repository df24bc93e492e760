// SPDX-License-Identifier: Apache-2.0
#include "adapters/common/symbols/entity_type.h"

#include <array>

namespace entente::symbols {
namespace {

// By domain: [UID 8].
constexpr std::array kDimensions = {v1::DIMENSION_UNSPECIFIED, v1::DIMENSION_LAND,       v1::DIMENSION_AIR,
                                    v1::DIMENSION_SEA_SURFACE, v1::DIMENSION_SUBSURFACE, v1::DIMENSION_SPACE};

}  // namespace

v1::Dimension DimensionOf(std::uint32_t kind, std::uint32_t domain) {
  return kind == kMunitionKind || domain >= kDimensions.size() ? v1::DIMENSION_UNSPECIFIED : kDimensions[domain];
}

std::uint8_t DomainOf(v1::Dimension dimension) {
  if (dimension == v1::DIMENSION_SOF) return DomainOf(v1::DIMENSION_LAND);
  for (std::uint8_t domain = 1; domain < kDimensions.size(); ++domain) {
    if (kDimensions[domain] == dimension) return domain;
  }
  return 0;
}

}  // namespace entente::symbols
