// SPDX-License-Identifier: Apache-2.0
#pragma once

// Octets to PDU structs. Each Read* takes one whole PDU (`pdu.size()` is what its length field says), checks its fixed part and its
// counts against those octets, and allocates nothing but Comment's list of datums. Values are not judged here, only shape.

#include "adapters/api/decode_error.h"
#include "adapters/dis/pdu.h"

namespace entente::dis {

// The header at the start of `octets`, which may go on after the PDU. Refuses fewer than 12 octets, another version than 6 or 7,
// and a length below the header's or beyond `octets`.
adapter::DecodeResult<Header> ReadHeader(ByteView octets);

adapter::DecodeResult<EntityState> ReadEntityState(ByteView pdu);
adapter::DecodeResult<EntityStateUpdate> ReadEntityStateUpdate(ByteView pdu);
adapter::DecodeResult<Fire> ReadFire(ByteView pdu);
adapter::DecodeResult<Detonation> ReadDetonation(ByteView pdu);
// Create Entity, Remove Entity, Start/Resume, Stop/Freeze, Acknowledge: by the header's type.
adapter::DecodeResult<SimulationManagement> ReadSimulationManagement(ByteView pdu);
adapter::DecodeResult<Comment> ReadComment(ByteView pdu);

}  // namespace entente::dis
