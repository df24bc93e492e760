// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/assessment/wording.h"
#include "harness/report/html_sections.h"
#include "harness/report/markup.h"
#include "proto/message_id.h"

namespace entente::harness {
namespace {

constexpr double kLeft = 190;  // of the plot; names stand before it
constexpr double kRight = 985;
constexpr double kRow = 26;
constexpr std::size_t kRowsShown = 40;
constexpr std::size_t kInjectLabel = 34;  // characters

// A line of time from STARTEX to the end, with one row per thing that happened.
class Timeline {
 public:
  explicit Timeline(const Assessment& assessment)
      : assessment_(assessment),
        span_ns_(static_cast<double>(std::max<std::int64_t>(assessment.ended_ns - assessment.started_ns, 1))) {}

  std::string Render() {
    AddPauses();
    for (const FaultSummary& fault : assessment_.faults) AddFault(fault);
    for (const InjectSummary& inject : assessment_.injects) AddInject(inject);
    AddBrokenConnections();
    AddLeaks();
    if (rows_ == 0) return {};
    const double height = static_cast<double>(rows_) * kRow + 34;
    return fmt::format("<svg viewBox=\"0 0 1000 {:.0f}\" role=\"img\" aria-label=\"Timeline of faults and injects\">{}{}</svg>",
                       height, Axis(height), body_);
  }

 private:
  [[nodiscard]] double X(std::int64_t at_ns) const {
    const double share = static_cast<double>(at_ns - assessment_.started_ns) / span_ns_;
    return kLeft + std::clamp(share, 0.0, 1.0) * (kRight - kLeft);
  }
  bool OpenRow(std::string_view name) {
    if (rows_ >= kRowsShown) return false;
    y_ = static_cast<double>(rows_++) * kRow + 8;
    constexpr std::size_t kNameLength = 28;
    std::string shown(name.substr(0, kNameLength));
    if (name.size() > kNameLength) shown += "…";
    body_ += fmt::format("<text x=\"0\" y=\"{:.0f}\">{}</text>", y_ + 13, EscapeMarkup(shown));
    return true;
  }
  void Bar(std::int64_t from_ns, std::int64_t to_ns, std::string_view colour, const std::string& title) {
    const double from = X(from_ns);
    body_ += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.0f}\" width=\"{:.1f}\" height=\"16\" rx=\"4\" fill=\"var(--{})\" "
        "fill-opacity=\".75\"><title>{}</title></rect>",
        from, y_, std::max(X(to_ns) - from, 3.0), colour, EscapeMarkup(title));
  }
  void Diamond(std::int64_t at_ns, std::string_view colour, const std::string& title) {
    body_ += fmt::format(
        "<path transform=\"translate({:.1f} {:.0f})\" d=\"M0-8 8 0 0 8-8 0Z\" fill=\"var(--{})\"><title>{}</title></path>",
        X(at_ns), y_ + 8, colour, EscapeMarkup(title));
  }
  void Tick(std::int64_t at_ns, std::string_view colour, const std::string& title) {
    body_ += fmt::format("<rect x=\"{:.1f}\" y=\"{:.0f}\" width=\"3\" height=\"16\" fill=\"var(--{})\"><title>{}</title></rect>",
                         X(at_ns) - 1.5, y_, colour, EscapeMarkup(title));
  }
  [[nodiscard]] std::string When(std::int64_t at_ns) const { return AfterStartText(at_ns, assessment_.started_ns); }

  void AddPauses();
  void AddFault(const FaultSummary& fault);
  void AddInject(const InjectSummary& inject);
  void AddBrokenConnections();
  void AddLeaks();
  [[nodiscard]] std::string Axis(double height) const;

  const Assessment& assessment_;
  double span_ns_;
  std::string body_;
  std::size_t rows_ = 0;
  double y_ = 0;
};

void Timeline::AddPauses() {
  bool open = false;
  for (std::size_t i = 0; i < assessment_.states.size(); ++i) {
    const StateSpan& state = assessment_.states[i];
    if (!state.node.empty() || state.state != "paused") continue;
    if (!open && !OpenRow("exercise paused")) return;
    open = true;
    const auto next = std::find_if(assessment_.states.begin() + static_cast<std::ptrdiff_t>(i) + 1, assessment_.states.end(),
                                   [](const StateSpan& later) { return later.node.empty(); });
    Bar(state.at_ns, next == assessment_.states.end() ? assessment_.ended_ns : next->at_ns, "idle", "paused: " + state.reason);
  }
}

void Timeline::AddFault(const FaultSummary& fault) {
  if (!OpenRow(fault.fault)) return;
  const std::int64_t ended_ns = fault.ended_ns == 0 ? assessment_.ended_ns : fault.ended_ns;
  Bar(fault.started_ns, ended_ns, "fail",
      fmt::format("{} on {} {}, {} to {}", fault.kind, fault.target, fault.parameters, When(fault.started_ns), When(ended_ns)));
  const bool fits_right = X(ended_ns) < kRight - 260;
  body_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.0f}\" text-anchor=\"{}\">{}</text>",
                       fits_right ? X(ended_ns) + 8 : X(fault.started_ns) - 8, y_ + 13, fits_right ? "start" : "end",
                       EscapeMarkup(fault.kind + ", " + fault.target));
}

void Timeline::AddInject(const InjectSummary& inject) {
  if (!OpenRow(inject.inject)) return;
  Diamond(inject.at_ns, "mark", fmt::format("{} {}: {}", When(inject.at_ns), inject.node, inject.text));
  std::string said = inject.node + (inject.text.empty() ? "" : ": " + inject.text);
  if (said.size() > kInjectLabel) {
    while (said.size() > kInjectLabel || (!said.empty() && (said.back() & 0x80) != 0)) said.pop_back();
    said += "…";
  }
  const bool fits_right = X(inject.at_ns) < kRight - 260;
  body_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.0f}\" text-anchor=\"{}\">{}</text>", X(inject.at_ns) + (fits_right ? 14 : -14),
                       y_ + 13, fits_right ? "start" : "end", EscapeMarkup(said));
}

void Timeline::AddBrokenConnections() {
  bool open = false;
  for (const StateSpan& state : assessment_.states) {
    if (state.node.empty() || state.state != "lost") continue;
    if (!open && !OpenRow("connections lost")) return;
    open = true;
    Tick(state.at_ns, "none", fmt::format("{} {}: {}", When(state.at_ns), state.node, state.reason));
  }
}

void Timeline::AddLeaks() {
  if (assessment_.leaks.empty() || !OpenRow("leaks")) return;
  for (const LeakSummary& leak : assessment_.leaks) {
    Tick(leak.at_ns, "error", fmt::format("{} {} to {}", When(leak.at_ns), leak.message, leak.to));
  }
}

std::string Timeline::Axis(double height) const {
  constexpr int kTicks = 6;
  std::string axis;
  for (int tick = 0; tick <= kTicks; ++tick) {
    const double x = kLeft + (kRight - kLeft) * tick / kTicks;
    const auto at_ns = assessment_.started_ns + static_cast<std::int64_t>(span_ns_ * tick / kTicks);
    const std::string_view anchor = tick == kTicks ? "end" : tick == 0 ? "start" : "middle";
    axis += fmt::format(
        "<line x1=\"{0:.0f}\" x2=\"{0:.0f}\" y1=\"0\" y2=\"{1:.0f}\" stroke=\"var(--line)\"/><text x=\"{0:.0f}\" y=\"{2:.0f}\" "
        "text-anchor=\"{3}\">{4}</text>",
        x, height - 22, height - 6, anchor, When(at_ns));
  }
  return axis;
}

// Position of a latency on a scale from 100 us to 100 s, each decade as wide as the next.
double LatencyX(std::int64_t latency_ns) {
  constexpr double kLeastExponent = 5;  // 10^5 ns
  constexpr double kDecades = 6;
  const double exponent = std::log10(static_cast<double>(std::max<std::int64_t>(latency_ns, 1)));
  return std::clamp((exponent - kLeastExponent) / kDecades, 0.0, 1.0) * 300;
}

std::string LatencyBar(const LatencySummary& latency) {
  std::string marks;
  for (int decade = 1; decade < 6; ++decade) {
    marks += fmt::format("<line x1=\"{0}\" x2=\"{0}\" y1=\"0\" y2=\"20\" stroke=\"var(--line)\"/>", decade * 50);
  }
  const double low = LatencyX(latency.minimum_ns);
  const double p90 = LatencyX(latency.p90_ns);
  return fmt::format(
      "<svg viewBox=\"0 0 300 20\" style=\"min-width:9rem\" aria-hidden=\"true\">{}"
      "<rect x=\"{:.1f}\" y=\"9\" width=\"{:.1f}\" height=\"2\" fill=\"var(--mark)\"/>"
      "<rect x=\"{:.1f}\" y=\"6\" width=\"{:.1f}\" height=\"8\" rx=\"3\" fill=\"var(--mark)\" fill-opacity=\".55\"/>"
      "<rect x=\"{:.1f}\" y=\"2\" width=\"3\" height=\"16\" rx=\"1\" fill=\"var(--mark)\"/></svg>",
      marks, low, std::max(LatencyX(latency.maximum_ns) - low, 1.0), low, std::max(p90 - low, 2.0),
      LatencyX(latency.median_ns) - 1.5);
}

}  // namespace

std::string HtmlTimeline(const Assessment& assessment) {
  const std::string chart = Timeline(assessment).Render();
  if (chart.empty()) return {};
  return HtmlHeading("Timeline", "Faults, injects and broken connections, after STARTEX.") +
         fmt::format("<div class=\"card scroll wide\">{}</div>", chart);
}

std::string HtmlLatency(const Assessment& assessment) {
  std::string rows;
  for (auto entry = assessment.latency.rbegin(); entry != assessment.latency.rend(); ++entry) {
    const auto& [precedence, latency] = *entry;
    rows += fmt::format(
        "<tr><td><b>{}</b></td><td>{}</td><td class=\"n\" data-name=\"messages\">{}</td><td class=\"n\" "
        "data-name=\"median\">{}</td>"
        "<td class=\"n\" data-name=\"p90\">{}</td><td class=\"n\" data-name=\"p99\">{}</td><td class=\"n\" "
        "data-name=\"longest\">{}</td></tr>",
        PrecedenceName(precedence), LatencyBar(latency), Grouped(latency.count),
        LatencyText(latency.median_ns, latency.uncertainty_ns), DurationText(latency.p90_ns), DurationText(latency.p99_ns),
        DurationText(latency.maximum_ns));
  }
  if (rows.empty()) return {};
  return HtmlHeading(
             "Latency by precedence",
             "From saying to understanding. Bars run from the shortest over the median (mark) to p90 (thick) and the longest "
             "(thin), 100 µs to 100 s, a line for each factor of ten.") +
         fmt::format(
             "<div class=\"frame\"><table class=\"stack\"><thead><tr><th>Precedence</th><th></th><th class=\"n\">Messages</th>"
             "<th class=\"n\">Median</th><th class=\"n\">p90</th><th class=\"n\">p99</th><th class=\"n\">Longest</th></tr></thead>"
             "<tbody>{}</tbody></table></div>",
             rows);
}

}  // namespace entente::harness
