// SPDX-License-Identifier: Apache-2.0
#pragma once

// Entity State to canonical track: WGS-84, local heading, east-north-up movement. What the track has no field for goes to
// extensions, so that another DIS node gets it back whole.

#include "adapters/api/codec.h"
#include "adapters/dis/pdu.h"

namespace entente::dis {

// Whole variable parameter records (articulation, attachment ...), as they came.
inline constexpr std::string_view kParametersExtension = "dis-variable-parameters";
// Entity State: force u8, alternative type (8), dead reckoning other parameters (15), capabilities u32, marking (12), PDU status
// u8: 41 octets, present only when the track's own fields would not give the same.
// Fire: mission index u32. Detonation: location in the target's axes, 3 × f32.
inline constexpr std::string_view kRemainderExtension = "dis-remainder";
inline constexpr std::size_t kEntityRemainderOctets = 41;

adapter::DecodeResult<adapter::DecodedMessage> DecodeTrack(const EntityState& state, const Now& now);
// Only what the update says: no identity, type or name. The session joins it with the entity's last state where it knows one.
adapter::DecodeResult<adapter::DecodedMessage> DecodeTrack(const EntityStateUpdate& update, const Now& now);

// The marking's characters up to padding; empty when it is blank or not ASCII.
std::string MarkingText(const Marking& marking);
// Blank-padded with NUL; characters that are not printable ASCII become '?'.
Marking ToMarking(std::string_view text);

}  // namespace entente::dis
