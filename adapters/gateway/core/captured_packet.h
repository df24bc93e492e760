// SPDX-License-Identifier: Apache-2.0
#pragma once

// One captured packet, from its link layer down to the payload of a UDP datagram. Pure; reads within its octets whatever they say.

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace entente::gateway {

// Link-layer header types as registered for pcap (draft-ietf-opsawg-pcaplinktype).
enum class LinkType : std::uint16_t {
  kNull = 0,
  kEthernet = 1,
  kRawBsd = 12,
  kRaw = 101,
  kLoop = 108,
  kLinuxCooked = 113,
  kIpv4 = 228,
  kIpv6 = 229,
  kLinuxCooked2 = 276,
};

bool IsKnownLinkType(std::uint32_t type);

struct UdpDatagram {
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  ByteView payload;
};

// std::nullopt: no UDP over IP, a fragment, or not whole.
std::optional<UdpDatagram> FindUdp(LinkType link, ByteView packet);

}  // namespace entente::gateway
