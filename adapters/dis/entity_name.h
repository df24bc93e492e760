// SPDX-License-Identifier: Apache-2.0
#pragma once

// Entity ids as text, "site:application:entity", and as the canonical NativeId of scheme "dis-entity"; and the id under which DIS
// hears of an object that was born elsewhere.

#include <optional>
#include <string>
#include <string_view>

#include "adapters/api/codec.h"
#include "adapters/dis/pdu.h"

namespace entente::dis {

inline constexpr std::string_view kEntityScheme = "dis-entity";
inline constexpr std::uint16_t kNone = 0;         // in any part: no such entity
inline constexpr std::uint16_t kAll = 0xFFFF;     // in any part: all of them
inline constexpr std::uint16_t kAssign = 0xFFFE;  // entity: the receiver shall assign one
inline constexpr std::uint16_t kLastEntity = 0xFFFD;

std::string ToText(const EntityId& id);
std::optional<EntityId> ParseEntityId(std::string_view text);

// NO_ENTITY: nothing is meant.
constexpr bool IsNone(const EntityId& id) {
  return id == EntityId{};
}
v1::NativeId ToNative(const EntityId& id);
// nullopt: another scheme, or not three numbers of 16 bits.
std::optional<EntityId> FromNative(const v1::NativeId& native);

// The DIS id of the object: its own if it was born in DIS, else one at the recipient's site and application, derived from the
// exercise-wide id. nullopt: the message is about no object.
std::optional<EntityId> EntityOf(const v1::NativeId& native, const std::string& object_id, const EntityId& self,
                                 adapter::ObjectIds& ids);

}  // namespace entente::dis
