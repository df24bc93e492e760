// SPDX-License-Identifier: Apache-2.0
// The one constant that this folder gives to the rest.
#include "adapters/cot/info.h"

#include <array>

#include "adapters/cot/capability.h"
#include "adapters/cot/codec.h"
#include "adapters/cot/damage_rules.h"
#include "adapters/cot/recording.h"
#include "adapters/cot/session.h"
#include "base/limits.h"

namespace entente::cot {

const adapter::AdapterInfo& Info() {
  using adapter::Carrier;
  using adapter::TransportKind;
  static constexpr std::array kTransports = {
      adapter::TransportOffer{TransportKind::kTcp, 8087},
      adapter::TransportOffer{TransportKind::kTls, 8089},
      adapter::TransportOffer{TransportKind::kUdp, 4242},
      adapter::TransportOffer{TransportKind::kUdpMulticast, 6969, "239.2.3.1"},
  };
  static const std::array kForms = {
      adapter::Form{kFormXml, Carrier::kStream, "XML events on a stream", XmlCapability()},
      adapter::Form{kFormTakV1, Carrier::kStream, "TAK protocol v1 on a stream, negotiated from XML", TakV1Capability()},
      adapter::Form{kFormXmlMesh, Carrier::kDatagram, "one XML event per datagram", XmlCapability()},
      adapter::Form{kFormTakV1Mesh, Carrier::kDatagram, "one TAK protocol v1 message per datagram", TakV1Capability()},
  };
  static constexpr std::array kOptions = {
      adapter::NodeOption{.name = "label-policy",
                          .type = adapter::OptionType::kText,
                          .unit = {},
                          .default_text = "EXERCISE",
                          .description = "policy under which access, caveat and releasableTo have their meaning"},
      adapter::NodeOption{.name = "stale-s",
                          .type = adapter::OptionType::kInteger,
                          .unit = "s",
                          .minimum = 1,
                          .maximum = 31'536'000,
                          .default_text = "120",
                          .description = "life of an event whose message has no end of validity"},
  };
  static const adapter::AdapterInfo kInfo{
      .name = "cot",
      .standard = "Cursor on Target, TAK protocol",
      .edition = "CoT 2.0, TAK protocol version 1",
      .transports = kTransports,
      .forms = kForms,
      .node_options = kOptions,
      .damage_rules = DamageRules(),
      .damage_gaps = DamageGaps(),
      .unit_limit_octets = limits::kUnitOctets,
      .codec = &Codec(),
      .make_session = MakeSession,
      .split_recording = SplitRecording,
  };
  return kInfo;
}

}  // namespace entente::cot
