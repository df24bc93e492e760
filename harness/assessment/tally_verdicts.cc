// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/tally_verdicts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "harness/assessment/ratio.h"
#include "harness/assessment/wording.h"

namespace entente::harness {
namespace {

// Shares are compared with what binary fractions cannot hold allowed for.
constexpr double kRounding = 1e-9;

bool Reaches(std::uint64_t part, std::uint64_t whole, double share) {
  return static_cast<double>(part) + kRounding >= share * static_cast<double>(whole);
}

std::string ExamplesText(const Tally& tally, const NameMessage& name) {
  std::vector<std::string> names;
  names.reserve(tally.examples.size());
  for (const MessageIndex index : tally.examples) names.push_back(name(index));
  return names.empty() ? std::string() : fmt::format("not in time, for example: {}", fmt::join(names, ", "));
}

std::string ForExample(const std::string& why) {
  return why.empty() ? std::string() : fmt::format(" (for example: {})", why);
}

void AddDeviations(const Tally& tally, Judgement& judgement) {
  if (judgement.verdict != Verdict::kPass || tally.Count(Fate::kUnsupported) == 0) return;
  judgement.verdict = Verdict::kPassWithDeviation;
  const std::uint64_t declared = tally.Count(Fate::kUnsupported) - tally.undeclared;
  if (declared > 0) {
    judgement.reasons.push_back(fmt::format("{} could not be said by a protocol, as it declares{}", CountText(declared, "message"),
                                            ForExample(tally.why_declared)));
  }
  if (tally.undeclared > 0) {
    judgement.reasons.push_back(fmt::format("{} could not be said, though the protocols' profiles declare the family{}",
                                            CountText(tally.undeclared, "message"), ForExample(tally.why_undeclared)));
  }
}

}  // namespace

std::string FatesText(const Tally& tally) {
  std::vector<std::string> parts;
  for (int fate = 0; fate < kFates; ++fate) {
    const std::uint64_t count = tally.fates[static_cast<std::size_t>(fate)];
    if (count > 0) parts.push_back(fmt::format("{} {}", count, FateName(static_cast<Fate>(fate))));
  }
  return parts.empty() ? "nothing" : fmt::format("{}", fmt::join(parts, ", "));
}

Judgement JudgeEvidence(const Tally& tally) {
  if (tally.all() == 0) return {Verdict::kNotRun, {"no message was said that this speaks of"}};
  if (const std::uint64_t unexplained = tally.Count(Fate::kUnexplained); unexplained > 0) {
    return {Verdict::kHarnessError,
            {fmt::format("the record does not explain what became of {}", CountText(unexplained, "message"))}};
  }
  if (tally.eligible() > 0) return {Verdict::kPass, {}};
  if (const std::uint64_t unobserved = tally.Count(Fate::kUnobserved); unobserved > 0) {
    return {
        Verdict::kInconclusive,
        {fmt::format("not observable: {} sent, and what was understood of them cannot be seen", CountText(unobserved, "message"))}};
  }
  if (tally.Count(Fate::kUnsupported) == tally.all()) {
    if (tally.undeclared == 0) {
      return {Verdict::kUnsupported,
              {fmt::format("none of {} can be said by the protocols, as they declare", CountText(tally.all(), "message"))}};
    }
    return {Verdict::kInconclusive,
            {fmt::format("none of {} could be said, though the protocols' profiles declare the family",
                         CountText(tally.all(), "message"))}};
  }
  return {Verdict::kInconclusive,
          {fmt::format("of {} none was to arrive: {}", CountText(tally.all(), "message"), FatesText(tally))}};
}

Judgement JudgeDelivery(const v1::DeliveryExpectation& expected, const Tally& tally, const NameMessage& name) {
  if (Judgement evidence = JudgeEvidence(tally); evidence.verdict != Verdict::kPass) return evidence;
  const std::uint64_t eligible = tally.eligible();
  const std::uint64_t unobserved = tally.Count(Fate::kUnobserved);
  Judgement judgement{Verdict::kPass,
                      {fmt::format("{} understood{}", RatioText(RatioOf(tally.in_time, eligible)),
                                   expected.within_ns() == 0 ? "" : " within " + DurationText(expected.within_ns()))}};
  if (!Reaches(tally.in_time + unobserved, eligible + unobserved, expected.at_least())) {
    judgement.verdict = Verdict::kFail;
    judgement.reasons.push_back(fmt::format("{} was demanded; all fates: {}", PercentText(expected.at_least()), FatesText(tally)));
    if (std::string examples = ExamplesText(tally, name); !examples.empty()) judgement.reasons.push_back(std::move(examples));
  } else if (!Reaches(tally.in_time, eligible + unobserved, expected.at_least())) {
    judgement.verdict = Verdict::kInconclusive;
    judgement.reasons.push_back(
        fmt::format("not observable: {} more were sent, which decide it", CountText(unobserved, "message")));
  } else if (tally.in_time == 0) {
    judgement.verdict = Verdict::kInconclusive;
    judgement.reasons.emplace_back("nothing was understood, so that nothing is shown");
  }
  AddDeviations(tally, judgement);
  return judgement;
}

Judgement JudgeLatency(const v1::LatencyExpectation& expected, const Tally& tally, const NameMessage& name) {
  if (Judgement evidence = JudgeEvidence(tally); evidence.verdict != Verdict::kPass) return evidence;
  if (tally.latencies.empty()) return {Verdict::kInconclusive, {"nothing was understood whose latency could be taken"}};
  if (tally.backwards > 0) {
    return {Verdict::kInconclusive,
            {fmt::format("{} understood before they were said: the clocks disagree", CountText(tally.backwards, "message"))}};
  }
  const std::int64_t latency = tally.latencies.At(expected.percentile());
  Judgement judgement{latency <= expected.at_most_ns() ? Verdict::kPass : Verdict::kFail,
                      {fmt::format("the {:.4g}th percentile of {} is {}, {} allowed", expected.percentile(),
                                   CountText(tally.latencies.size(), "message"), LatencyText(latency, tally.uncertainty_ns),
                                   DurationText(expected.at_most_ns()))}};
  if (std::abs(latency - expected.at_most_ns()) < tally.uncertainty_ns) {
    judgement.verdict = Verdict::kInconclusive;
    judgement.reasons.emplace_back("the clocks are not known well enough to tell");
  }
  if (judgement.verdict == Verdict::kFail) {
    if (std::string examples = ExamplesText(tally, name); !examples.empty()) judgement.reasons.push_back(std::move(examples));
  }
  AddDeviations(tally, judgement);
  return judgement;
}

Judgement JudgeSilence(const Tally& tally) {
  if (tally.understood() > 0) {
    return {Verdict::kFail, {fmt::format("{} understood, where silence was expected", CountText(tally.understood(), "message"))}};
  }
  if (tally.all() == 0) return {Verdict::kNotRun, {"no message was said, so that silence shows nothing"}};
  if (tally.Count(Fate::kUnexplained) > 0) return JudgeEvidence(tally);
  if (const std::uint64_t unobserved = tally.Count(Fate::kUnobserved); unobserved > 0) {
    return {Verdict::kInconclusive, {fmt::format("not observable: {} sent", CountText(unobserved, "message"))}};
  }
  if (tally.Count(Fate::kUnderWay) == tally.all()) return {Verdict::kInconclusive, {"all was still under way at the end"}};
  return {Verdict::kPass, {fmt::format("nothing of {} was understood: {}", CountText(tally.all(), "message"), FatesText(tally))}};
}

Judgement JudgeNoLeak(const Tally& tally) {
  if (tally.leaks > 0) {
    return {Verdict::kLeak,
            {fmt::format("{} understood by a nation that they were not releasable to", CountText(tally.leaks, "message"))}};
  }
  if (tally.all() == 0) return {Verdict::kNotRun, {"no message was said that this speaks of"}};
  if (tally.guarded == 0) {
    return {Verdict::kInconclusive, {"nothing came to another nation and nothing was withheld, so that no release was shown"}};
  }
  return {
      Verdict::kPass,
      {fmt::format("{} between nations, {} withheld, no leak", CountText(tally.guarded, "message"), tally.Count(Fate::kWithheld))}};
}

}  // namespace entente::harness
