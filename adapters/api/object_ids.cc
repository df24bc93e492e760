// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/object_ids.h"

#include "base/invariant.h"

namespace entente::adapter {
namespace {

std::uint64_t Fnv1a(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001B3ULL;
  return hash;
}

}  // namespace

std::uint64_t HashedObjectIds::Number(std::string_view scheme, std::string_view object_id, std::uint64_t low, std::uint64_t high) {
  ENTENTE_INVARIANT(low <= high);
  Space& space = spaces_.try_emplace(std::string(scheme)).first->second;
  if (const auto known = space.numbers.find(object_id); known != space.numbers.end()) return known->second;

  const std::uint64_t width = high - low + 1;
  const std::uint64_t derived = low + (width == 0 ? Fnv1a(object_id) : Fnv1a(object_id) % width);
  std::uint64_t number = derived;
  bool collision = false;
  while (space.objects.contains(number)) {
    collision = true;
    number = number == high ? low : number + 1;
    if (number == derived) break;
  }
  space.numbers.emplace(object_id, number);
  space.objects.try_emplace(number, object_id);
  if (on_assigned_) on_assigned_({std::string(scheme), std::string(object_id), number, collision});
  return number;
}

std::string_view HashedObjectIds::ObjectOf(std::string_view scheme, std::uint64_t number) const {
  const auto space = spaces_.find(scheme);
  if (space == spaces_.end()) return {};
  const auto found = space->second.objects.find(number);
  return found == space->second.objects.end() ? std::string_view{} : std::string_view(found->second);
}

}  // namespace entente::adapter
