// SPDX-License-Identifier: Apache-2.0
#pragma once

// Parts a datagram that bundles PDUs one after the other, each as long as its length field says.

#include "base/bytes.h"

namespace entente::dis {

struct FramedPdu {
  ByteView pdu;              // what the length field says; the whole rest where that makes no sense, so that decoding refuses it
  std::size_t trailing = 0;  // octets after the last PDU that begin no other
};

// The first PDU of what is left of a datagram. The rest is empty exactly after a PDU with its trailing octets.
FramedPdu TakePdu(ByteView rest);

}  // namespace entente::dis
