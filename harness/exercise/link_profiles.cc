// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/link_profiles.h"

#include <algorithm>
#include <array>

namespace entente::harness {
namespace {

using std::chrono_literals::operator""ms;

// One way. "Chosen" marks a figure that no public standard fixes and that was taken as a plausible one.
constexpr std::array kProfiles{
    LinkProfile{"fibre", 1ms, Duration{0}, 0, 1'000'000'000, "200 km of optical fibre",
                "ITU-T G.114 (05/2003) table A.1: 5 us/km; the rate is chosen"},
    LinkProfile{"LTE", 30ms, 20ms, 0.001, 5'000'000, "public LTE cell, uplink of a category 1 terminal",
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
};

}  // namespace

std::span<const LinkProfile> LinkProfiles() {
  return kProfiles;
}

const LinkProfile* FindLinkProfile(std::string_view name) {
  const auto found = std::ranges::find(kProfiles, name, &LinkProfile::name);
  return found == kProfiles.end() ? nullptr : &*found;
}

v1::LinkConditions ToConditions(const LinkProfile& profile) {
  v1::LinkConditions conditions;
  conditions.set_profile(std::string(profile.name));
  conditions.set_latency_ns(profile.latency.count());
  conditions.set_jitter_ns(profile.jitter.count());
  conditions.set_loss(profile.loss);
  conditions.set_rate_bps(profile.rate_bps);
  return conditions;
}

}  // namespace entente::harness
