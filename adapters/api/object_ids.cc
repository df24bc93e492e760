// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/object_ids.h"

#include <iterator>

#include "base/invariant.h"

namespace entente::adapter {
namespace {

std::uint64_t Fnv1a(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001B3ULL;
  return hash;
}

}  // namespace

void HashedObjectIds::Space::ForgetOldest() {
  const auto oldest = std::prev(order.end());
  by_object.erase(oldest->object_id);
  if (const auto owner = by_number.find(oldest->number); owner != by_number.end() && owner->second == oldest)
    by_number.erase(owner);
  order.erase(oldest);
}

std::uint64_t HashedObjectIds::Number(std::string_view scheme, std::string_view object_id, std::uint64_t low, std::uint64_t high) {
  ENTENTE_INVARIANT(low <= high);
  Space& space = spaces_.try_emplace(std::string(scheme)).first->second;
  if (const auto known = space.by_object.find(object_id); known != space.by_object.end()) {
    space.order.splice(space.order.begin(), space.order, known->second);
    return known->second->number;
  }
  if (space.order.size() == limit_) space.ForgetOldest();

  const std::uint64_t width = high - low + 1;
  const std::uint64_t derived = low + (width == 0 ? Fnv1a(object_id) : Fnv1a(object_id) % width);
  std::uint64_t number = derived;
  bool collision = false;
  while (space.by_number.contains(number)) {
    collision = true;
    number = number == high ? low : number + 1;
    if (number == derived) break;
  }
  space.order.push_front({std::string(object_id), number});
  space.by_object.emplace(space.order.front().object_id, space.order.begin());
  space.by_number.try_emplace(number, space.order.begin());
  if (on_assigned_) on_assigned_({std::string(scheme), std::string(object_id), number, collision});
  return number;
}

std::string_view HashedObjectIds::ObjectOf(std::string_view scheme, std::uint64_t number) const {
  const auto space = spaces_.find(scheme);
  if (space == spaces_.end()) return {};
  const auto found = space->second.by_number.find(number);
  return found == space->second.by_number.end() ? std::string_view{} : std::string_view(found->second->object_id);
}

}  // namespace entente::adapter
