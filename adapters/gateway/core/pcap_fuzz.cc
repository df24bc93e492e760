// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "adapters/gateway/core/pcap.h"
#include "base/invariant.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const entente::ByteView file(data, size);
  const auto capture = entente::gateway::ReadCapture(file);
  if (!capture) {
    ENTENTE_INVARIANT(capture.error().offset <= size);
    return 0;
  }
  for (const auto& datagram : capture->datagrams) {
    if (datagram.payload.empty()) continue;
    ENTENTE_INVARIANT(datagram.payload.data() >= data && datagram.payload.data() + datagram.payload.size() <= data + size);
  }
  return 0;
}
