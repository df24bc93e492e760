// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tracks and identities as AIS says them. Which message: node options "class" and "position_message", aircraft always message 9,
// an identity with an aid type message 21, one with a position and no aid type message 4.

#include "adapters/ais/from_canonical.h"

namespace entente::ais {

// Static data first where the track holds any, the position report last.
Said SayTrack(const v1::Envelope& envelope, std::uint32_t mmsi, const adapter::NodeOptions& options);
Said SayIdentity(const v1::Envelope& envelope, std::uint32_t mmsi, const adapter::NodeOptions& options);

}  // namespace entente::ais
