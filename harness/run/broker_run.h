// SPDX-License-Identifier: Apache-2.0
#pragma once

// A broker in a process of its own: the relay behind gRPC, with the exercise's policy, and the record. Where the record is begun
// already, the exercise goes on from it.

#include <functional>
#include <optional>
#include <string>

#include "broker/certificates/tls_files.h"
#include "broker/service/bus_server.h"
#include "harness/run/prepared_run.h"
#include "harness/run/recorder.h"

namespace entente::harness {

struct BrokerRunOptions {
  std::string listen;  // "127.0.0.1:7400"
  bool insecure_any_interface = false;
  std::optional<broker::TlsFiles> tls{};
  v1::StreamLimits stream_limits{};  // of each node
  std::string name = "broker";
};

struct BrokerHooks {
  std::function<void(const std::string& endpoint)> on_listening;
  // About five times a second. false stops in order.
  std::function<bool()> on_tick;
};

// What every broker process serves with. Errors: an endpoint that is none.
Result<broker::BusServerConfig> ServerConfigOf(const PreparedRun& plan, const BrokerRunOptions& options);

// Until the hook says stop. Errors: a taken port, a record of another exercise. While the record takes nothing, as on a full disk,
// messages are refused; it is an error only when that is still so in the end.
Status RunBroker(const PreparedRun& plan, const BrokerRunOptions& options, Recorder& recorder, const BrokerHooks& hooks);

}  // namespace entente::harness
