// SPDX-License-Identifier: Apache-2.0
#include "broker/core/routing_header.h"

#include "base/node_id.h"
#include "broker/core/wire_walk.h"

namespace entente::broker {
namespace {

constexpr std::uint32_t kLastRoutingField = 6;
constexpr int kLastFamily = 63;  // room for families of newer gateways; more would be noise

std::unexpected<HeaderFault> Fault(Refusal refusal, std::size_t offset, const RoutingHeader& header) {
  return std::unexpected(HeaderFault{refusal, offset, header});
}

// entente.v1.MessageId. False: framing or order broken.
bool WalkId(ByteView id, RoutingHeader& header) {
  WireWalk walk(id);
  WireField field;
  std::uint32_t last = 0;
  while (walk.Next(field)) {
    if (field.number <= last) return false;
    last = field.number;
    if (field.number == 1 && field.type == WireType::kLength) {
      header.origin = AsText(field.payload);
    } else if (field.number == 2 && field.type == WireType::kFixed64) {
      header.incarnation = field.value;
    } else if (field.number == 3 && field.type == WireType::kVarint) {
      if (field.value > v1::PRECEDENCE_FLASH) return false;
      header.precedence = static_cast<v1::Precedence>(field.value);
    } else if (field.number == 4 && field.type == WireType::kVarint) {
      header.sequence = field.value;
    } else if (field.number <= 4) {
      return false;
    }
  }
  return walk.ok();
}

// entente.v1.Addressee, in any order; the last of a repeated field holds, as for a parser. A native addressee has no node.
bool WalkAddressee(ByteView octets, AddresseeView& addressee) {
  WireWalk walk(octets);
  WireField field;
  addressee = {};
  while (walk.Next(field)) {
    if (field.number == 1 && field.type == WireType::kLength) addressee.node = AsText(field.payload);
    if (field.number == 2 && field.type == WireType::kVarint) {
      addressee.role = static_cast<v1::AddresseeRole>(static_cast<std::int32_t>(field.value));
    }
  }
  return walk.ok();
}

bool TakeField(const WireField& field, ByteView whole, RoutingHeader& header) {
  switch (field.number) {
    case 1:
      return field.type == WireType::kLength && WalkId(field.payload, header);
    case 2:
      header.family = field.value <= kLastFamily ? static_cast<v1::Family>(field.value) : v1::FAMILY_UNSPECIFIED;
      return field.type == WireType::kVarint;
    case 3:
      header.has_label = true;
      header.label = field.payload;
      return field.type == WireType::kLength;
    case 4: {
      AddresseeView addressee;
      header.addressees = header.addressees.empty() ? whole : ByteView(header.addressees.data(), whole.data() + whole.size());
      return field.type == WireType::kLength && WalkAddressee(field.payload, addressee);
    }
    case 5:
      header.object_id = AsText(field.payload);
      return field.type == WireType::kLength;
    default:
      header.stale_at_ns = static_cast<std::int64_t>(field.value);
      return field.type == WireType::kFixed64;
  }
}

}  // namespace

std::expected<RoutingHeader, HeaderFault> WalkRoutingHeader(ByteView envelope) {
  RoutingHeader header;
  WireWalk walk(envelope);
  WireField field;
  std::uint32_t last = 0;
  const std::uint8_t* start = envelope.data();
  while (walk.Next(field)) {
    if (field.number <= kLastRoutingField) {
      const bool repeats = field.number == last && field.number != 4;
      if (field.number < last || repeats) return Fault(Refusal::kFieldOrder, walk.offset(), header);
      if (!TakeField(field, {start, walk.position()}, header)) return Fault(Refusal::kBrokenFraming, walk.offset(), header);
      last = field.number;
    } else {
      last = kLastRoutingField + 1;
    }
    start = walk.position();
  }
  if (!walk.ok()) return Fault(Refusal::kBrokenFraming, walk.offset(), header);
  if (header.origin.empty()) return Fault(Refusal::kNoId, 0, header);
  if (header.precedence == v1::PRECEDENCE_UNSPECIFIED) return Fault(Refusal::kNoPrecedence, 0, header);
  if (header.sequence == 0) return Fault(Refusal::kNoSequence, 0, header);
  if (header.family == v1::FAMILY_UNSPECIFIED) return Fault(Refusal::kNoFamily, 0, header);
  return header;
}

bool NextAddressee(ByteView& addressees, AddresseeView& addressee) {
  WireWalk walk(addressees);
  WireField field;
  if (!walk.Next(field) || !WalkAddressee(field.payload, addressee)) {
    addressees = {};
    return false;
  }
  addressees = {walk.position(), addressees.data() + addressees.size()};
  return true;
}

bool IsAddressedTo(ByteView addressees, std::string_view node) {
  const std::string_view nation = NationOf(node);
  bool addressed = false;
  AddresseeView addressee;
  while (NextAddressee(addressees, addressee)) {
    if (addressee.node != node && addressee.node != nation) continue;
    if (addressee.role == v1::ADDRESSEE_ROLE_EXEMPT) return false;
    addressed = true;
  }
  return addressed;
}

}  // namespace entente::broker
