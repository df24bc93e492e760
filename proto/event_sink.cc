// SPDX-License-Identifier: Apache-2.0
#include "proto/event_sink.h"

#include "base/invariant.h"
#include "proto/message_id.h"

namespace entente {

v1::RecordEvent ToEvent(const AcceptedMessage& message) {
  v1::RecordEvent event;
  event.set_utc_ns(message.utc_ns);
  v1::MessageAccepted& accepted = *event.mutable_message_accepted();
  *accepted.mutable_id() = ToProto({std::string(message.origin), message.incarnation, message.precedence, message.sequence});
  accepted.set_envelope(message.envelope.data(), message.envelope.size());
  return event;
}

v1::RecordEvent ToEvent(const RoutedRun& run) {
  v1::RecordEvent event;
  event.set_utc_ns(run.utc_ns);
  v1::MessageRouted& routed = *event.mutable_message_routed();
  *routed.mutable_first() = ToProto({std::string(run.origin), run.incarnation, run.precedence, run.first_sequence});
  routed.set_count(run.count);
  for (const RoutedNode& decision : run.decisions) *routed.add_decisions() = ToProto(decision);
  return event;
}

v1::RecordEvent ToEvent(const EgressedMessage& message) {
  v1::RecordEvent event;
  event.set_utc_ns(message.utc_ns);
  v1::MessageEgressed& egressed = *event.mutable_message_egressed();
  const bool parsed = egressed.ParseFromArray(message.rendering.data(), static_cast<int>(message.rendering.size()));
  ENTENTE_INVARIANT(parsed);
  *egressed.mutable_id() = ToProto({std::string(message.origin), message.incarnation, message.precedence, message.sequence});
  egressed.set_node(std::string(message.node));
  egressed.set_outcome(message.outcome);
  egressed.set_reason(std::string(message.reason));
  egressed.set_first_unit(message.first_unit);
  return event;
}

v1::RouteDecision ToProto(const RoutedNode& decision) {
  v1::RouteDecision said;
  said.set_node(std::string(decision.node));
  said.set_released(decision.released);
  said.set_reason(std::string(decision.reason));
  said.set_first_delivery(decision.first_delivery);
  return said;
}

}  // namespace entente
