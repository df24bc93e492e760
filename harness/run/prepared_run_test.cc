// SPDX-License-Identifier: Apache-2.0
#include "harness/run/prepared_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace entente::harness {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kTablet = R"(
version: 1
name: secured
duration: 10 s
policy:
  classifications: [UNCLASSIFIED]
nations:
  NOR:
    clearance: UNCLASSIFIED
    label: UNCLASSIFIED
    nodes:
      tablet:
        protocol: cot
        external: true
)";

TEST(PreparedRunTest, AwaitsASystemWhereItsProtocolIsCustomarilySpoken) {
  const auto clear = PrepareRun(std::string(kTablet), "exercise.yaml", {});
  ASSERT_TRUE(clear) << clear.error().Text();
  EXPECT_EQ(clear->exercise.nodes(0).listen().port(), 8087U);
  const auto tls = PrepareRun(std::string(kTablet) + "        transport: tls\n        tls: { certificate: a.pem, key: a.key }\n",
                              "exercise.yaml", {});
  ASSERT_TRUE(tls) << tls.error().Text();
  EXPECT_EQ(tls->exercise.nodes(0).listen().port(), 8089U);
}

TEST(PreparedRunTest, AnIdentityThatContradictsItselfIsAnErrorOfTheFile) {
  std::string text(kTablet);
  text.insert(text.find("nations:"), "  identities:\n    NOR/observer: { role: observer }\n");
  const auto plan = PrepareRun(text, "exercise.yaml", {});
  ASSERT_FALSE(plan);
  EXPECT_THAT(plan.error().Text(), HasSubstr("NOR/observer can attach as no node"));
}

}  // namespace
}  // namespace entente::harness
