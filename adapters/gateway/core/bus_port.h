// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an access point needs of the bus, so that the gateway core need not know the broker. The host implements it over the bus
// client; one per access point, since a node attaches as itself. Called from the access point's thread only;
// neither call may call back into the access point before it returns.

#include <cstdint>

#include "base/bytes.h"
#include "entente/v1/message.pb.h"

namespace entente::gateway {

class BusPort {
 public:
  virtual ~BusPort() = default;
  // `envelope`: a serialised v1::Envelope with this id. false: full, and the envelope was not taken; the access point keeps it,
  // stops reading its peer, and offers it again at AccessPoint::OnBusReady.
  virtual bool Publish(const v1::MessageId& id, SharedBytes envelope) = 0;
  // Everything of this precedence up to this delivery is decided: handed to the transport, or given up with a recorded reason.
  virtual void Acknowledge(v1::Precedence precedence, std::uint64_t delivery) = 0;
};

}  // namespace entente::gateway
