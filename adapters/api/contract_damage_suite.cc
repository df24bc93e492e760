// SPDX-License-Identifier: Apache-2.0
// The contract suite's tests of damage rules: each breaks what it says, a strict receiver objects for that reason, and the rules of
// a protocol reach every category or say why not. A strict receiver is our session, where a deviation or doubt is a refusal too.
#include <algorithm>
#include <map>
#include <set>

#include "adapters/api/contract_suite.h"
#include "adapters/api/damage.h"
#include "adapters/api/registry.h"
#include "adapters/api/sample_messages.h"

namespace entente::adapter {
namespace {

constexpr std::uint64_t kSeed = 20260314;
constexpr std::size_t kFewestRules = 25;

struct Objection {
  bool refused = false;  // else remarked on
  std::string clause;
  std::string field;
  std::string text;
};

// All that a strict receiver has against the octets; it has no eye for notes, which are no deviation.
std::vector<Objection> ReceiveStrictly(const ContractCase& contract_case, ByteView octets) {
  SessionPair pair(contract_case);
  EXPECT_TRUE(pair.Negotiate());
  pair.gateway_sink = {};
  pair.ReceiveAtGateway(octets);
  pair.gateway().End(pair.now(), pair.gateway_sink);
  std::vector<Objection> objections;
  for (const auto& refused : pair.gateway_sink.refused) {
    objections.push_back({true, refused.error.clause, refused.error.field, refused.error.text});
  }
  for (const auto& message : pair.gateway_sink.messages) {
    for (const Finding& finding : message.decoded.findings) {
      if (finding.severity == v1::FINDING_SEVERITY_NOTE) continue;
      objections.push_back({false, finding.clause, finding.field, finding.text});
    }
  }
  return objections;
}

// Every wire unit of every sample in one form, and of those that a node with other options says.
std::vector<Bytes> UnitsOf(const ContractCase& contract_case) {
  std::vector<Bytes> units;
  for (const Sample& sample : SampleMessages(ContractTime())) {
    SessionPair pair(contract_case);
    EXPECT_TRUE(pair.Negotiate());
    if (pair.SendFromNode(sample.message).outcome != v1::SEND_OUTCOME_SENT) continue;
    std::ranges::move(pair.TakeNodeOutput(), std::back_inserter(units));
  }
  const AdapterInfo& info = *contract_case.info;
  for (const NodeOptions& options : EachOtherChoice(info.node_options)) {
    for (const Sample& sample : SampleMessages(ContractTime())) {
      HashedObjectIds ids;
      const auto encoded = info.codec->Encode(sample.message, {contract_case.form->name, options, ids});
      if (!encoded) continue;
      for (const SharedBytes& unit : encoded->units) units.push_back(*unit);
    }
  }
  return units;
}

// What is wrong with the reception of a damaged unit; empty: the reaction is the expected one, for the reason that was broken.
std::string WrongReaction(const DamageRule& rule, std::span<const Objection> objections) {
  if (objections.empty()) return "a strict receiver has nothing against it";
  const Objection& first = objections.front();
  if (!NamesClause(rule.clause, first.clause, first.field)) {
    return "the receiver objects to " + first.clause + " (" + first.field + "), not to " + std::string(rule.clause) + ": " +
           first.text;
  }
  const bool refused = std::ranges::any_of(objections, &Objection::refused);
  if (refused == (rule.expected == Reaction::kRefused)) return "";
  return refused ? "was refused: " + first.text : "was understood, with the remark: " + first.text;
}

struct RuleTrial {
  std::size_t applied = 0;
  std::string complaint;
};

// Breaks the rule in each unit that it applies to.
RuleTrial Try(const DamageRule& rule, const ContractCase& contract_case, std::span<const Bytes> units) {
  RuleTrial trial;
  for (std::size_t i = 0; i < units.size() && trial.complaint.empty(); ++i) {
    Prng prng = Prng::Derive(kSeed, {rule.id}, i);
    Prng again = prng;
    const auto damaged = rule.apply(units[i], prng);
    if (!damaged) continue;
    ++trial.applied;
    if (*damaged == units[i]) {
      trial.complaint = "breaks nothing";
    } else if (rule.apply(units[i], again) != damaged) {
      trial.complaint = "gives other octets from the same random numbers";
    } else {
      trial.complaint = WrongReaction(rule, ReceiveStrictly(contract_case, *damaged));
    }
    if (!trial.complaint.empty()) trial.complaint += "\n  " + ToHex(units[i]) + "\n  -> " + ToHex(*damaged);
  }
  return trial;
}

class DamageContract : public testing::TestWithParam<const AdapterInfo*> {
 protected:
  [[nodiscard]] const AdapterInfo& info() const { return *GetParam(); }
};

}  // namespace

TEST_P(AdapterContract, AStrictReceiverHasNothingAgainstWhatIsRight) {
  for (const Bytes& unit : UnitsOf(GetParam())) {
    for (const Objection& objection : ReceiveStrictly(GetParam(), unit)) {
      ADD_FAILURE() << objection.clause << ", " << objection.field << ": " << objection.text << "\n" << ToHex(unit);
    }
  }
}

TEST_P(AdapterContract, DamageRulesLeaveWhatIsNotTheirsAlone) {
  for (const DamageRule& rule : info().damage_rules) {
    Prng prng(kSeed);
    EXPECT_EQ(rule.apply({}, prng), std::nullopt) << rule.id;
    const Bytes noise = {0x00, 0xFF, 0x13, 0x37};
    EXPECT_EQ(rule.apply(noise, prng), std::nullopt) << rule.id;
  }
}

TEST_P(DamageContract, AStrictReceiverRefusesEachRuleForTheClauseThatItBreaks) {
  std::map<std::string_view, std::size_t> applied;
  for (const Form& form : info().forms) {
    const ContractCase contract_case{&info(), &form};
    const std::vector<Bytes> units = UnitsOf(contract_case);
    for (const DamageRule& rule : info().damage_rules) {
      const RuleTrial trial = Try(rule, contract_case, units);
      applied[rule.id] += trial.applied;
      EXPECT_EQ(trial.complaint, "") << rule.id << " in " << form.name;
    }
  }
  for (const auto& [id, times] : applied) EXPECT_GT(times, 0U) << id << " applies to no sample in any form";
}

TEST_P(DamageContract, RulesAreManyNamedOnceAndSayWhatTheyBreak) {
  EXPECT_GE(info().damage_rules.size(), kFewestRules);
  std::set<std::string_view> ids;
  for (const DamageRule& rule : info().damage_rules) {
    EXPECT_TRUE(ids.insert(rule.id).second) << rule.id << " stands twice";
    EXPECT_TRUE(rule.id.starts_with(std::string(info().name) + '.')) << rule.id;
    EXPECT_FALSE(rule.clause.empty()) << rule.id;
    EXPECT_FALSE(rule.description.empty()) << rule.id;
  }
}

TEST_P(DamageContract, EachCategoryHasARuleOrAReasonForNone) {
  for (const DamageCategory category : kDamageCategories) {
    const bool covered = std::ranges::any_of(info().damage_rules, [&](const auto& rule) { return rule.category == category; });
    const auto gap = std::ranges::find(info().damage_gaps, category, &DamageGap::category);
    const bool declared = gap != info().damage_gaps.end();
    EXPECT_NE(covered, declared) << CategoryName(category) << (covered ? " has rules and a reason for none" : " has neither");
    if (declared) {
      EXPECT_FALSE(gap->why.empty()) << CategoryName(category);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Every, DamageContract, testing::ValuesIn(Adapters().begin(), Adapters().end()),
                         [](const auto& instance) { return std::string(instance.param->name); });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DamageContract);

// The suite itself can fail: rules that promise what they do not do, tried on the first adapter of the build.
class DamageTrial : public testing::Test {
 protected:
  void SetUp() override {
    const auto cases = ContractCases();
    if (cases.empty()) GTEST_SKIP() << "this build has no adapter";
    case_ = cases.front();
    units_ = UnitsOf(case_);
    ASSERT_FALSE(units_.empty());
  }
  [[nodiscard]] std::string ComplaintAbout(const DamageRule& rule) const { return Try(rule, case_, units_).complaint; }

  ContractCase case_;
  std::vector<Bytes> units_;
};

TEST_F(DamageTrial, FindsARuleThatBreaksNothing) {
  const DamageRule rule{.id = "x.nothing", .clause = "§1", .description = "", .apply = [](ByteView unit, Prng&) {
                          return std::optional(ToBytes(unit));
                        }};
  EXPECT_TRUE(ComplaintAbout(rule).starts_with("breaks nothing"));
}

TEST_F(DamageTrial, FindsARuleThatAReceiverDoesNotMind) {
  static Bytes right;
  right = units_.back();
  const DamageRule rule{.id = "x.harmless", .clause = "§1", .description = "", .apply = [](ByteView unit, Prng&) {
                          return AsText(unit) == AsText(right) ? std::nullopt : std::optional(right);
                        }};
  EXPECT_TRUE(ComplaintAbout(rule).starts_with("a strict receiver has nothing against it"));
}

TEST_F(DamageTrial, FindsARuleThatIsRefusedForAnotherReason) {
  const DamageRule rule{.id = "x.other", .clause = "a clause of no standard", .description = "", .apply = [](ByteView unit, Prng&) {
                          return std::optional(ToBytes(unit.first(unit.size() / 2)));
                        }};
  EXPECT_TRUE(ComplaintAbout(rule).starts_with("the receiver objects to "));
}

TEST_F(DamageTrial, FindsARuleThatDoesNotRepeat) {
  static int times = 0;
  const DamageRule rule{.id = "x.restless", .clause = "§1", .description = "", .apply = [](ByteView unit, Prng&) {
                          Bytes damaged = ToBytes(unit);
                          damaged.resize(damaged.size() + static_cast<std::size_t>(++times));
                          return std::optional(std::move(damaged));
                        }};
  EXPECT_TRUE(ComplaintAbout(rule).starts_with("gives other octets from the same random numbers"));
}

}  // namespace entente::adapter
