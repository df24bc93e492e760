// SPDX-License-Identifier: Apache-2.0
#pragma once

// Link conditions by name, each with the public source of its figures. Values are one way, for an unloaded link; an exercise file
// takes a profile and overrides what it knows better.

#include <cstdint>
#include <span>
#include <string_view>

#include "base/time.h"
#include "entente/v1/exercise.pb.h"

namespace entente::harness {

struct LinkProfile {
  std::string_view name;
  Duration latency;
  Duration jitter;
  double loss;
  std::uint64_t rate_bps;
  std::string_view description;
  std::string_view source;
};

std::span<const LinkProfile> LinkProfiles();
// nullptr when there is no such profile.
const LinkProfile* FindLinkProfile(std::string_view name);
v1::LinkConditions ToConditions(const LinkProfile& profile);

}  // namespace entente::harness
