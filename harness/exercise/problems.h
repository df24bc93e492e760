// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is wrong with an exercise file, collected while it is read: each with file:line:column and the path of keys.

#include <yaml-cpp/yaml.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace entente::harness {

// A place in the file: its mark and how people would name it, "nations.DEU.nodes.brigade.link".
struct Place {
  YAML::Mark mark;
  std::string path;

  [[nodiscard]] Place At(const YAML::Node& node, std::string_view key) const;
};

class Problems {
 public:
  explicit Problems(std::string_view file_name) : file_name_(file_name) {}

  void Add(ErrorCode code, const Place& place, std::string_view what, std::string advice = {});
  // `what` is wrong and `text` is not among `known`: says the nearest, or all when they are few.
  void AddUnknown(const Place& place, std::string_view what, std::string_view text, const std::vector<std::string>& known);
  [[nodiscard]] bool empty() const { return found_.empty(); }
  // In the order of the file; at most kProblemsListed, the rest counted in one more.
  [[nodiscard]] std::vector<Error> InOrder() const;

 private:
  struct Found {
    YAML::Mark mark;
    std::size_t number = 0;  // in the order of being found
    Error error;
  };
  std::string file_name_;
  std::vector<Found> found_;
};

}  // namespace entente::harness
