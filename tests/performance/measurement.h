// SPDX-License-Identifier: Apache-2.0
#pragma once

// One measurement: a bus, a publisher and receivers, each a process of its own, for a second or so. Every message must arrive, in
// order, or there is no figure.

#include <chrono>
#include <cstddef>
#include <string>

#include "base/result.h"
#include "tests/performance/bus_under_test.h"
#include "tests/performance/load_envelope.h"

namespace entente::performance {

struct Case {
  Setup setup = Setup::kEntente;
  std::size_t receivers = 1;  // 0: the publisher waits for its receipts only
  bool parse = false;         // receivers parse each envelope, and the first samples latencies
  std::size_t batch = 128;
  double rate = 0;  // 0: saturated
  std::size_t window =
      32 * 1024;               // messages that the publisher may be ahead of the slowest receiver: below what any bus would drop
  std::size_t idle_nodes = 0;  // attached besides, with subscriptions that nothing matches
  std::size_t idle_subscriptions = 0;  // of each
  LabelSet labels = LabelSet::kUniform;
};

struct Extent {
  std::chrono::nanoseconds warm_up = std::chrono::milliseconds(400);
  std::chrono::nanoseconds measured = std::chrono::milliseconds(1000);
  int repetitions = 5;
};

struct Outcome {
  double deliveries_per_s = 0;
  double cpu_ns_per_delivery = 0;  // of the broker
  double projection_cpu_ns_per_delivery = 0;
  double ends_cpu_ns_per_delivery = 0;  // of publisher and receivers together
  double latency_p50_us = 0;
  double latency_p99_us = 0;
  double acknowledged_per_s = 0;
  double acknowledgement_p50_ms = 0;
  double acknowledgement_p99_ms = 0;
  double octets_for_idle_nodes = 0;  // resident memory that the broker took for them
};

Result<Outcome> Measure(const Case& what, const Extent& extent);

}  // namespace entente::performance
