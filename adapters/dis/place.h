// SPDX-License-Identifier: Apache-2.0
#pragma once

// World coordinates and vectors of a PDU ↔ the canonical position, altitude and east-north-up vectors.

#include <optional>

#include "adapters/api/codec.h"
#include "adapters/common/geo/geocentric.h"
#include "adapters/dis/pdu.h"

namespace entente::dis {

// A location nearer to the earth's centre than this is no place: commonly 0, 0, 0 for "not set".
inline constexpr double kInnermostM = 6'000'000;

// Refuses coordinates that are not finite. nullopt: no place (with a finding and a field note).
adapter::DecodeResult<std::optional<geo::Geodetic>> DecodeLocation(const WorldCoordinates& location, std::size_t offset,
                                                                   adapter::DecodedMessage& message);
void SetPlace(const geo::Geodetic& place, v1::Position& position, v1::Altitude& altitude);

// Ledger entries of position and altitude included. Call only with a position.
geo::Geodetic EncodePlace(const v1::Position& position, const v1::Altitude* altitude, adapter::LossLedger& ledger);
WorldCoordinates ToWorld(const geo::Geodetic& place);

geo::Vector3 Widen(const Vector32& v);
Vector32 Narrow(const geo::Vector3& v);
v1::Vector ToProto(const geo::EastNorthUp& v);
geo::EastNorthUp FromProto(const v1::Vector& v);

}  // namespace entente::dis
