// SPDX-License-Identifier: Apache-2.0
#include "harness/metrics/metric_families.h"

#include <array>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "base/invariant.h"
#include "base/node_id.h"
#include "harness/metrics/metric_table.h"
#include "proto/message_id.h"
#include "proto/value_name.h"

namespace entente::harness {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using Labels = std::vector<ClientMetric::Label>;

// "SEND_OUTCOME_NO_LABEL_SLOT" without its prefix, in small letters.
Labels NodeLabels(const std::string& node) {
  return {{"nation", std::string(NationOf(node))}, {"node", node}};
}

Labels With(Labels labels, std::string name, std::string value) {
  labels.push_back({std::move(name), std::move(value)});
  return labels;
}

Labels KindLabels(const MessageKind& kind) {
  return With(With(NodeLabels(kind.node), "family", FamilyName(kind.family)), "precedence",
              std::string(PrecedenceName(kind.precedence)));
}

Labels LinkLabels(const std::string& node, v1::Direction direction) {
  return With(NodeLabels(node), "direction", ValueName(direction, '_'));
}

Labels NationLabels(const NationPair& nations) {
  return {{"from_nation", nations.from}, {"to_nation", nations.to}};
}

class Families {
 public:
  void Number(std::string_view name, double value, Labels labels = {}) {
    ClientMetric metric;
    metric.label = std::move(labels);
    MetricFamily& family = Family(name);
    if (family.type == prometheus::MetricType::Counter) {
      metric.counter.value = value;
    } else {
      metric.gauge.value = value;
    }
    family.metric.push_back(std::move(metric));
  }
  void Number(std::string_view name, std::uint64_t value, Labels labels = {}) {
    Number(name, static_cast<double>(value), std::move(labels));
  }
  // One of each entry of a map; `labels_of` takes the key.
  template <typename Map, typename LabelsOf>
  void Each(std::string_view name, const Map& counts, LabelsOf labels_of) {
    for (const auto& [key, count] : counts) Number(name, count, labels_of(key));
  }
  void Histogram(std::string_view name, const LatencyHistogram& histogram, Labels labels) {
    ClientMetric metric;
    metric.label = std::move(labels);
    metric.histogram.sample_count = histogram.count;
    metric.histogram.sample_sum = histogram.sum_s;
    std::uint64_t cumulative = 0;
    for (std::size_t i = 0; i < histogram.buckets.size(); ++i) {
      cumulative += histogram.buckets[i];
      const bool bounded = i < LatencyHistogram::kBoundsS.size();
      metric.histogram.bucket.push_back(
          {cumulative, bounded ? LatencyHistogram::kBoundsS[i] : std::numeric_limits<double>::infinity()});
    }
    Family(name).metric.push_back(std::move(metric));
  }
  std::vector<MetricFamily> Take() { return std::move(families_); }

 private:
  MetricFamily& Family(std::string_view name) {
    if (!families_.empty() && families_.back().name == name) return families_.back();
    const MetricDescription* description = FindMetric(name);
    ENTENTE_INVARIANT(description != nullptr);
    constexpr std::array kTypes = {prometheus::MetricType::Counter, prometheus::MetricType::Gauge,
                                   prometheus::MetricType::Histogram};
    return families_.emplace_back(MetricFamily{
        std::string(description->name), std::string(description->help), kTypes[static_cast<std::size_t>(description->kind)], {}});
  }

  std::vector<MetricFamily> families_;
};

void AddExercise(const Figures& figures, Families& families) {
  constexpr std::int64_t kSecondNs = 1'000'000'000;
  families.Number("entente_record_events_total", figures.events);
  families.Number("entente_exercise_state", 1.0, {{"state", ValueName(figures.state, '_')}});
  const std::int64_t elapsed_ns = figures.startex_utc_ns == 0 ? 0 : figures.last_utc_ns - figures.startex_utc_ns;
  families.Number("entente_exercise_seconds", static_cast<double>(elapsed_ns) / kSecondNs);
  for (const auto& [node, facts] : figures.nodes) {
    families.Number("entente_node_state", 1.0,
                    With(With(NodeLabels(node), "protocol", facts.protocol), "state", ValueName(facts.state, '_')));
  }
}

void AddMessages(const Figures& figures, Families& families) {
  const auto outcome = [](const OutcomeKey& key) { return With(NodeLabels(key.node), "outcome", ValueName(key.outcome, '_')); };
  families.Each("entente_composed_messages_total", figures.composed, outcome);
  families.Each("entente_ingested_messages_total", figures.ingested, KindLabels);
  families.Each("entente_accepted_messages_total", figures.accepted, KindLabels);
  families.Each("entente_refused_messages_total", figures.refused,
                [](const std::string& reason) { return Labels{{"reason", reason}}; });
  families.Number("entente_refused_peers_total", figures.peers_refused);
  families.Each("entente_egressed_messages_total", figures.egressed, outcome);
  families.Each("entente_understood_messages_total", figures.understood, KindLabels);
  families.Each("entente_fates_total", figures.fates, [](const FateKey& key) {
    return With(With(NationLabels(key.nations), "fate", std::string(FateName(key.fate))), "reason", key.reason);
  });
  for (const auto& [precedence, histogram] : figures.latency) {
    families.Histogram("entente_delivery_latency_seconds", histogram, {{"precedence", std::string(PrecedenceName(precedence))}});
  }
  families.Each("entente_leaks_total", figures.leaks, NationLabels);
}

void AddUnits(const Figures& figures, Families& families) {
  families.Each("entente_wire_units_total", figures.units,
                [](const UnitKey& key) { return With(LinkLabels(key.node, key.direction), "role", ValueName(key.role, '_')); });
  families.Each("entente_refused_units_total", figures.units_refused,
                [](const RefusalKey& key) { return With(LinkLabels(key.node, key.direction), "code", key.code); });
  families.Each("entente_damaged_units_total", figures.units_damaged,
                [](const LinkKey& key) { return With(LinkLabels(key.node, key.direction), "expected", key.what); });
  families.Each("entente_link_decisions_total", figures.link_decisions,
                [](const LinkKey& key) { return With(LinkLabels(key.node, key.direction), "decision", key.what); });
}

void AddFaults(const Figures& figures, Families& families) {
  families.Number("entente_faults_total", figures.faults_started);
  families.Each("entente_active_faults", figures.faults_active, [](const std::string& kind) { return Labels{{"kind", kind}}; });
  families.Number("entente_injects_total", figures.injects_fired);
  families.Each("entente_commands_total", figures.commands,
                [](const std::string& outcome) { return Labels{{"outcome", outcome}}; });
  families.Number("entente_process_faults_total", figures.process_faults);
}

void AddProcess(const ProcessGauges& gauges, Families& families) {
  for (const auto& [node, octets] : gauges.queued_octets) families.Number("entente_node_queue_octets", octets, NodeLabels(node));
  families.Number("entente_resident_memory_octets", gauges.resident_octets);
  families.Number("entente_record_octets", gauges.record_octets);
}

}  // namespace

std::vector<MetricFamily> MetricFamilies(const Figures& figures, const ProcessGauges& gauges) {
  Families families;
  AddExercise(figures, families);
  AddMessages(figures, families);
  AddUnits(figures, families);
  AddFaults(figures, families);
  AddProcess(gauges, families);
  return families.Take();
}

}  // namespace entente::harness
