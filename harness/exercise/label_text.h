// SPDX-License-Identifier: Apache-2.0
#pragma once

// A label as people write it: "RESTRICTED", or "RESTRICTED rel DEU FRA", or "RESTRICTED REL DEU, FRA". The classification may have
// several words ("TOP SECRET").

#include <optional>
#include <string>
#include <string_view>

#include "entente/v1/label.pb.h"

namespace entente::harness {

// Name of the permissive category that says who may see (ADatP-4774, NATO policy).
inline constexpr std::string_view kReleasableTo = "Releasable To";

// The policy's name is the caller's to set; std::nullopt when "rel" names nobody or there is no classification.
std::optional<v1::Label> ParseLabel(std::string_view text);
void SetReleasableTo(v1::Label& label, const std::string& nation);
std::string LabelText(const v1::Label& label);

}  // namespace entente::harness
