// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/link_profiles.h"

#include <gtest/gtest.h>

#include <set>

#include "harness/exercise/impairments.h"

namespace entente::harness {
namespace {

TEST(LinkProfilesTest, EachIsAChainWithItsSource) {
  std::set<std::string_view> names;
  for (const LinkProfile& profile : LinkProfiles()) {
    EXPECT_TRUE(names.insert(profile.name).second) << profile.name;
    EXPECT_FALSE(profile.description.empty()) << profile.name;
    EXPECT_FALSE(profile.source.empty()) << profile.name;
    const auto chain = ChainOf(ToConditions(profile));
    ASSERT_TRUE(chain) << profile.name << ": " << chain.error().Text();
    EXPECT_GE(chain->size(), 2U) << profile.name;
    for (const ImpairmentSpec& spec : *chain) EXPECT_TRUE(spec.kind->on_streams && spec.kind->on_datagrams) << profile.name;
  }
  for (const std::string_view name : {"fibre", "LTE", "LEO SATCOM", "MEO SATCOM", "GEO SATCOM", "HF radio", "VHF radio",
                                      "tactical Wi-Fi mesh", "microwave LOS", "troposcatter"}) {
    EXPECT_NE(FindLinkProfile(name), nullptr) << name;
  }
}

TEST(LinkProfilesTest, AMeshLosesInBursts) {
  const auto chain = ChainOf(ToConditions(*FindLinkProfile("tactical Wi-Fi mesh")));
  ASSERT_TRUE(chain);
  EXPECT_EQ(chain->at(2).rule, "burst-loss");
  EXPECT_EQ(chain->at(2).settings.Number("loss-in-bad"), 0.6);
}

}  // namespace
}  // namespace entente::harness
