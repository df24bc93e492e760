// SPDX-License-Identifier: Apache-2.0
#pragma once

// What became of a message, or would, as text for people and as JSON for machines.

#include <nlohmann/json.hpp>
#include <string>

#include "harness/assessment/story.h"
#include "harness/run/explained_route.h"

namespace entente::cli {

std::string ToText(const harness::ExplainedRoute& route);
nlohmann::json ToJson(const harness::ExplainedRoute& route);

std::string ToText(const harness::MessageStory& story);
nlohmann::json ToJson(const harness::MessageStory& story);

}  // namespace entente::cli
