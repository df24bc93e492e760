// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every metric that Entente exposes: name, type, labels and meaning. docs/metrics.md shows the same table, and a test holds the two
// together.

#include <span>
#include <string_view>

namespace entente::harness {

enum class MetricKind { kCounter, kGauge, kHistogram };

struct MetricDescription {
  std::string_view name;
  MetricKind kind = MetricKind::kCounter;
  std::string_view labels;  // joined by ", "
  std::string_view help;
};

std::span<const MetricDescription> MetricTable();
// nullptr when there is no such metric.
const MetricDescription* FindMetric(std::string_view name);
std::string_view KindName(MetricKind kind);

}  // namespace entente::harness
