// SPDX-License-Identifier: Apache-2.0
#pragma once

// A value of one of the schema's enumerations in words for people: "weapon event" of FAMILY_WEAPON_EVENT.

#include <google/protobuf/generated_enum_reflection.h>

#include <string>

namespace entente {

// "value 17" where this release of the schema has no name for it. `between` stands between the words.
std::string ValueName(const google::protobuf::EnumDescriptor& enumeration, int value, char between = ' ');

template <typename Enumeration>
std::string ValueName(Enumeration value, char between = ' ') {
  return ValueName(*google::protobuf::GetEnumDescriptor<Enumeration>(), static_cast<int>(value), between);
}

}  // namespace entente
