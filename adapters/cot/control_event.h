// SPDX-License-Identifier: Apache-2.0
#pragma once

// Events that a session speaks for itself: ping and pong (t-x-c-t, t-x-c-t-r), and the negotiation of TAK protocol v1 on a stream:
// offer (t-x-takp-v) from the server, request (t-x-takp-q) from the client, response (t-x-takp-r), all with one uid.

#include <optional>
#include <string>
#include <string_view>

#include "adapters/cot/event.h"
#include "base/bytes.h"

namespace entente::cot {

enum class ControlKind { kPing, kPong, kOffer, kRequest, kResponse };

struct ControlEvent {
  ControlKind kind = ControlKind::kPing;
  std::string uid;
  bool version_1 = false;  // offered, or requested
  bool accepted = false;   // of a response
};

// std::nullopt when the event is none of these.
std::optional<ControlEvent> ReadControl(const Event& event);
Bytes WriteControl(const ControlEvent& control, UtcTime now, std::string_view form);

}  // namespace entente::cot
