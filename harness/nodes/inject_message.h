// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an inject makes a node say, as a canonical message. Label, id and originating object's native id are the node's to set.

#include <string>

#include "base/time.h"
#include "entente/v1/exercise.pb.h"
#include "harness/nodes/route.h"

namespace entente::harness {

// Who says it: the unit that the inject names, else the node's first one; the node itself when it has none.
struct InjectSpeaker {
  std::string node;
  std::string object_id;  // empty: no unit
  std::string callsign;
  v1::NativeId native_id;
  Placement placement;
};

v1::Envelope InjectMessage(const v1::Inject& inject, const InjectSpeaker& speaker, UtcTime now);
// Id of the unit of the node that the inject names; empty: none.
std::string_view UnitOf(const v1::Inject& inject);

}  // namespace entente::harness
