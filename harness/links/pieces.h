// SPDX-License-Identifier: Apache-2.0
#pragma once

// Parcels cut into pieces at multiples of `octets` from the start of their unit; each comes out by itself.

#include <vector>

#include "harness/links/passage.h"

namespace entente::harness {

std::vector<Parcel> InPieces(std::vector<Parcel> parcels, std::size_t octets);

}  // namespace entente::harness
