// SPDX-License-Identifier: Apache-2.0
#pragma once

// A tolerant decoder's remark on strictness: the unit was understood, but not as the standard demands.

#include <cstddef>
#include <string>

#include "entente/v1/record.pb.h"

namespace entente::adapter {

struct Finding {
  v1::FindingSeverity severity = v1::FINDING_SEVERITY_DEVIATION;
  std::size_t offset = 0;  // octets from the start of the unit
  std::string field;
  std::string clause;
  std::string text;

  bool operator==(const Finding&) const = default;
};

v1::Finding ToProto(const Finding& finding);

}  // namespace entente::adapter
