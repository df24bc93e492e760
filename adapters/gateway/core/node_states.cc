// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/node_states.h"

namespace entente::gateway {

void NodeStates::Connected(std::string_view peer, Now now) {
  endpoint_ = peer;
  Change(v1::NODE_STATE_CONNECTED, {}, now);
}

void NodeStates::Negotiated(std::string_view form, std::string_view reason, Now now) {
  Change(v1::NODE_STATE_NEGOTIATED, reason, now, form);
}

void NodeStates::Active(Now now) {
  if (state_ != v1::NODE_STATE_ACTIVE) Change(v1::NODE_STATE_ACTIVE, {}, now);
}

void NodeStates::Silent(std::string_view reason, Now now) {
  if (state_ != v1::NODE_STATE_SILENT) Change(v1::NODE_STATE_SILENT, reason, now);
}

void NodeStates::Lost(std::string_view reason, Now now) {
  Change(v1::NODE_STATE_LOST, reason, now);
}

void NodeStates::Unreachable(std::string_view reason, Now now) {
  if (state_ != v1::NODE_STATE_LOST || reason_ != reason) Change(v1::NODE_STATE_LOST, reason, now);
}

void NodeStates::Left(std::string_view reason, Now now) {
  if (state_ != v1::NODE_STATE_LEFT) Change(v1::NODE_STATE_LEFT, reason, now);
}

void NodeStates::Change(v1::NodeState state, std::string_view reason, Now now, std::string_view form) {
  state_ = state;
  reason_ = reason;
  v1::RecordEvent event;
  v1::NodeStateChanged& changed = *event.mutable_node_state_changed();
  changed.set_node(node_);
  changed.set_state(state);
  changed.set_reason(std::string(reason));
  changed.set_side(v1::SIDE_GATEWAY);
  changed.set_endpoint(endpoint_);
  changed.set_form(std::string(form));
  shared_.Record(std::move(event), now);
}

}  // namespace entente::gateway
