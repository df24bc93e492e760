// SPDX-License-Identifier: Apache-2.0
#include "harness/links/pieces.h"

#include <algorithm>

namespace entente::harness {

std::vector<Parcel> InPieces(std::vector<Parcel> parcels, std::size_t octets) {
  std::vector<Parcel> pieces;
  for (const Parcel& parcel : parcels) {
    std::size_t done = 0;
    while (done < parcel.octets.size()) {
      const std::size_t at = parcel.at + done;
      const std::size_t size = std::min(parcel.octets.size() - done, octets - at % octets);
      pieces.push_back({at, ToBytes(ByteView(parcel.octets).subspan(done, size)), parcel.due, true});
      done += size;
    }
  }
  return pieces;
}

}  // namespace entente::harness
