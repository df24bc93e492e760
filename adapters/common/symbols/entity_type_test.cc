// SPDX-License-Identifier: Apache-2.0
#include "adapters/common/symbols/entity_type.h"

#include <gtest/gtest.h>

namespace entente::symbols {
namespace {

TEST(EntityType, APlatformsDomainIsItsDimensionBothWays) {
  for (std::uint8_t domain = 1; domain <= 5; ++domain) EXPECT_EQ(DomainOf(DimensionOf(kPlatformKind, domain)), domain);
  EXPECT_EQ(DimensionOf(kPlatformKind, 2), v1::DIMENSION_AIR);
  EXPECT_EQ(DomainOf(v1::DIMENSION_SOF), 1) << "special operations have no domain of their own";
}

TEST(EntityType, WhatHasNoDomainHasNoDimension) {
  EXPECT_EQ(DimensionOf(kPlatformKind, 0), v1::DIMENSION_UNSPECIFIED);
  EXPECT_EQ(DimensionOf(kPlatformKind, 6), v1::DIMENSION_UNSPECIFIED);
  EXPECT_EQ(DomainOf(v1::DIMENSION_UNSPECIFIED), 0);
  EXPECT_EQ(DomainOf(v1::DIMENSION_OTHER), 0);
}

TEST(EntityType, AMunitionsTargetIsNotItsDimension) {
  EXPECT_EQ(DimensionOf(kMunitionKind, 2), v1::DIMENSION_UNSPECIFIED);
}

}  // namespace
}  // namespace entente::symbols
