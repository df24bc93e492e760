// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/yaml_bounds.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <vector>

namespace entente::harness {
namespace {

// What one value holds: itself and all below it, and how many lists and mappings deep it goes.
struct Extent {
  std::size_t values = 1;
  std::size_t depth = 0;
};

class Counter final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override { extents_.clear(); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { Add(mark, anchor, {}); }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, const std::string&) override {
    Add(mark, anchor, {});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto known = extents_.find(anchor);
    if (known == extents_.end()) throw YamlExcess{mark, "an alias stands inside what it stands for, and so for something endless"};
    Add(mark, YAML::NullAnchor, known->second);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    Open(mark, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    Open(mark, anchor);
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapEnd() override { Close(); }

 private:
  struct OpenValue {
    YAML::anchor_t anchor;
    Extent extent;
  };

  void Count(const YAML::Mark& mark, std::size_t values) {
    total_ += values;
    if (total_ > kYamlValues)
      throw YamlExcess{mark, fmt::format("holds more than {} values, with aliases as what they stand for", kYamlValues)};
  }
  void CheckDepth(const YAML::Mark& mark, std::size_t depth) const {
    if (depth > kYamlDepth) throw YamlExcess{mark, fmt::format("lists and mappings are nested deeper than {}", kYamlDepth)};
  }
  void Open(const YAML::Mark& mark, YAML::anchor_t anchor) {
    Count(mark, 1);
    open_.push_back({anchor, {1, 1}});
    CheckDepth(mark, open_.size());
  }
  void Close() {
    const OpenValue closed = open_.back();
    open_.pop_back();
    Remember(closed.anchor, closed.extent);
    Enlarge(closed.extent);
  }
  void Add(const YAML::Mark& mark, YAML::anchor_t anchor, const Extent& extent) {
    Count(mark, extent.values);
    CheckDepth(mark, open_.size() + extent.depth);
    Remember(anchor, extent);
    Enlarge(extent);
  }
  void Remember(YAML::anchor_t anchor, const Extent& extent) {
    if (anchor != YAML::NullAnchor) extents_[anchor] = extent;
  }
  void Enlarge(const Extent& by) {
    if (open_.empty()) return;
    Extent& around = open_.back().extent;
    around.values += by.values;
    around.depth = std::max(around.depth, by.depth + 1);
  }

  std::vector<OpenValue> open_;
  std::map<YAML::anchor_t, Extent> extents_;
  std::size_t total_ = 0;
};

}  // namespace

std::optional<YamlExcess> FindYamlExcess(const std::string& yaml) {
  std::istringstream text(yaml);
  YAML::Parser parser(text);
  Counter counter;
  try {
    while (parser.HandleNextDocument(counter)) {
    }
  } catch (const YamlExcess& excess) {
    return excess;
  }
  return std::nullopt;
}

}  // namespace entente::harness
