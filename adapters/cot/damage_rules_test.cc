// SPDX-License-Identifier: Apache-2.0
#include "adapters/cot/damage_rules.h"

#include <gmock/gmock.h>

#include <map>

#include "adapters/cot/test_support.h"

namespace entente::cot {
namespace {

v1::Envelope Message() {
  return DecodeMessage(
      AsBytes(EventText("a-f-G-U-C", "<contact callsign=\"RHINO\"/><__group name=\"Cyan\" role=\"HQ\"/><x y=\"z\"/>")));
}

struct Damaged {
  std::string_view form;
  Bytes octets;
};
std::vector<Damaged> Apply(const adapter::DamageRule& rule) {
  std::vector<Damaged> damaged;
  for (const std::string_view form : {kFormXml, kFormTakV1, kFormTakV1Mesh}) {
    Prng prng(7);
    if (auto octets = rule.apply(EncodeUnit(Message(), form), prng)) damaged.push_back({form, *std::move(octets)});
  }
  return damaged;
}

TEST(DamageRulesTest, EachRuleMeetsTheReactionAndTheClauseItNames) {
  for (const adapter::DamageRule& rule : DamageRules()) {
    const auto all = Apply(rule);
    EXPECT_FALSE(all.empty()) << rule.id << " applies to nothing";
    for (const Damaged& damaged : all) {
      const auto decoded = Decode(ByteView(damaged.octets), damaged.form);
      if (rule.expected == adapter::Reaction::kRefused) {
        ASSERT_FALSE(decoded.has_value()) << rule.id << " in " << damaged.form << " was understood";
        // In TAK v1 the message's own model stands for the schema's.
        const std::string in_tak = "TAK protocol v1, CotEvent," + std::string(rule.clause.substr(rule.clause.rfind(' ')));
        EXPECT_THAT(decoded.error().clause, testing::AnyOf(rule.clause, in_tak))
            << rule.id << " in " << damaged.form << ": " << decoded.error().text;
        EXPECT_LE(decoded.error().offset, damaged.octets.size());
      } else {
        ASSERT_TRUE(decoded.has_value()) << rule.id << " in " << damaged.form << ": " << decoded.error().text;
        EXPECT_FALSE(decoded->messages.at(0).findings.empty()) << rule.id << " in " << damaged.form << " went unnoticed";
      }
    }
  }
}

TEST(DamageRulesTest, AStreamGoesOnBehindEveryDamagedXmlEvent) {
  for (const adapter::DamageRule& rule : DamageRules()) {
    Prng prng(11);
    const Bytes right = EncodeUnit(Message());
    const auto damaged = rule.apply(right, prng);
    if (!damaged) continue;
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
}

TEST(DamageRulesTest, RulesAreNamedOnceAndForThisProtocol) {
  std::map<std::string_view, int> ids;
  for (const adapter::DamageRule& rule : DamageRules()) {
    EXPECT_TRUE(rule.id.starts_with("cot.")) << rule.id;
    EXPECT_EQ(++ids[rule.id], 1) << rule.id;
  }
}

}  // namespace
}  // namespace entente::cot
