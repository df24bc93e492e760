// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/impairments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace entente::harness {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

ImpairmentList Impairments(std::string_view kind, std::initializer_list<std::pair<const char*, const char*>> settings) {
  ImpairmentList list;
  list.Add()->set_kind(std::string(kind));
  for (const auto& [name, value] : settings) {
    v1::Setting& setting = *list[0].add_settings();
    setting.set_name(name);
    setting.set_value(value);
  }
  return list;
}

std::string Problem(std::string_view kind, std::initializer_list<std::pair<const char*, const char*>> settings) {
  const auto chain = ChainOf(Impairments(kind, settings));
  return chain ? "none" : chain.error().Text();
}

TEST(ImpairmentsTextTest, SettingsAreReadInTheirUnits) {
  const auto chain = ChainOf(Impairments("rate", {{"rate", "64 kbit/s"}, {"queue", "2 s"}, {"drop", "head"}}), "jam");
  ASSERT_TRUE(chain);
  EXPECT_EQ(chain->front().rule, "jam/rate");
  EXPECT_EQ(chain->front().settings.Whole("rate"), 64'000U);
  EXPECT_EQ(chain->front().settings.Time("queue"), 2s);
  EXPECT_EQ(chain->front().settings.Word("drop"), "head");
  EXPECT_EQ(chain->front().settings.Whole("burst"), 0U) << "the default";
  const auto skew = ChainOf(Impairments("clock-skew", {{"offset", "-2 s"}}));
  ASSERT_TRUE(skew);
  EXPECT_EQ(skew->front().settings.Time("offset"), -2s);
  const auto trace = ChainOf(Impairments("latency", {{"distribution", "trace"}, {"delays", "10 ms, 40 ms"}}));
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->front().settings.Times("delays"), (std::vector<Duration>{10ms, 40ms}));
}

TEST(ImpairmentsTextTest, WhatIsWrongIsSaidWithWhatWouldBeRight) {
  EXPECT_THAT(Problem("blizzard", {}), HasSubstr("no kind of impairment \"blizzard\""));
  EXPECT_THAT(Problem("loss", {}), HasSubstr("does not say \"share\""));
  EXPECT_THAT(Problem("loss", {{"share", "often"}}), HasSubstr("a share such as \"5 %\""));
  EXPECT_THAT(Problem("loss", {{"part", "5 %"}}), HasSubstr("it has: share"));
  EXPECT_THAT(Problem("half-open", {{"share", "5 %"}}), HasSubstr("it has none"));
  EXPECT_THAT(Problem("duplicate", {{"share", "5 %"}, {"copies", "17"}}), HasSubstr("from 1, up to 16"));
  EXPECT_THAT(Problem("latency", {{"distribution", "gaussian"}}), HasSubstr("uniform, constant, normal, pareto, trace"));
}

// What validation, schema and lists of kinds say of a default is read as that default.
TEST(ImpairmentsTextTest, EveryDefaultIsReadAsItself) {
  for (const ImpairmentKind* kind : ImpairmentKinds()) {
    const Settings defaults = Settings::Defaults(kind->parameters);
    Settings read = defaults;
    for (const Parameter& parameter : kind->parameters) {
      EXPECT_FALSE(WantedOf(parameter).empty());
      const std::string text = DefaultText(parameter);
      if (text.empty()) continue;
      const auto value = ParseSetting(parameter, text);
      ASSERT_TRUE(value) << kind->name << ": " << value.error().Text();
      read.Set(parameter.name, *value);
    }
    EXPECT_EQ(read, defaults) << kind->name;
  }
}

TEST(ImpairmentsTextTest, TheShortFormIsAChain) {
  v1::LinkConditions conditions;
  conditions.set_latency_ns(Duration(120ms).count());
  conditions.set_jitter_ns(Duration(80ms).count());
  conditions.set_loss(0.03);
  conditions.set_rate_bps(64'000);
  *conditions.add_impairments() = Impairments("latency", {{"delay", "5 ms"}})[0];
  const auto chain = ChainOf(conditions);
  ASSERT_TRUE(chain);
  std::vector<std::string> rules;
  for (const ImpairmentSpec& spec : *chain) rules.push_back(spec.rule);
  EXPECT_THAT(rules, ::testing::ElementsAre("loss", "latency", "rate", "latency#2"));
}

TEST(ImpairmentsTextTest, IsSaidInOneLine) {
  EXPECT_EQ(ImpairmentsText(Impairments("burst-loss", {{"p", "5 %"}, {"r", "20 %"}})), "burst-loss (p 5 %, r 20 %)");
}

}  // namespace
}  // namespace entente::harness
