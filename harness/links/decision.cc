// SPDX-License-Identifier: Apache-2.0
#include "harness/links/decision.h"

namespace entente::harness {

std::string_view DecisionName(DecisionKind kind) {
  switch (kind) {
    case DecisionKind::kDelayed:
      return "delayed";
    case DecisionKind::kLost:
      return "lost";
    case DecisionKind::kHeld:
      return "held";
    case DecisionKind::kDuplicated:
      return "duplicated";
    case DecisionKind::kReordered:
      return "reordered";
    case DecisionKind::kCorrupted:
      return "corrupted";
    case DecisionKind::kTruncated:
      return "truncated";
    case DecisionKind::kSliced:
      return "sliced";
    case DecisionKind::kReset:
      return "reset";
  }
  return "delayed";
}

std::string_view DirectionName(LinkDirection direction) {
  return direction == LinkDirection::kToGateway ? "to-gateway" : "to-node";
}

}  // namespace entente::harness
