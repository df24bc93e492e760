// SPDX-License-Identifier: Apache-2.0
#pragma once

// The last track of every object, for nodes that join late. Bounded in objects and octets: when full, the objects longest without
// news are forgotten. Keeps copies, so that one track does not hold a whole frame in memory.

#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"

namespace entente::broker {

class CurrentPicture {
 public:
  CurrentPicture(std::size_t objects, std::size_t octets) : object_limit_(objects), octet_limit_(octets) {}

  void Update(std::string_view object_id, ByteView record);
  // Records, longest without news first. Views live until the next Update.
  [[nodiscard]] std::vector<ByteView> Records() const;
  [[nodiscard]] std::size_t size() const { return objects_.size(); }

 private:
  struct Object {
    std::string id;
    Bytes record;
  };
  void ForgetOldest();

  std::size_t object_limit_;
  std::size_t octet_limit_;  // of records
  std::size_t octets_ = 0;
  std::list<Object> objects_;                                                // latest news last
  std::unordered_map<std::string_view, std::list<Object>::iterator> index_;  // keys lie in objects_
};

}  // namespace entente::broker
