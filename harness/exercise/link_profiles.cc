// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/link_profiles.h"

#include <algorithm>

namespace entente::harness {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

// One way. "Chosen" marks a figure that no public standard fixes and that was taken as a plausible one.
const std::vector<LinkProfile>& Profiles() {
  static const std::vector<LinkProfile> profiles{
      LinkProfile{"fibre", 1ms, Duration{0}, 0, 1'000'000'000, "200 km of optical fibre",
                  "ITU-T G.114 (05/2003) table A.1: 5 us/km; the rate is chosen"},
      LinkProfile{
          "LTE", 30ms, 20ms, 0.001, 5'000'000, "public LTE cell, uplink of a category 1 terminal",
          "3GPP TS 36.306 table 4.1-2: 5.16 Mbit/s; TS 23.203 table 6.1.7: delay budget 100 ms and loss 0.1 % for QCI 7, the "
          "delay is chosen below it"},
      LinkProfile{
          "LEO SATCOM", 20ms, 10ms, 0.004, 20'000'000, "low orbit constellation at about 550 km",
          "F. Michel et al., A First Look at Starlink Performance, IMC 2022: round trip 40 to 60 ms between the quartiles; loss "
          "and rate are chosen"},
      LinkProfile{"GEO SATCOM", 270ms, 30ms, 0.005, 512'000, "geostationary satellite, one hop, shared military terminal",
                  "RFC 2488 section 2: 239.6 to 279 ms from station to station; jitter, loss and rate are chosen"},
      LinkProfile{"VHF radio", 200ms, 300ms, 0.02, 16'000, "combat net radio",
                  "MIL-STD-188-220: 16 kbit/s is the customary data rate; waiting for the net (jitter) and loss are chosen"},
      LinkProfile{"HF radio", 600ms, 400ms, 0.03, 2'400, "long-range HF modem, serial tone, short interleaver",
                  "MIL-STD-188-110B: 2,400 bit/s, short interleaver of 0.6 s; jitter and loss are chosen"},
      LinkProfile{"MEO SATCOM", 75ms, 10ms, 0.002, 10'000'000, "medium orbit constellation at about 8,000 km",
                  "ITU-R S.1503 speaks of such systems; 54 ms is twice 8,062 km at the speed of light, the rest is chosen"},
      LinkProfile{
          "HF radio long interleaver", 4800ms, 1s, 0.005, 2'400, "long-range HF modem, serial tone, long interleaver",
          "MIL-STD-188-110B: 2,400 bit/s, long interleaver of 4.8 s, which trades delay for loss; jitter and loss are chosen"},
      LinkProfile{
          "tactical Wi-Fi mesh",
          8ms,
          Duration{0},
          0,
          2'000'000,
          "two hops of vehicles with IEEE 802.11 radios",
          "D. Aguayo et al., Link-level measurements from an 802.11b mesh network, SIGCOMM 2004: losses come in bursts; the "
          "figures are chosen",
          {{"burst-loss", {{"p", "1.5 %"}, {"r", "25 %"}, {"loss-in-bad", "60 %"}}},
           {"reorder", {{"share", "0.5 %"}, {"by", "15 ms"}}}}},
      LinkProfile{
          "microwave LOS",
          1ms,
          Duration{0},
          0,
          34'368'000,
          "line of sight over 50 km with a fade now and then",
          "ITU-T G.703: 34,368 kbit/s; ITU-R P.530: multipath fading on such paths; length and depth of the fades are chosen",
          {{"burst-loss", {{"p", "0.01 %"}, {"r", "5 %"}, {"loss-in-bad", "50 %"}}}}},
      LinkProfile{
          "troposcatter",
          5ms,
          2ms,
          0,
          2'048'000,
          "beyond the horizon, 200 km, with fast fading",
          "ITU-T G.703: 2,048 kbit/s; ITU-R P.617: Rayleigh fading of the scattered path; length and depth of the fades are chosen",
          {{"burst-loss", {{"p", "0.5 %"}, {"r", "20 %"}, {"loss-in-bad", "70 %"}}}}},
  };
  return profiles;
}

}  // namespace

std::span<const LinkProfile> LinkProfiles() {
  return Profiles();
}

const LinkProfile* FindLinkProfile(std::string_view name) {
  const auto profiles = LinkProfiles();
  const auto found = std::ranges::find(profiles, name, &LinkProfile::name);
  return found == profiles.end() ? nullptr : &*found;
}

v1::LinkConditions ToConditions(const LinkProfile& profile) {
  v1::LinkConditions conditions;
  conditions.set_profile(std::string(profile.name));
  conditions.set_latency_ns(profile.latency.count());
  conditions.set_jitter_ns(profile.jitter.count());
  conditions.set_loss(profile.loss);
  conditions.set_rate_bps(profile.rate_bps);
  for (const ProfileImpairment& each : profile.impairments) {
    v1::Impairment& impairment = *conditions.add_impairments();
    impairment.set_kind(std::string(each.kind));
    for (const auto& [name, value] : each.settings) {
      v1::Setting& setting = *impairment.add_settings();
      setting.set_name(std::string(name));
      setting.set_value(std::string(value));
    }
  }
  return conditions;
}

}  // namespace entente::harness
