// SPDX-License-Identifier: Apache-2.0
#include "base/io/signals.h"

#include <csignal>

namespace entente {
namespace {

volatile std::sig_atomic_t g_stop_requested = 0;

void OnStopSignal(int signal_number) {
  if (g_stop_requested != 0) {
    std::signal(signal_number, SIG_DFL);
    std::raise(signal_number);
  }
  g_stop_requested = 1;
}

}  // namespace

void WatchStopSignals() {
  struct sigaction action = {};
  action.sa_handler = OnStopSignal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

bool StopRequested() {
  return g_stop_requested != 0;
}

}  // namespace entente
