// SPDX-License-Identifier: Apache-2.0
#pragma once

// The states that a gateway sees one node go through, each change recorded once.

#include <string>
#include <string_view>

#include "adapters/gateway/core/gateway_shared.h"

namespace entente::gateway {

class NodeStates {
 public:
  NodeStates(std::string node, const GatewayShared& shared) : node_(std::move(node)), shared_(shared) {}

  void Connected(std::string_view peer, Now now);
  void Negotiated(std::string_view form, std::string_view reason, Now now);
  void Active(Now now);
  void Silent(std::string_view reason, Now now);
  void Lost(std::string_view reason, Now now);
  // No connection can be made.
  void Unreachable(std::string_view reason, Now now);
  void Left(std::string_view reason, Now now);

  [[nodiscard]] v1::NodeState state() const { return state_; }

 private:
  void Change(v1::NodeState state, std::string_view reason, Now now, std::string_view form = {});

  std::string node_;
  std::string endpoint_;
  const GatewayShared& shared_;
  std::string reason_;
  v1::NodeState state_ = v1::NODE_STATE_UNSPECIFIED;
};

}  // namespace entente::gateway
