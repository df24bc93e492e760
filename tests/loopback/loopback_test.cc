// SPDX-License-Identifier: Apache-2.0
#include "tests/loopback/loopback.h"

#include <gtest/gtest.h>

#include <set>

namespace entente::loopback {
namespace {

TEST(LoopbackTest, GivesOutEachFreePortOnceAndNoneThatTheSystemGivesOut) {
  constexpr std::size_t kMany = 100;
  std::set<std::uint16_t> ports;
  while (ports.size() < kMany) ASSERT_TRUE(ports.insert(FreePort()).second);
  EXPECT_LT(*ports.rbegin(), 32'768);
  for (const std::uint16_t port : ports) EXPECT_LT(Connect(port).number(), 0);
}

}  // namespace
}  // namespace entente::loopback
