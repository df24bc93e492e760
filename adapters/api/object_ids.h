// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ids of objects in protocols that have only numbers. An object has one exercise-wide id; its number in a protocol is derived from
// it (the same on every gateway and after a restart), and collisions are resolved by taking the next free one.

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

namespace entente::adapter {

class ObjectIds {
 public:
  virtual ~ObjectIds() = default;
  // A number in [low, high] for the object, stable for the life of this. `scheme` names the number space, e.g. "dis-entity 7:1".
  virtual std::uint64_t Number(std::string_view scheme, std::string_view object_id, std::uint64_t low, std::uint64_t high) = 0;
};

// The derivation that gateways and nodes use: FNV-1a 64 of the object id, folded into the range, then the next free number.
// When every number of the range is taken, the derived number is shared: `on_assigned` is told of the collision either way.
// Bounded, since peers invent objects: the object of a scheme whose number was asked for longest ago is forgotten, and gets its
// derived number again when it comes back. Schemes come from the configuration and are few.
class HashedObjectIds final : public ObjectIds {
 public:
  static constexpr std::size_t kObjectsPerScheme = 32'768;  // half of the narrowest range in use, so that a free number is near

  struct Assignment {
    std::string scheme;
    std::string object_id;
    std::uint64_t number = 0;
    bool collision = false;
  };
  using OnAssigned = std::function<void(const Assignment&)>;

  explicit HashedObjectIds(OnAssigned on_assigned = {}, std::size_t objects_per_scheme = kObjectsPerScheme)
      : on_assigned_(std::move(on_assigned)), limit_(objects_per_scheme) {}

  std::uint64_t Number(std::string_view scheme, std::string_view object_id, std::uint64_t low, std::uint64_t high) override;
  // The object that has this number in the scheme; empty when none.
  [[nodiscard]] std::string_view ObjectOf(std::string_view scheme, std::uint64_t number) const;

 private:
  struct Numbered {
    std::string object_id;
    std::uint64_t number = 0;
  };
  struct Space {
    std::list<Numbered> order;  // the most recently used first
    std::unordered_map<std::string_view, std::list<Numbered>::iterator> by_object;
    std::unordered_map<std::uint64_t, std::list<Numbered>::iterator> by_number;  // of those that share one, the first

    void ForgetOldest();
  };
  std::map<std::string, Space, std::less<>> spaces_;
  OnAssigned on_assigned_;
  std::size_t limit_;
};

}  // namespace entente::adapter
