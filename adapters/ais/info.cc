// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "adapters/ais/capability.h"
#include "adapters/ais/codec.h"
#include "adapters/ais/damage_rules.h"
#include "adapters/ais/recording.h"
#include "adapters/ais/session.h"
#include "adapters/api/adapter_info.h"

namespace entente::ais {
namespace {

// IANA: nmea-0183.
constexpr std::uint16_t kPort = 10110;

constexpr std::array kTransports = {
    adapter::TransportOffer{adapter::TransportKind::kTcp, kPort},
    adapter::TransportOffer{adapter::TransportKind::kUdp, kPort},
};

std::unique_ptr<adapter::Session> MakeSession(adapter::SessionConfig config) {
  return std::make_unique<AisSession>(std::move(config));
}

}  // namespace

const adapter::AdapterInfo& Info() {
  static const std::array forms = {
      adapter::Form{"nmea", adapter::Carrier::kStream, "AIVDM and AIVDO sentences, one per line", Capability()},
      adapter::Form{"nmea-datagram", adapter::Carrier::kDatagram, "the sentences of a message in one datagram", Capability()},
  };
  static const adapter::AdapterInfo info{
      .name = "ais",
      .standard = "ITU-R M.1371, IEC 61162-1",
      .edition = "M.1371-5",
      .transports = kTransports,
      .forms = forms,
      .node_options = Options(),
      .damage_rules = DamageRules(),
      .damage_gaps = DamageGaps(),
      .unit_limit_octets = kUnitOctets,
      .codec = &TheCodec(),
      .make_session = MakeSession,
      .split_recording = SplitRecording,
  };
  return info;
}

}  // namespace entente::ais
