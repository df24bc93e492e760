// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/progress_line.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cstdio>
#include <numeric>

namespace entente::cli {
namespace {

// How often a log gets a line, in exercise seconds.
constexpr std::int64_t kLogEveryS = 10;

std::string Clockwise(Duration time) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
  return fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

template <typename Map>
std::uint64_t Total(const Map& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& entry) { return sum + entry.second; });
}

std::string LineOf(v1::ExerciseState state, Duration elapsed, Duration duration, const harness::Figures& figures,
                   const std::set<std::string>& active_faults, const std::vector<std::string>& awaited) {
  if (!awaited.empty()) return fmt::format("READY, waiting for {}", fmt::join(awaited, ", "));
  if (state == v1::EXERCISE_STATE_READY) return "READY, nodes connect";
  const std::string faults = active_faults.empty() ? "none" : fmt::format("{}", fmt::join(active_faults, ", "));
  return fmt::format("{} of {}  {} messages, {} understood  {} injects  faults: {}", Clockwise(elapsed), Clockwise(duration),
                     Total(figures.accepted), Total(figures.understood), figures.injects_fired, faults);
}

}  // namespace

ProgressLine::ProgressLine(bool shown) : shown_(shown), terminal_(isatty(STDERR_FILENO) != 0) {}

void ProgressLine::Say(std::string_view text) {
  if (shown_) fmt::print(stderr, "{}\n", text);
}

void ProgressLine::Show(v1::ExerciseState state, Duration elapsed, Duration duration, const harness::Figures& figures,
                        const std::set<std::string>& active_faults, const std::vector<std::string>& awaited) {
  if (!shown_) return;
  const auto second = std::chrono::duration_cast<std::chrono::seconds>(elapsed).count();
  if (terminal_) {
    fmt::print(stderr, "\r\x1b[K{}", LineOf(state, elapsed, duration, figures, active_faults, awaited));
    std::fflush(stderr);
  } else if (last_shown_s_ < 0 || second >= last_shown_s_ + kLogEveryS) {
    last_shown_s_ = second;
    fmt::print(stderr, "{}\n", LineOf(state, elapsed, duration, figures, active_faults, awaited));
  }
}

void ProgressLine::Clear() {
  if (shown_ && terminal_) fmt::print(stderr, "\r\x1b[K");
}

}  // namespace entente::cli
