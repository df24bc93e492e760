// SPDX-License-Identifier: Apache-2.0
#pragma once

// Link conditions by name, each a chain of impairments with the public source of its figures. Values are one way, for an unloaded
// link; an exercise file takes a profile and overrides what it knows better.

#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "entente/v1/exercise.pb.h"

namespace entente::harness {

// Beside latency, loss and rate: a kind, and its settings as an exercise file says them.
struct ProfileImpairment {
  std::string_view kind;
  std::vector<std::pair<std::string_view, std::string_view>> settings;
};

struct LinkProfile {
  std::string_view name;
  Duration latency{0};
  Duration jitter{0};
  double loss = 0;
  std::uint64_t rate_bps = 0;
  std::string_view description;
  std::string_view source;
  std::vector<ProfileImpairment> impairments = {};
};

std::span<const LinkProfile> LinkProfiles();
// nullptr when there is no such profile.
const LinkProfile* FindLinkProfile(std::string_view name);
v1::LinkConditions ToConditions(const LinkProfile& profile);

}  // namespace entente::harness
