// SPDX-License-Identifier: Apache-2.0
#pragma once

// Ctrl-C as a question: StopRequested() is true once SIGINT or SIGTERM came. A second signal ends the process at once. From then on a
// closed pipe or a file that may not grow is an error of the write, not the end of the process.

namespace entente {

void WatchStopSignals();
bool StopRequested();

}  // namespace entente
