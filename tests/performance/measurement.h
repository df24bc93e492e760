// SPDX-License-Identifier: Apache-2.0
#pragma once

// One measurement: a bus, a publisher and receivers, each a process of its own, for a second or so. Every message must arrive, in
// order, or there is no figure.

#include <chrono>
#include <cstddef>
#include <string>

#include "base/result.h"
#include "tests/performance/load_envelope.h"

namespace entente::performance {

enum class Bus { kEntente, kNats };

struct Case {
  Bus bus = Bus::kEntente;
  std::size_t receivers = 1;
  bool parse = false;  // receivers parse each envelope, and the first samples latencies
  std::size_t batch = 128;
  double rate = 0;  // 0: saturated
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
  double latency_p50_us = 0;
  double latency_p99_us = 0;
};

// Whether the peer is on this machine.
bool IsPresent(Bus bus);
Result<Outcome> Measure(const Case& what, const Extent& extent);

}  // namespace entente::performance
