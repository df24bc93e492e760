// SPDX-License-Identifier: Apache-2.0
// What only a stream of CoT shows of the damage rules; the contract suite has the rest.
#include "adapters/cot/damage_rules.h"

#include <gtest/gtest.h>

#include "adapters/cot/test_support.h"

namespace entente::cot {
namespace {

v1::Envelope Message() {
  return DecodeMessage(
      AsBytes(EventText("a-f-G-U-C", "<contact callsign=\"RHINO\"/><__group name=\"Cyan\" role=\"HQ\"/><x y=\"z\"/>")));
}

TEST(DamageRulesTest, AStreamGoesOnBehindEveryDamagedXmlEvent) {
  int applied = 0;
  for (const adapter::DamageRule& rule : DamageRules()) {
    Prng prng(11);
    const Bytes right = EncodeUnit(Message());
    const auto damaged = rule.apply(right, prng);
    if (!damaged) continue;
    ++applied;
    adapter::SessionConfig config{.form = std::string(kFormXml), .options = DefaultOptions(), .node = "DEU/test"};
    CotSession session(config);
    KeepingSink sink;
    session.Start(TestNow(), sink);
    session.Receive(*damaged, TestNow(), sink);
    session.Receive(right, TestNow(), sink);
    session.Receive(right, TestNow(), sink);
    EXPECT_GE(sink.messages.size(), 2U) << rule.id;
    EXPECT_EQ(sink.refused.size(), rule.expected == adapter::Reaction::kRefused ? 1U : 0U) << rule.id;
    EXPECT_TRUE(session.closed_because().empty()) << rule.id;
  }
  EXPECT_GT(applied, 25);
}

}  // namespace
}  // namespace entente::cot
