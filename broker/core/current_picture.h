// SPDX-License-Identifier: Apache-2.0
#pragma once

// The last track of every object, for nodes that join late. Bounded: when full, the object longest without news is forgotten. Keeps
// copies, so that one track does not hold a whole frame in memory.

#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"

namespace entente::broker {

class CurrentPicture {
 public:
  explicit CurrentPicture(std::size_t objects) : limit_(objects) {}

  void Update(std::string_view object_id, ByteView record);
  // Records, longest without news first. Views live until the next Update.
  [[nodiscard]] std::vector<ByteView> Records() const;
  [[nodiscard]] std::size_t size() const { return objects_.size(); }

 private:
  struct Object {
    std::string id;
    Bytes record;
  };
  std::size_t limit_;
  std::list<Object> objects_;                                                // latest news last
  std::unordered_map<std::string_view, std::list<Object>::iterator> index_;  // keys lie in objects_
};

}  // namespace entente::broker
