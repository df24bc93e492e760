// SPDX-License-Identifier: Apache-2.0
// Whatever the hand walk accepts, the protobuf parser reads in the same way.

#include "base/invariant.h"
#include "broker/core/routing_header.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace entente;
  const auto header = broker::WalkRoutingHeader({data, size});
  if (!header) return 0;
  v1::Envelope parsed;
  // Bodies and text may be wrong inside: the walk does not look there.
  if (!parsed.ParseFromArray(data, static_cast<int>(size))) return 0;
  ENTENTE_INVARIANT(parsed.id().origin() == header->origin);
  ENTENTE_INVARIANT(parsed.id().incarnation() == header->incarnation);
  ENTENTE_INVARIANT(parsed.id().precedence() == header->precedence);
  ENTENTE_INVARIANT(parsed.id().sequence() == header->sequence);
  ENTENTE_INVARIANT(parsed.family() == header->family);
  ENTENTE_INVARIANT(parsed.has_label() == header->has_label);
  ENTENTE_INVARIANT(parsed.object_id() == header->object_id);
  ENTENTE_INVARIANT(parsed.stale_at_ns() == header->stale_at_ns);
  v1::Label label;
  ENTENTE_INVARIANT(label.ParseFromArray(header->label.data(), static_cast<int>(header->label.size())));
  ENTENTE_INVARIANT(label.SerializeAsString() == parsed.label().SerializeAsString());
  ByteView rest = header->addressees;
  broker::AddresseeView addressee;
  for (const v1::Addressee& expected : parsed.addressees()) {
    ENTENTE_INVARIANT(broker::NextAddressee(rest, addressee));
    ENTENTE_INVARIANT(addressee.node == expected.node() && addressee.role == expected.role());
  }
  ENTENTE_INVARIANT(rest.empty());
  return 0;
}
