// SPDX-License-Identifier: Apache-2.0
#pragma once

// A mapping of the file as the readers take values from it. Lenient: what has not the right form was reported by shape_check and
// reads as absent here. Also the places of every key, so that later checks can say where.

#include <yaml-cpp/yaml.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/exercise/problems.h"
#include "harness/exercise/words.h"

namespace entente::harness {

// The texts of one scalar, or of a list of scalars.
std::vector<std::string> TextsOf(const YAML::Node& node);

class Section {
 public:
  Section() = default;
  explicit Section(const YAML::Node& node);

  [[nodiscard]] bool Has(std::string_view key) const { return entries_.contains(key); }
  // The value; a null node when it is absent.
  [[nodiscard]] YAML::Node At(std::string_view key) const;
  [[nodiscard]] Section Sub(std::string_view key) const { return Section(At(key)); }
  // Empty when absent or not one value.
  [[nodiscard]] std::string Text(std::string_view key) const;
  [[nodiscard]] bool True(std::string_view key) const { return Text(key) == "true"; }
  // One or a list.
  [[nodiscard]] std::vector<std::string> Texts(std::string_view key) const { return TextsOf(At(key)); }
  // Names and values in the order of the file.
  [[nodiscard]] std::vector<std::pair<std::string, YAML::Node>> items() const { return items_; }

  // The value read by one of quantity.h; `otherwise` when absent or wrong.
  template <typename T>
  [[nodiscard]] T Value(std::string_view key, std::optional<T> (*parse)(std::string_view), T otherwise = {}) const {
    return parse(Text(key)).value_or(std::move(otherwise));
  }
  template <typename Enum>
  [[nodiscard]] Enum Word(std::string_view key, Enum otherwise = static_cast<Enum>(0)) const {
    return static_cast<Enum>(
        ParseWord(*google::protobuf::GetEnumDescriptor<Enum>(), Text(key)).value_or(static_cast<int>(otherwise)));
  }
  template <typename Enum>
  [[nodiscard]] std::vector<Enum> Words(std::string_view key) const {
    std::vector<Enum> words;
    for (const std::string& text : Texts(key)) {
      if (const auto word = ParseWord(*google::protobuf::GetEnumDescriptor<Enum>(), text))
        words.push_back(static_cast<Enum>(*word));
    }
    return words;
  }

 private:
  std::map<std::string, YAML::Node, std::less<>> entries_;
  std::vector<std::pair<std::string, YAML::Node>> items_;
};

class Places {
 public:
  explicit Places(const YAML::Node& root);
  // Of the path, or of the nearest that is there: "nations.DEU.nodes.brigade.form" when there is no form is the node's.
  [[nodiscard]] Place Of(const std::string& path) const;
  [[nodiscard]] bool Has(const std::string& path) const { return marks_.contains(path); }

 private:
  void Walk(const YAML::Node& node, const std::string& path);
  std::map<std::string, YAML::Mark> marks_;
};

}  // namespace entente::harness
