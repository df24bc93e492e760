// SPDX-License-Identifier: Apache-2.0
#pragma once

// Object ids that went out to nodes. A protocol with free ids (CoT's uid) spells an object by its exercise-wide id; when a node
// says that id back, it means that object and not a new one of its own. Bounded: the longest unused id is forgotten.

#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace entente::gateway {

class ObjectNames {
 public:
  static constexpr std::size_t kObjects = 65'536;

  explicit ObjectNames(std::size_t limit = kObjects) : limit_(limit) {}

  void Remember(std::string_view object_id);
  [[nodiscard]] bool Knows(std::string_view object_id) const { return index_.contains(object_id); }

 private:
  std::size_t limit_;
  std::list<std::string> order_;  // the most recently used first
  std::unordered_map<std::string_view, std::list<std::string>::iterator> index_;
};

}  // namespace entente::gateway
