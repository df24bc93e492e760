// SPDX-License-Identifier: Apache-2.0
#pragma once

// UDP payloads of a packet capture, with their times. Classic pcap (both octet orders, microseconds and nanoseconds) and pcapng
// (section header, interface description, enhanced and simple packet blocks); Ethernet (also with VLAN tags), raw IP, null/loopback
// and Linux cooked captures; IPv4 and IPv6. Pure. Packets that are no whole UDP datagram (TCP, ARP, fragments, cut by the snapshot
// length) are counted, not an error; a file whose own structure is wrong is refused.

#include <optional>
#include <vector>

#include "adapters/api/decode_error.h"
#include "base/bytes.h"
#include "base/time.h"

namespace entente::gateway {

struct CapturedDatagram {
  std::optional<UtcTime> time;  // a simple packet block has none
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  ByteView payload;  // into the file
};

struct Capture {
  std::vector<CapturedDatagram> datagrams;
  std::size_t other_packets = 0;
};

// By its first four octets.
bool LooksLikeCapture(ByteView file);
// DecodeError::offset counts from the start of the file.
adapter::DecodeResult<Capture> ReadCapture(ByteView file);

}  // namespace entente::gateway
