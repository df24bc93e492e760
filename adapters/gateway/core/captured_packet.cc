// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/captured_packet.h"

#include "base/byte_reader.h"

namespace entente::gateway {
namespace {

constexpr std::uint16_t kEtherTypeIpv4 = 0x0800;
constexpr std::uint16_t kEtherTypeIpv6 = 0x86DD;
constexpr std::uint16_t kEtherTypeVlan = 0x8100;
constexpr std::uint16_t kEtherTypeServiceVlan = 0x88A8;
constexpr std::uint8_t kProtocolUdp = 17;

// RFC 768.
std::optional<UdpDatagram> ReadUdp(ByteView octets) {
  ByteReader reader(octets);
  UdpDatagram datagram;
  datagram.source_port = reader.U16Be();
  datagram.destination_port = reader.U16Be();
  const std::uint16_t length = reader.U16Be();
  reader.Skip(2);  // checksum
  if (length < 8) return std::nullopt;
  datagram.payload = reader.Take(length - 8U);
  return reader.ok() ? std::optional(datagram) : std::nullopt;
}

// RFC 791 §3.1.
std::optional<UdpDatagram> ReadIpv4(ByteView octets) {
  ByteReader reader(octets);
  const std::size_t header_octets = std::size_t{reader.U8() & 0x0FU} * 4;
  reader.Skip(1);
  const std::size_t total_octets = reader.U16Be();
  reader.Skip(2);
  const std::uint16_t fragment = reader.U16Be();
  reader.Skip(1);
  const std::uint8_t protocol = reader.U8();
  const bool is_fragment = (fragment & 0x3FFF) != 0;  // more fragments, or an offset
  if (!reader.ok() || header_octets < 20 || total_octets < header_octets || total_octets > octets.size() || is_fragment ||
      protocol != kProtocolUdp) {
    return std::nullopt;
  }
  return ReadUdp(octets.subspan(header_octets, total_octets - header_octets));
}

// RFC 8200 §3, §4. Fragments and encrypted packets are not followed.
std::optional<UdpDatagram> ReadIpv6(ByteView octets) {
  ByteReader reader(octets);
  reader.Skip(4);
  const std::uint16_t payload_octets = reader.U16Be();
  std::uint8_t next = reader.U8();
  reader.Skip(33);
  ByteReader payload(reader.Take(payload_octets));
  while (reader.ok() && payload.ok()) {
    if (next == kProtocolUdp) return ReadUdp(payload.Take(payload.remaining()));
    const bool is_extension = next == 0 || next == 43 || next == 60;  // hop-by-hop, routing, destination options
    if (!is_extension) return std::nullopt;
    next = payload.U8();
    const std::size_t eights = payload.U8();
    payload.Skip(6 + eights * 8);
  }
  return std::nullopt;
}

std::optional<UdpDatagram> ReadIp(ByteView octets) {
  if (octets.empty()) return std::nullopt;
  switch (octets[0] >> 4) {
    case 4:
      return ReadIpv4(octets);
    case 6:
      return ReadIpv6(octets);
    default:
      return std::nullopt;
  }
}

// What follows an ether type, past any VLAN tags (IEEE 802.1Q).
std::optional<UdpDatagram> ReadEtherType(ByteReader& reader) {
  std::uint16_t type = reader.U16Be();
  while (reader.ok() && (type == kEtherTypeVlan || type == kEtherTypeServiceVlan)) {
    reader.Skip(2);
    type = reader.U16Be();
  }
  if (type != kEtherTypeIpv4 && type != kEtherTypeIpv6) return std::nullopt;
  return ReadIp(reader.Take(reader.remaining()));
}

}  // namespace

bool IsKnownLinkType(std::uint32_t type) {
  switch (static_cast<LinkType>(type)) {
    case LinkType::kNull:
    case LinkType::kEthernet:
    case LinkType::kRawBsd:
    case LinkType::kRaw:
    case LinkType::kLoop:
    case LinkType::kLinuxCooked:
    case LinkType::kIpv4:
    case LinkType::kIpv6:
    case LinkType::kLinuxCooked2:
      return type <= 0xFFFF;
  }
  return false;
}

std::optional<UdpDatagram> FindUdp(LinkType link, ByteView packet) {
  ByteReader reader(packet);
  switch (link) {
    case LinkType::kEthernet:
      reader.Skip(12);
      return ReadEtherType(reader);
    case LinkType::kLinuxCooked:
      reader.Skip(14);
      return ReadEtherType(reader);
    case LinkType::kLinuxCooked2: {  // protocol, reserved, interface index, ARPHRD type, packet type, address length, address
      const std::uint16_t type = reader.U16Be();
      reader.Skip(18);
      if (type != kEtherTypeIpv4 && type != kEtherTypeIpv6) return std::nullopt;
      break;
    }
    case LinkType::kNull:
    case LinkType::kLoop:
      reader.Skip(4);  // address family; the IP version says it again
      break;
    case LinkType::kRawBsd:
    case LinkType::kRaw:
    case LinkType::kIpv4:
    case LinkType::kIpv6:
      break;
  }
  return ReadIp(reader.Take(reader.remaining()));
}

}  // namespace entente::gateway
