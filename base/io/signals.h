// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ctrl-C as a question: StopRequested() is true once SIGINT or SIGTERM came. A second signal ends the process at once.

namespace entente {

void WatchStopSignals();
bool StopRequested();

}  // namespace entente
