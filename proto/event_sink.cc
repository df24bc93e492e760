// SPDX-License-Identifier: Apache-2.0
#include "proto/event_sink.h"

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

}  // namespace entente
