// SPDX-License-Identifier: Apache-2.0
#pragma once

// Serves Prometheus' text format at http://127.0.0.1:PORT/metrics. The figures are those of the fold, handed over as a value; only
// process gauges (queue depth, memory) come from elsewhere. docs/metrics.md lists every name. Publish and SetGauges are
// thread-safe and never wait for a scrape longer than it takes to swap a pointer.

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "base/result.h"
#include "harness/assessment/figures.h"

namespace entente::harness {

// What only the process itself knows.
struct ProcessGauges {
  std::map<std::string, std::uint64_t> queued_octets;  // at the broker, per recipient node
  std::uint64_t resident_octets = 0;
  std::uint64_t record_octets = 0;

  bool operator==(const ProcessGauges&) const = default;
};

struct ExposerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one
};

class Exposer {
 public:
  // kAlreadyExists when the port is taken.
  static Result<std::unique_ptr<Exposer>> Start(const ExposerOptions& options);
  ~Exposer();
  Exposer(const Exposer&) = delete;
  Exposer& operator=(const Exposer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  void Publish(Figures figures);
  void SetGauges(ProcessGauges gauges);

 private:
  class Impl;
  explicit Exposer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace entente::harness
