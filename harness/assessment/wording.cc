// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/wording.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <cstdlib>
#include <vector>

#include "proto/message_id.h"

namespace entente::harness {
namespace {

// "track or chat messages of FLASH from DEU to FRA"
std::string SelectionText(const v1::Expectation& expectation) {
  std::vector<std::string> families;
  for (const int family : expectation.families()) families.push_back(FamilyName(static_cast<v1::Family>(family)));
  std::string text = families.empty() ? "messages" : fmt::format("{} messages", fmt::join(families, " or "));
  if (expectation.precedence() != v1::PRECEDENCE_UNSPECIFIED)
    text += fmt::format(" of {}", PrecedenceName(expectation.precedence()));
  if (!expectation.from().empty()) text += fmt::format(" from {}", fmt::join(expectation.from(), " or "));
  if (!expectation.to().empty()) text += fmt::format(" to {}", fmt::join(expectation.to(), " or "));
  return text;
}

std::string WithinText(std::int64_t within_ns) {
  return within_ns == 0 ? "before the end" : fmt::format("within {}", DurationText(within_ns));
}

}  // namespace

std::string DurationText(std::int64_t ns) {
  if (ns < 0) return "-" + DurationText(-ns);
  const double value = static_cast<double>(ns);
  if (ns < 1'000) return fmt::format("{} ns", ns);
  if (ns < 1'000'000) return fmt::format("{:.4g} us", value / 1e3);
  if (ns < 1'000'000'000) return fmt::format("{:.4g} ms", value / 1e6);
  if (ns < 60'000'000'000) return fmt::format("{:.4g} s", value / 1e9);
  const std::int64_t seconds = ns / 1'000'000'000;
  return seconds % 60 == 0 ? fmt::format("{} min", seconds / 60) : fmt::format("{} min {} s", seconds / 60, seconds % 60);
}

std::string LatencyText(std::int64_t ns, std::int64_t uncertainty_ns) {
  constexpr std::int64_t kShows = 100;
  if (uncertainty_ns == 0 || uncertainty_ns < std::abs(ns) / kShows) return DurationText(ns);
  return DurationText(ns) + " ± " + DurationText(uncertainty_ns);
}

std::string PercentText(double share) {
  const double percent = share * 100;
  // 99.97 % must not be rounded to what it is not.
  const double rounded = percent < 100 ? std::floor(percent * 100) / 100 : percent;
  return fmt::format("{:.4g} %", rounded);
}

std::string RatioText(const Ratio& ratio) {
  return fmt::format("{} of {} ({}; 95 % interval {:.1f} to {:.1f} %)", ratio.part, ratio.whole, PercentText(ratio.value()),
                     ratio.low * 100, ratio.high * 100);
}

std::string CountText(std::uint64_t count, std::string_view singular, std::string_view plural) {
  if (count == 1) return fmt::format("1 {}", singular);
  return plural.empty() ? fmt::format("{} {}s", count, singular) : fmt::format("{} {}", count, plural);
}

std::string_view KindName(const v1::Expectation& expectation) {
  switch (expectation.kind_case()) {
    case v1::Expectation::kDelivery:
      return "delivery";
    case v1::Expectation::kLatency:
      return "latency";
    case v1::Expectation::kRecovery:
      return "recovery";
    case v1::Expectation::kNoLeak:
      return "no-leak";
    case v1::Expectation::kSurvival:
      return "survival";
    case v1::Expectation::kFidelity:
      return "fidelity";
    case v1::Expectation::kSilence:
      return "silence";
    case v1::Expectation::KIND_NOT_SET:
      return "unknown";
  }
  return "unknown";
}

std::string DemandText(const v1::Expectation& expectation) {
  const std::string selection = SelectionText(expectation);
  switch (expectation.kind_case()) {
    case v1::Expectation::kDelivery:
      return fmt::format("at least {} of {} understood {}", PercentText(expectation.delivery().at_least()), selection,
                         WithinText(expectation.delivery().within_ns()));
    case v1::Expectation::kLatency:
      return fmt::format("{:.4g} % of {} understood within {}", expectation.latency().percentile(), selection,
                         DurationText(expectation.latency().at_most_ns()));
    case v1::Expectation::kRecovery:
      return fmt::format("after fault {}, {} understood again, both ways, {}", expectation.recovery().fault(), selection,
                         WithinText(expectation.recovery().within_ns()));
    case v1::Expectation::kNoLeak:
      return fmt::format("no {} understood by a nation that they are not releasable to", selection);
    case v1::Expectation::kSurvival:
      return fmt::format("after each damaged unit, the next right one of {} understood {}, nobody else disturbed", selection,
                         WithinText(expectation.survival().within_ns()));
    case v1::Expectation::kFidelity:
      return fmt::format("every field of {} that both protocols can carry arrives", selection);
    case v1::Expectation::kSilence:
      return fmt::format("no {} understood", selection);
    case v1::Expectation::KIND_NOT_SET:
      return "an expectation of a kind that this version does not know";
  }
  return {};
}

}  // namespace entente::harness
