// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the access points of one gateway share: the numbers of objects in each protocol, the messages delivered, and the way to the
// record. Single-threaded, like the access points; outlives them.

#include <string>
#include <vector>

#include "adapters/api/object_ids.h"
#include "adapters/gateway/core/delivered_messages.h"
#include "adapters/gateway/core/object_names.h"
#include "base/time.h"
#include "proto/event_sink.h"

namespace entente::gateway {

class GatewayShared {
 public:
  // `message_limit`: how many delivered ones are kept for further recipients.
  explicit GatewayShared(EventSink record, std::size_t message_limit = DeliveredMessages::kMessages);
  GatewayShared(const GatewayShared&) = delete;
  GatewayShared& operator=(const GatewayShared&) = delete;

  // The exercise-wide id of what a node calls `native`: the object that we gave this number or name to, else "<scheme>:<value>".
  [[nodiscard]] std::string ObjectIdOf(const v1::NativeId& native) const;
  // Stamps the event and hands it on.
  void Record(v1::RecordEvent& event, Now now) const;
  void Record(v1::RecordEvent&& event, Now now) const { Record(event, now); }
  void Record(EgressedMessage message, Now now) const;
  // An IdentityAssigned for every number that was assigned since the last call.
  void RecordAssignments(Now now);

  adapter::HashedObjectIds ids;
  ObjectNames names;
  DeliveredMessages messages;

 private:
  EventSink record_;
  std::vector<adapter::HashedObjectIds::Assignment> assigned_;
};

}  // namespace entente::gateway
