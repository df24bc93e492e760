// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/shape_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/exercise/impairments.h"
#include "harness/exercise/read_sections.h"
#include "harness/exercise/section.h"

namespace entente::harness {
namespace {

std::vector<std::string> KindNames() {
  std::vector<std::string> names;
  for (const ImpairmentKind* kind : ImpairmentKinds()) names.emplace_back(kind->name);
  return names;
}

bool Fits(const YAML::Node& node, const Shape& shape) {
  switch (shape.kind) {
    case ShapeKind::kScalar:
      return node.IsScalar();
    case ShapeKind::kList:
      return node.IsSequence();
    case ShapeKind::kMapping:
    case ShapeKind::kNamed:
    case ShapeKind::kImpairment:
    case ShapeKind::kOptions:
      return node.IsMap();
    case ShapeKind::kEither:
      return std::ranges::any_of(shape.alternatives, [&](const Shape* each) { return Fits(node, *each); });
  }
  return false;
}

std::string Found(const YAML::Node& node) {
  if (node.IsScalar()) return fmt::format("\"{}\"", node.Scalar());
  if (node.IsSequence()) return "a list";
  return node.IsMap() ? "a mapping" : "empty";
}

std::vector<std::string> NamesOf(const std::vector<Key>& keys) {
  std::vector<std::string> names;
  names.reserve(keys.size());
  for (const Key& key : keys) names.emplace_back(key.name);
  return names;
}

void CheckScalar(const YAML::Node& node, const Shape& shape, const Place& place, Problems& problems) {
  const std::string& text = node.Scalar();
  if (!shape.words.empty()) {
    if (std::ranges::find(shape.words, text) == shape.words.end()) {
      problems.AddUnknown(place, fmt::format("\"{}\" is not known here", text), text, shape.words);
    }
  } else if (shape.accepts != nullptr && !shape.accepts(text)) {
    problems.Add(ErrorCode::kInvalidArgument, place, fmt::format("found \"{}\"", text), fmt::format("write {}", shape.wanted));
  }
}

// False when the key is not a text or was there before.
bool CheckKey(const YAML::Node& key, const Place& place, std::set<std::string>& seen, Problems& problems) {
  if (!key.IsScalar()) {
    problems.Add(ErrorCode::kInvalidArgument, {key.Mark(), place.path}, "a key is not a plain word", "write \"key: value\"");
    return false;
  }
  if (seen.insert(key.Scalar()).second) return true;
  problems.Add(ErrorCode::kAlreadyExists, place.At(key, key.Scalar()), "stands here twice", "keep one of them");
  return false;
}

// Keys that must be there, and keys that exclude each other.
void CheckPresence(const Shape& shape, const std::set<std::string>& seen, const Place& place, Problems& problems) {
  for (const Key& key : shape.keys) {
    if (key.required && !seen.contains(std::string(key.name))) {
      problems.Add(ErrorCode::kInvalidArgument, place, fmt::format("the key \"{}\" is missing", key.name),
                   fmt::format("add \"{}: ...\" ({})", key.name, key.description));
    }
  }
  if (shape.exactly_one_of.empty()) return;
  const auto given = std::ranges::count_if(shape.exactly_one_of, [&](auto name) { return seen.contains(std::string(name)); });
  if (given != 1) {
    problems.Add(ErrorCode::kInvalidArgument, place, given == 0 ? "says nothing of what it is" : "says more than one thing",
                 fmt::format("give exactly one of: {}", fmt::join(shape.exactly_one_of, ", ")));
  }
}

void CheckMapping(const YAML::Node& node, const Shape& shape, const Place& place, Problems& problems) {
  std::set<std::string> seen;
  for (const auto& entry : node) {
    if (!CheckKey(entry.first, place, seen, problems)) continue;
    const std::string& name = entry.first.Scalar();
    const auto key = std::ranges::find(shape.keys, name, &Key::name);
    if (key == shape.keys.end()) {
      problems.AddUnknown(place.At(entry.first, name), "there is no such key here", name, NamesOf(shape.keys));
    } else {
      CheckShape(entry.second, *key->shape, place.At(entry.second, name), problems);
    }
  }
  CheckPresence(shape, seen, place, problems);
}

std::vector<std::string> NamesOf(std::span<const Parameter> parameters) {
  std::vector<std::string> names{std::string(kKindKey)};
  for (const Parameter& parameter : parameters) names.emplace_back(parameter.name);
  return names;
}

void CheckSetting(const YAML::Node& node, const Parameter& parameter, const Place& place, Problems& problems) {
  const std::vector<std::string> texts = TextsOf(node);
  const bool one = parameter.type != ParameterType::kDurations;
  if (texts.empty() || (one && !node.IsScalar())) {
    problems.Add(ErrorCode::kInvalidArgument, place, fmt::format("found {}", Found(node)),
                 fmt::format("write {}", WantedOf(parameter)));
  } else if (const auto value = ParseSetting(parameter, SettingText(node)); !value) {
    problems.Add(value.error().code, place, value.error().what, value.error().advice);
  }
}

void CheckImpairment(const YAML::Node& node, const Place& place, Problems& problems) {
  const Section section(node);
  const std::string name = section.Text(kKindKey);
  const ImpairmentKind* const kind = FindImpairmentKind(name);
  if (kind == nullptr) {
    const std::string what =
        name.empty() ? "does not say what kind it is" : fmt::format("\"{}\" is not a kind of impairment", name);
    return problems.AddUnknown(place.At(section.Has(kKindKey) ? section.At(kKindKey) : node, kKindKey), what, name, KindNames());
  }
  std::set<std::string> seen;
  for (const auto& entry : node) {
    if (!CheckKey(entry.first, place, seen, problems)) continue;
    const std::string& key = entry.first.Scalar();
    if (key == kKindKey) continue;
    const auto parameter = std::ranges::find(kind->parameters, key, &Parameter::name);
    if (parameter == kind->parameters.end()) {
      problems.AddUnknown(place.At(entry.first, key), fmt::format("{} has no such setting", kind->name), key,
                          NamesOf(kind->parameters));
    } else {
      CheckSetting(entry.second, *parameter, place.At(entry.second, key), problems);
    }
  }
  for (const Parameter& parameter : kind->parameters) {
    if (!parameter.required || seen.contains(std::string(parameter.name))) continue;
    problems.Add(ErrorCode::kInvalidArgument, place, fmt::format("the key \"{}\" is missing", parameter.name),
                 fmt::format("add \"{}: ...\" ({}): {}", parameter.name, parameter.description, WantedOf(parameter)));
  }
}

void CheckNamed(const YAML::Node& node, const Shape& shape, const Place& place, Problems& problems) {
  std::set<std::string> seen;
  for (const auto& entry : node) {
    if (!CheckKey(entry.first, place, seen, problems)) continue;
    const std::string& name = entry.first.Scalar();
    if (!shape.accepts(name)) {
      problems.Add(ErrorCode::kInvalidArgument, place.At(entry.first, name), fmt::format("\"{}\" is no name here", name),
                   fmt::format("write {}", shape.wanted));
    }
    CheckShape(entry.second, *shape.item, place.At(entry.second, name), problems);
  }
}

void CheckList(const YAML::Node& node, const Shape& shape, const Place& place, Problems& problems) {
  if (shape.accepts_list == nullptr || shape.accepts_list(TextsOf(node))) return;
  problems.Add(ErrorCode::kInvalidArgument, place, "the list is not of the right form", fmt::format("write {}", shape.wanted));
}

}  // namespace

const Shape& Chosen(const YAML::Node& node, const Shape& shape) {
  for (const Shape* each : shape.alternatives) {
    if (Fits(node, *each)) return *each;
  }
  return shape;
}

void CheckShape(const YAML::Node& node, const Shape& shape, const Place& place, Problems& problems) {
  if (!Fits(node, shape)) {
    problems.Add(ErrorCode::kInvalidArgument, place, fmt::format("found {}", Found(node)), fmt::format("write {}", shape.wanted));
    return;
  }
  switch (shape.kind) {
    case ShapeKind::kScalar:
      return CheckScalar(node, shape, place, problems);
    case ShapeKind::kMapping:
      return CheckMapping(node, shape, place, problems);
    case ShapeKind::kNamed:
      return CheckNamed(node, shape, place, problems);
    case ShapeKind::kList:
      CheckList(node, shape, place, problems);
      for (std::size_t i = 0; i < node.size(); ++i) {
        CheckShape(node[i], *shape.item, place.At(node[i], std::to_string(i)), problems);
      }
      return;
    case ShapeKind::kEither:
      return CheckShape(node, Chosen(node, shape), place, problems);
    case ShapeKind::kImpairment:
      return CheckImpairment(node, place, problems);
    case ShapeKind::kOptions:
      return;
  }
}

}  // namespace entente::harness
