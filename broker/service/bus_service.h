// SPDX-License-Identifier: Apache-2.0
#pragma once

// entente.v1.Bus with raw octets in place of parsed messages.

#include "entente/v1/bus.grpc.pb.h"

namespace entente::broker {

using BusService = v1::Bus::WithRawMethod_Attach<v1::Bus::WithRawMethod_Explain<v1::Bus::Service>>;

}  // namespace entente::broker
