// SPDX-License-Identifier: Apache-2.0
#pragma once

// Figures of the fold as Prometheus' families. Pure.

#include <prometheus/metric_family.h>

#include <vector>

#include "harness/assessment/figures.h"
#include "harness/metrics/exposer.h"

namespace entente::harness {

std::vector<prometheus::MetricFamily> MetricFamilies(const Figures& figures, const ProcessGauges& gauges);

}  // namespace entente::harness
