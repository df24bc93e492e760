// SPDX-License-Identifier: Apache-2.0
#pragma once

// A whole exercise in one thread under a virtual clock, with in-memory links: the same cores as a live run. The same seed gives the
// same record, byte for byte.

#include "broker/policy/release.h"
#include "harness/run/prepared_run.h"
#include "harness/run/recorder.h"

namespace entente::harness {

struct SimulatedHooks {
  // Between steps, about once per exercise second: exercise time so far. false stops the run.
  std::function<bool(Duration)> on_progress;
};

// Runs STARTEX to ENDEX and drains. Errors: of the plan (a recording that cannot be read) or of the record (disk full).
Status RunSimulated(const PreparedRun& plan, const broker::ReleaseGuard& guard, Recorder& recorder, const SimulatedHooks& hooks);

}  // namespace entente::harness
