// SPDX-License-Identifier: Apache-2.0
#pragma once

// How much a YAML text holds, found while it is scanned and before anything is built from it. A few lines of anchors and aliases
// can stand for more values than fit into memory, and nesting for more calls than fit onto the stack.

#include <yaml-cpp/yaml.h>

#include <optional>
#include <string>
#include <string_view>

namespace entente::harness {

// Values of a file, with every alias counted as what it stands for.
inline constexpr std::size_t kYamlValues = 200'000;
// Lists and mappings within each other.
inline constexpr std::size_t kYamlDepth = 64;

struct YamlExcess {
  YAML::Mark mark;
  std::string what;
};

// std::nullopt when the text is within both bounds. Throws YAML::Exception when it is no YAML, as YAML::Load does.
std::optional<YamlExcess> FindYamlExcess(const std::string& yaml);

}  // namespace entente::harness
