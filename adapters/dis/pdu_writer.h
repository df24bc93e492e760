// SPDX-License-Identifier: Apache-2.0
#pragma once

// PDU structs to octets. The writer sets what follows from the rest: type, family, length and counts; everything else stands as the
// caller gave it. nullopt: it would be larger than a PDU may be (8192 octets), or has more records than a count can say.

#include <optional>

#include "adapters/dis/pdu.h"

namespace entente::dis {

std::optional<Bytes> Write(const EntityState& state);
std::optional<Bytes> Write(const EntityStateUpdate& update);
Bytes Write(const Fire& fire);
std::optional<Bytes> Write(const Detonation& detonation);
// By the header's type, as ReadSimulationManagement.
Bytes Write(const SimulationManagement& control);
std::optional<Bytes> Write(const Comment& comment);

}  // namespace entente::dis
