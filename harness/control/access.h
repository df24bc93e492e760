// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who may ask what of live control.
//
//   request                                     who
//   status, faults, kinds of faults, watch      whoever the run knows
//   observe                                     who speaks for the node, and may append to the record; EXCON
//   everything else: commands                   EXCON
//
// Without TLS nothing is proven, and whoever is on this machine may everything.

#include <google/protobuf/message.h>

#include "base/result.h"
#include "broker/core/relay.h"

namespace entente::harness {

// The error is kPermissionDenied and names the identity.
Status MayAsk(const broker::StreamPeer& peer, const google::protobuf::Message& request);

}  // namespace entente::harness
