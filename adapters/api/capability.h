// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a protocol can say: for each canonical field whether it has a place, and with what resolution and range. From two profiles
// follows what a translation must keep; measured against what was understood, that is the fidelity matrix.

#include <limits>
#include <span>
#include <string_view>

#include "entente/v1/message.pb.h"

namespace entente::adapter {

enum class Carriage {
  kNone,
  kExtension,  // only in a free extension: receivers of other makes will not look there
  kLimited,    // smaller vocabulary or range
  kQuantised,  // resolution coarser than the canonical value's
  kFull,
};

struct FieldCapability {
  v1::Field field = v1::FIELD_UNSPECIFIED;
  Carriage carriage = Carriage::kNone;
  bool mandatory = false;  // the protocol cannot emit a unit without it
  double resolution = 0;   // greatest rounding error, in the field's unit (message.proto, Field); 0: exact
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
  std::string_view note = {};  // "11 characters", "friendly, opposing, neutral, other"
};

// One family, in one direction or both.
struct FamilyCapability {
  v1::Family family = v1::FAMILY_UNSPECIFIED;
  bool decodes = false;
  bool encodes = false;
  std::span<const FieldCapability> fields;
};

struct CapabilityProfile {
  std::span<const FamilyCapability> families;
  bool label_slot = false;  // can a unit carry a confidentiality label

  // nullptr when the family is not spoken.
  [[nodiscard]] const FamilyCapability* Find(v1::Family family) const;
  // A field that is not listed is kNone.
  [[nodiscard]] FieldCapability Find(v1::Family family, v1::Field field) const;
};

}  // namespace entente::adapter
