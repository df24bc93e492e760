// SPDX-License-Identifier: Apache-2.0
#pragma once

// A gateway in a process of its own: access points of an exercise's nodes on real sockets, each attached to a broker elsewhere.
// What it sees goes to the broker's record.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "broker/certificates/tls_files.h"
#include "harness/run/prepared_run.h"
#include "harness/run/standing_faults.h"

namespace entente::harness {

struct GatewayRunOptions {
  std::vector<std::string> brokers;  // "127.0.0.1:7400"; several of one exercise: the next one when one is gone
  std::vector<std::string> nodes;    // of the exercise; empty: all
  std::optional<broker::TlsFiles> tls{};
  std::string broker_identity{};  // that the broker's certificate must have; empty: any that the authority signed for its host
  const Clock* clock = nullptr;   // the machine's, when absent
  // Of the run that conducts the exercise elsewhere, and outlives this; absent: no fault acts here.
  const StandingFaults* faults = nullptr;
};

struct GatewayHooks {
  // Once, when every access point is open: node and where it is reached.
  std::function<void(const std::string& node, const std::string& endpoint)> on_open;
  // Whenever a broker has taken the node in: from then on it hears what others say.
  std::function<void(const std::string& node)> on_attached;
  // About five times a second. false stops in order.
  std::function<bool()> on_tick;
};

// Until the hook says stop. Errors: an unknown node, a taken port, a missing file.
Status RunGateway(const PreparedRun& plan, const GatewayRunOptions& options, const GatewayHooks& hooks);

}  // namespace entente::harness
