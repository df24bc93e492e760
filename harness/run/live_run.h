// SPDX-License-Identifier: Apache-2.0
#pragma once

// A whole exercise in one process over real sockets: embedded broker, gateway, simulated nodes, links and faults, on loopback
// unless the exercise file says otherwise. One thread for sockets and nodes, one for the broker.

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "broker/policy/release.h"
#include "harness/run/prepared_run.h"
#include "harness/run/recorder.h"

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
};

// Runs STARTEX to ENDEX and drains. Errors: a taken port, a missing file, a full disk. `brokers`: endpoints of brokers elsewhere
// that share the recorder's record; each node prefers another of them. Empty: one of its own.
Status RunLive(const PreparedRun& plan, const broker::ReleaseGuard& guard, Recorder& recorder, const LiveHooks& hooks,
               std::vector<std::string> brokers = {});

}  // namespace entente::harness
