// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/options.h"

#include <array>

#include "adapters/dis/vocabulary.h"

namespace entente::dis {
namespace {

using adapter::NodeOption;
using adapter::OptionType;

constexpr std::array<std::string_view, 2> kForces{"friendly", "opposing"};
constexpr std::array<std::string_view, 2> kTimestamps{"absolute", "relative"};

constexpr std::array<NodeOption, 10> kOptions{{
    {"exercise_id", OptionType::kInteger, "", 0, 255, "1",
     "exercise identifier; PDUs of another exercise are refused. 0: those of any are understood, and 1 is sent"},
    {"site", OptionType::kInteger, "", 1, 65534, "1", "site id of objects that were not born in DIS"},
    {"application", OptionType::kInteger, "", 1, 65534, "1", "application id of objects that were not born in DIS"},
    {"acting_foes", OptionType::kText, "", 0, 0, "friendly", "force of friends who play foes (joker, faker)", kForces},
    {"timestamps", OptionType::kText, "", 0, 0, "absolute", "absolute: hours are UTC's, relative: the issuer's own", kTimestamps},
    {"heartbeat_s", OptionType::kNumber, "s", 0.1, 3600, "5", "each own entity is said again after this time without a change"},
    {"timeout_multiple", OptionType::kNumber, "", 1, 100, "2.4", "an entity or peer not heard for this many heartbeats is gone"},
    {"dead_reckoning", OptionType::kBoolean, "", 0, 0, "false",
     "true: an own entity is said only when it strays from where receivers reckon it, or when a heartbeat is due"},
    {"threshold_m", OptionType::kNumber, "m", 0, 100000, "1", "greatest distance from the reckoned place"},
    {"threshold_deg", OptionType::kNumber, "deg", 0, 180, "3", "greatest turn from the reckoned orientation"},
}};

}  // namespace

std::span<const NodeOption> DeclaredOptions() {
  return kOptions;
}

Duration Options::timeout() const {
  return FromSeconds(ToSeconds(heartbeat) * timeout_multiple);
}

Options ReadOptions(const adapter::NodeOptions& options) {
  Options values;
  values.exercise = static_cast<std::uint8_t>(options.Integer("exercise_id"));
  values.self.site = static_cast<std::uint16_t>(options.Integer("site"));
  values.self.application = static_cast<std::uint16_t>(options.Integer("application"));
  values.acting_foes = options.Text("acting_foes") == "opposing" ? kForceOpposing : kForceFriendly;
  values.absolute_timestamps = options.Text("timestamps") == "absolute";
  values.heartbeat = FromSeconds(options.Number("heartbeat_s"));
  values.timeout_multiple = options.Number("timeout_multiple");
  values.dead_reckoning = options.Boolean("dead_reckoning");
  values.threshold_m = options.Number("threshold_m");
  values.threshold_deg = options.Number("threshold_deg");
  return values;
}

}  // namespace entente::dis
