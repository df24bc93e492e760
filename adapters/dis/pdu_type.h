// SPDX-License-Identifier: Apache-2.0
#pragma once

// Types and families of PDUs as SISO-REF-010 [UID 4, UID 5] names them.

#include <cstdint>
#include <string>

namespace entente::dis {

enum class PduType : std::uint8_t {
  kEntityState = 1,
  kFire = 2,
  kDetonation = 3,
  kCreateEntity = 11,
  kRemoveEntity = 12,
  kStartResume = 13,
  kStopFreeze = 14,
  kAcknowledge = 15,
  kComment = 22,
  kEntityStateUpdate = 67,
};

constexpr std::uint8_t Number(PduType type) {
  return static_cast<std::uint8_t>(type);
}

// Assigned by SISO-REF-010, or of its experimental range (129 to 255).
bool IsKnownType(std::uint8_t type);
// "Entity State"; "Experimental 137"; "Unassigned 99".
std::string TypeName(std::uint8_t type);
// The protocol family that the type belongs to; 0 where the standard does not say (experimental, unassigned).
std::uint8_t FamilyOfType(std::uint8_t type);
// Came with version 7: types 68 to 72.
bool IsVersion7Only(std::uint8_t type);

}  // namespace entente::dis
