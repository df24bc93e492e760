// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/capability.h"

#include <algorithm>

namespace entente::adapter {

const FamilyCapability* CapabilityProfile::Find(v1::Family family) const {
  const auto found = std::ranges::find(families, family, &FamilyCapability::family);
  return found == families.end() ? nullptr : &*found;
}

FieldCapability CapabilityProfile::Find(v1::Family family, v1::Field field) const {
  if (const FamilyCapability* spoken = Find(family)) {
    const auto found = std::ranges::find(spoken->fields, field, &FieldCapability::field);
    if (found != spoken->fields.end()) return *found;
  }
  return {.field = field};
}

}  // namespace entente::adapter
