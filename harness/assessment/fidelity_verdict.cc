// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/fidelity_verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/assessment/tally_verdicts.h"
#include "harness/assessment/wording.h"

namespace entente::harness {
namespace {

constexpr std::size_t kWrongNamed = 5;

struct Sum {
  std::array<std::uint64_t, kFieldFates> counts{};
  std::vector<std::string> wrong;

  [[nodiscard]] std::uint64_t Of(FieldFate fate) const { return counts[static_cast<std::size_t>(fate)]; }
};

bool IsWanted(const v1::FidelityExpectation& expected, v1::Field field) {
  return expected.fields().empty() || field == v1::FIELD_UNSPECIFIED ||
         std::ranges::find(expected.fields(), field) != expected.fields().end();
}

void AddWrong(const FidelityKey& key, const FidelityCount& count, const FoldState& state, Sum& sum) {
  const std::uint64_t wrong = count.counts[static_cast<std::size_t>(FieldFate::kWrong)];
  if (wrong == 0 || sum.wrong.size() >= kWrongNamed) return;
  sum.wrong.push_back(fmt::format("{} to {}, {}: {} (for example {})", state.plan().node(key.from).name(),
                                  state.plan().node(key.to).name(), DescribeWrong(key.field, count), CountText(wrong, "message"),
                                  NameOf(state.book().at(count.example), state.plan())));
}

}  // namespace

Judgement JudgeFidelity(const v1::FidelityExpectation& expected, const Selection& selection, const FoldState& state,
                        const Tally& tally, NodeIndex from, NodeIndex to) {
  Sum sum;
  for (const auto& [key, count] : state.fidelity().counts()) {
    if (!selection.From(key.from) || !selection.To(key.to) || !selection.Of(key.family, key.precedence)) continue;
    if ((from != kNoNode && key.from != from) || (to != kNoNode && key.to != to) || !IsWanted(expected, key.field)) continue;
    for (std::size_t fate = 0; fate < kFieldFates; ++fate) sum.counts[fate] += count.counts[fate];
    AddWrong(key, count, state, sum);
  }
  const std::uint64_t shown = sum.Of(FieldFate::kKept) + sum.Of(FieldFate::kApproximated) + sum.Of(FieldFate::kWrong);
  if (shown == 0) {
    Judgement evidence = JudgeEvidence(tally);
    if (evidence.verdict != Verdict::kPass) return evidence;
    return {Verdict::kInconclusive, {"no field was understood whose truth is known"}};
  }
  Judgement judgement{Verdict::kPass,
                      {fmt::format("{} kept, {} within the declared resolution, {} dropped as declared, {} invented, {} wrong",
                                   sum.Of(FieldFate::kKept), sum.Of(FieldFate::kApproximated), sum.Of(FieldFate::kDropped),
                                   sum.Of(FieldFate::kInvented), sum.Of(FieldFate::kWrong))}};
  if (sum.Of(FieldFate::kWrong) > 0) {
    judgement.verdict = Verdict::kFail;
    judgement.reasons.insert(judgement.reasons.end(), sum.wrong.begin(), sum.wrong.end());
  } else if (state.book().truths_not_kept() > 0) {
    judgement.verdict = Verdict::kInconclusive;
    judgement.reasons.push_back(fmt::format("{} not compared: too many were waiting for their recipients",
                                            CountText(state.book().truths_not_kept(), "message")));
  }
  return judgement;
}

}  // namespace entente::harness
