// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/info.h"

#include <array>

#include "adapters/dis/capability.h"
#include "adapters/dis/codec.h"
#include "adapters/dis/damage_rules.h"
#include "adapters/dis/options.h"
#include "adapters/dis/session.h"

namespace entente::dis {
namespace {

using adapter::Carrier;
using adapter::TransportKind;

constexpr std::uint16_t kCustomaryPort = 3000;

constexpr std::array<adapter::TransportOffer, 2> kTransports{{
    {TransportKind::kUdp, kCustomaryPort},
    {TransportKind::kUdpMulticast, kCustomaryPort, "239.1.2.3"},
}};

std::unique_ptr<adapter::Session> MakeSession(adapter::SessionConfig config) {
  return std::make_unique<Session>(std::move(config));
}

}  // namespace

const adapter::AdapterInfo& Info() {
  static const Codec codec;
  static const std::array<adapter::Form, 2> forms{{
      {"v7", Carrier::kDatagram, "protocol version 7, IEEE 1278.1-2012", Capability()},
      {"v6", Carrier::kDatagram, "protocol version 6, IEEE 1278.1A-1998", Capability()},
  }};
  static const adapter::AdapterInfo info{.name = "dis",
                                         .standard = "IEEE 1278.1",
                                         .edition = "1998 and 2012",
                                         .transports = kTransports,
                                         .forms = forms,
                                         .node_options = DeclaredOptions(),
                                         .damage_rules = DamageRules(),
                                         .damage_gaps = DamageGaps(),
                                         .unit_limit_octets = kPduLimitOctets,
                                         .codec = &codec,
                                         .make_session = MakeSession};
  return info;
}

}  // namespace entente::dis
