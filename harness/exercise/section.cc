// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/section.h"

namespace entente::harness {

Section::Section(const YAML::Node& node) {
  if (!node.IsMap()) return;
  for (const auto& entry : node) {
    if (!entry.first.IsScalar()) continue;
    if (entries_.emplace(entry.first.Scalar(), entry.second).second) items_.emplace_back(entry.first.Scalar(), entry.second);
  }
}

YAML::Node Section::At(std::string_view key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? YAML::Node() : found->second;
}

std::string Section::Text(std::string_view key) const {
  const YAML::Node node = At(key);
  return node.IsScalar() ? node.Scalar() : std::string{};
}

std::vector<std::string> TextsOf(const YAML::Node& node) {
  if (node.IsScalar()) return {node.Scalar()};
  std::vector<std::string> texts;
  if (!node.IsSequence()) return texts;
  for (const auto& each : node) {
    if (each.IsScalar()) texts.push_back(each.Scalar());
  }
  return texts;
}

Places::Places(const YAML::Node& root) {
  Walk(root, {});
}

void Places::Walk(const YAML::Node& node, const std::string& path) {
  marks_.emplace(path, node.Mark());
  const std::string prefix = path.empty() ? path : path + '.';
  if (node.IsMap()) {
    for (const auto& entry : node) {
      if (entry.first.IsScalar()) Walk(entry.second, prefix + entry.first.Scalar());
    }
  } else if (node.IsSequence()) {
    for (std::size_t i = 0; i < node.size(); ++i) Walk(node[i], prefix + std::to_string(i));
  }
}

Place Places::Of(const std::string& path) const {
  for (std::string nearest = path;;) {
    if (const auto found = marks_.find(nearest); found != marks_.end()) return {found->second, path};
    if (nearest.empty()) return {YAML::Mark::null_mark(), path};
    const std::size_t dot = nearest.rfind('.');
    nearest.resize(dot == std::string::npos ? 0 : dot);
  }
}

}  // namespace entente::harness
