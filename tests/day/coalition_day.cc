// SPDX-License-Identifier: Apache-2.0
#include "tests/day/coalition_day.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <string_view>

namespace entente::day {
namespace {

constexpr std::array<std::string_view, kNations> kCodes = {"ALB", "BEL", "BGR", "CAN", "CZE", "DEU", "DNK", "ESP", "EST", "FIN",
                                                           "FRA", "GBR", "GRC", "HRV", "HUN", "ITA", "LTU", "NLD", "NOR", "POL"};

struct Kind {
  std::string_view protocol;
  std::string_view unit;       // what its units are besides callsign and route
  std::string_view options{};  // of the node
};
constexpr std::array<Kind, 3> kKinds = {
    Kind{"cot", "dimension: land, function: U-C-I, speed: 30 km/h"},
    Kind{"dis", "dimension: air, function: M-F-F, dis-type: 1.2.78.2.3.1, speed: 400 kn",
         "        options: {heartbeat_s: 60}\n"},  // what is said every ten seconds needs no repetition
    Kind{"ais", "dimension: sea-surface, function: C-A-L, ais-ship-type: 35, speed: 14 kn"},
};

std::string_view CodeOf(std::size_t nation) {
  return kCodes[nation % kNations];
}

// Whom the nation hears.
std::string Heard(std::size_t nation) {
  return fmt::format("[{}, {}, {}]", CodeOf(nation + 1), CodeOf(nation + 2), CodeOf(nation + 3));
}

// Who hears the nation, and itself.
std::string Audience(std::size_t nation) {
  return fmt::format("{} {} {} {}", CodeOf(nation), CodeOf(nation + kNations - 1), CodeOf(nation + kNations - 2),
                     CodeOf(nation + kNations - 3));
}

void WriteUnit(std::size_t unit, std::string& text) {
  const double latitude = 50.0 + 0.01 * static_cast<double>(unit / 40);
  const double longitude = 4.0 + 0.1 * static_cast<double>(unit % 40);
  fmt::format_to(std::back_inserter(text),
                 "          u{0}: {{callsign: U{0}, {1}, closed-route: true, report-every: {2} s,\n"
                 "            route: [{3:.2f} N {4:.2f} E, {5:.2f} N {4:.2f} E, {5:.2f} N {6:.2f} E]}}\n",
                 unit, kKinds[unit % kNations % kKinds.size()].unit,
                 std::chrono::duration_cast<std::chrono::seconds>(kReportEvery).count(), latitude, longitude, latitude + 0.3,
                 longitude + 0.3);
}

void WriteNation(std::size_t nation, std::size_t units, std::string& text) {
  const Kind& kind = kKinds[nation % kKinds.size()];
  fmt::format_to(std::back_inserter(text),
                 "  {}:\n"
                 "    clearance: RESTRICTED\n"
                 "    label: RESTRICTED rel {}\n"
                 "    nodes:\n"
                 "      hq:\n"
                 "        protocol: {}\n"
                 "        receives-from: {}\n"
                 "        link: {{latency: 20 ms, jitter: 40 ms, loss: 0.5 %}}\n"
                 "{}",
                 CodeOf(nation), Audience(nation), kind.protocol, Heard(nation), kind.options);
  if (nation >= units) return;
  text += "        units:\n";
  for (std::size_t unit = nation; unit < units; unit += kNations) WriteUnit(unit, text);
}

// Each link is out once, one after the other.
void WriteFaults(Duration duration, std::string& text) {
  text += "faults:\n";
  const double step_s = ToSeconds(duration) / (kNations + 2);
  for (std::size_t nation = 0; nation < kNations; ++nation) {
    fmt::format_to(std::back_inserter(text), "  out-{}: {{at: {:.0f} s, for: {:.0f} s, node: {}/hq, outage: refuse}}\n", nation,
                   step_s * static_cast<double>(nation + 1), std::max(step_s / 20, 1.0), CodeOf(nation));
  }
}

}  // namespace

std::string CoalitionDay::Text() const {
  std::string text = fmt::format(
      "version: 1\n"
      "name: coalition-day\n"
      "seed: 24\n"
      "duration: {:.0f} s\n"
      "policy:\n"
      "  classifications: [UNCLASSIFIED, RESTRICTED]\n"
      "  unlabelled-egress-up-to: RESTRICTED\n"
      "nations:\n",
      ToSeconds(duration));
  for (std::size_t nation = 0; nation < kNations; ++nation) WriteNation(nation, units, text);
  WriteFaults(duration, text);
  text +=
      "expectations:\n"
      "  most-arrives: {delivery: {at-least: 95 %}}\n"
      "  soon-enough: {latency: {percentile: 50, at-most: 1 s}}\n"
      "  nobody-sees-too-much: {no-leak: true}\n";
  return text;
}

}  // namespace entente::day
