// SPDX-License-Identifier: Apache-2.0
#pragma once

// Two canonical messages compared field by field: what was said against what was understood. Used by the contract suite and by the
// fidelity matrix; it knows the canonical model only, no protocol.

#include <vector>

#include "entente/v1/message.pb.h"

namespace entente::adapter {

enum class FieldVerdict {
  kKept,      // both say it, and equally
  kDiffers,   // both say it; `error` in the field's unit, infinite where there is no measure
  kMissing,   // said, but not understood
  kInvented,  // understood, but not said
};

struct FieldComparison {
  v1::Field field = v1::FIELD_UNSPECIFIED;
  FieldVerdict verdict = FieldVerdict::kKept;
  double error = 0;

  bool operator==(const FieldComparison&) const = default;
};

// Fields that neither says are left out. Bodies of different families give FIELD_UNSPECIFIED kDiffers alone. Position errors are
// metres along the great circle, angles are the smaller way round. Object ids and originators are not compared: every protocol
// spells them in its own way, and identity is judged by the record's chain of units.
std::vector<FieldComparison> Compare(const v1::Envelope& said, const v1::Envelope& understood);

}  // namespace entente::adapter
