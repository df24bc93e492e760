// SPDX-License-Identifier: Apache-2.0
#pragma once

// Why the broker does not accept a message: the closed set of MessageRefused.reason and Receipt.refused.

#include <string_view>

namespace entente::broker {

enum class Refusal {
  kTooLarge,
  kBrokenFraming,
  kFieldOrder,
  kNoId,
  kNoPrecedence,
  kNoSequence,
  kNoFamily,
  kNotOwnOrigin,
  kOtherIncarnation,
  kNotRecorded,
  kMayNotPublish,
};

constexpr std::string_view Text(Refusal refusal) {
  switch (refusal) {
    case Refusal::kTooLarge:
      return "envelope larger than the limit";
    case Refusal::kBrokenFraming:
      return "envelope framing broken";
    case Refusal::kFieldOrder:
      return "routing fields repeated or out of order";
    case Refusal::kNoId:
      return "no message id";
    case Refusal::kNoPrecedence:
      return "no precedence";
    case Refusal::kNoSequence:
      return "no sequence";
    case Refusal::kNoFamily:
      return "no family";
    case Refusal::kNotOwnOrigin:
      return "origin is not the attached node";
    case Refusal::kOtherIncarnation:
      return "incarnation is not the attached one";
    case Refusal::kNotRecorded:
      return "the record takes nothing now: its disk is full or fails";
    case Refusal::kMayNotPublish:
      return "an observer does not publish";
  }
  return "refused";
}

}  // namespace entente::broker
