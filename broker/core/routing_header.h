// SPDX-License-Identifier: Apache-2.0
#pragma once

// The routing fields 1 to 6 of an entente.v1.Envelope, walked by hand: no allocation, no parse of the body. The whole envelope's
// framing is validated, so that a routing field cannot hide behind the body, where a parser would merge it into the ones that the
// release decision was made on. Stricter than a protobuf parser: routing fields come once (addressees may repeat), in the order of
// their numbers, before all others, as every protobuf writer puts them.

#include <cstdint>
#include <expected>
#include <string_view>

#include "base/bytes.h"
#include "broker/core/refusal.h"
#include "entente/v1/message.pb.h"

namespace entente::broker {

// Views into the envelope that was walked.
struct RoutingHeader {
  std::string_view origin;
  std::uint64_t incarnation = 0;
  v1::Precedence precedence = v1::PRECEDENCE_UNSPECIFIED;
  std::uint64_t sequence = 0;
  v1::Family family = v1::FAMILY_UNSPECIFIED;
  bool has_label = false;
  ByteView label;       // entente.v1.Label octets
  ByteView addressees;  // all addressee fields with their tags, as they stand
  std::string_view object_id;
  std::int64_t stale_at_ns = 0;  // 0: never
};

// What was read before the fault is in `header`, so that a refusal can name the message when its id came through.
struct HeaderFault {
  Refusal refusal;
  std::size_t offset = 0;
  RoutingHeader header;
};

std::expected<RoutingHeader, HeaderFault> WalkRoutingHeader(ByteView envelope);

struct AddresseeView {
  std::string_view node;
  v1::AddresseeRole role = v1::ADDRESSEE_ROLE_UNSPECIFIED;
};
// Takes the next addressee off the front of `addressees`; false at its end. The octets were validated by WalkRoutingHeader.
bool NextAddressee(ByteView& addressees, AddresseeView& addressee);

// Whether the message is addressed to the node: by its name or its nation, and not exempted by either.
bool IsAddressedTo(ByteView addressees, std::string_view node);

}  // namespace entente::broker
