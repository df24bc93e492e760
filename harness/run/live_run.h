// SPDX-License-Identifier: Apache-2.0
#pragma once

// A whole exercise in one process over real sockets: embedded broker, gateway, simulated nodes, links and faults, on loopback
// unless the exercise file says otherwise. One thread for sockets and nodes, one for the broker.

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "broker/policy/release.h"
#include "harness/run/gateway_access.h"
#include "harness/run/prepared_run.h"
#include "harness/run/recorder.h"
#include "harness/run/run_commands.h"

namespace entente::harness {

// What a progress line shows besides the figures of the fold.
struct LiveProgress {
  v1::ExerciseState state = v1::EXERCISE_STATE_PLANNED;
  Duration elapsed{0};
  std::set<std::string> active_faults;
  std::vector<std::string> awaited;                  // "FRA/hq at 127.0.0.1:8089", while READY waits for real systems
  std::map<std::string, std::size_t> queued_octets;  // waiting at the broker, per recipient node
};

struct LiveHooks {
  // About five times a second. false stops the run in order.
  std::function<bool(const LiveProgress&)> on_progress;
  // What else is commanded while the run goes on; outlives it. Absent: nothing.
  RunCommands* commands = nullptr;
};

// Runs STARTEX to ENDEX and drains. `brokers`: elsewhere, that share the recorder's record; each node prefers another of them.
// None: one of the run's own. Errors: a taken port, a missing file, a full disk.
Status RunLive(const PreparedRun& plan, const broker::ReleaseGuard& guard, Recorder& recorder, const LiveHooks& hooks,
               BrokerWays brokers = {});

}  // namespace entente::harness
