// SPDX-License-Identifier: Apache-2.0
#include "harness/metrics/metric_table.h"

#include <algorithm>
#include <array>

namespace entente::harness {
namespace {

using enum MetricKind;

constexpr std::array kTable = {
    MetricDescription{"entente_record_events_total", kCounter, "", "Events of the record that were folded."},
    MetricDescription{"entente_exercise_state", kGauge, "state", "1 for the state that the exercise is in."},
    MetricDescription{"entente_exercise_seconds", kGauge, "", "Time from STARTEX to the latest event, pauses included."},
    MetricDescription{"entente_node_state", kGauge, "nation, node, protocol, state", "1 for the state that the node is in."},
    MetricDescription{"entente_composed_messages_total", kCounter, "nation, node, outcome",
                      "Messages that a simulated node composed."},
    MetricDescription{"entente_ingested_messages_total", kCounter, "nation, node, family, precedence",
                      "Messages that the gateway decoded from a node's units."},
    MetricDescription{"entente_accepted_messages_total", kCounter, "nation, node, family, precedence",
                      "Messages that the broker accepted, by origin."},
    MetricDescription{"entente_refused_messages_total", kCounter, "reason", "Messages that the broker refused."},
    MetricDescription{"entente_refused_peers_total", kCounter, "",
                      "Peers that the broker turned away or cut off, as far as each was recorded."},
    MetricDescription{"entente_egressed_messages_total", kCounter, "nation, node, outcome", "Messages handed to a node's session."},
    MetricDescription{"entente_understood_messages_total", kCounter, "nation, node, family, precedence",
                      "Messages that a node's own decoder understood."},
    MetricDescription{"entente_fates_total", kCounter, "from_nation, to_nation, fate, reason",
                      "Messages by what became of them at a recipient, as soon as that is certain."},
    MetricDescription{"entente_delivery_latency_seconds", kHistogram, "precedence", "Time from saying to understanding."},
    MetricDescription{"entente_leaks_total", kCounter, "from_nation, to_nation",
                      "Messages that came to a nation which they were not releasable to."},
    MetricDescription{"entente_wire_units_total", kCounter, "nation, node, direction, role", "Wire units on access links."},
    MetricDescription{"entente_refused_units_total", kCounter, "nation, node, direction, code",
                      "Wire units that a decoder refused."},
    MetricDescription{"entente_damaged_units_total", kCounter, "nation, node, direction, expected",
                      "Wire units damaged on purpose, by the reaction that their rule demands."},
    MetricDescription{"entente_link_decisions_total", kCounter, "nation, node, direction, decision",
                      "What impairments did to units of an access link, and faults of messages to messages at its gateway."},
    MetricDescription{"entente_faults_total", kCounter, "", "Faults started."},
    MetricDescription{"entente_active_faults", kGauge, "kind", "Faults active now."},
    MetricDescription{"entente_injects_total", kCounter, "", "Injects carried out."},
    MetricDescription{"entente_commands_total", kCounter, "outcome",
                      "Commands of live control, carried out or refused; those of peers that may not command are refused peers."},
    MetricDescription{"entente_process_faults_total", kCounter, "", "Errors of Entente's own: the run cannot be judged."},
    MetricDescription{"entente_node_queue_octets", kGauge, "nation, node", "Octets that wait at the broker for a node."},
    MetricDescription{"entente_resident_memory_octets", kGauge, "", "Memory of this process."},
    MetricDescription{"entente_record_octets", kGauge, "", "Size of the record."},
};

}  // namespace

std::span<const MetricDescription> MetricTable() {
  return kTable;
}

const MetricDescription* FindMetric(std::string_view name) {
  const auto found = std::ranges::find(kTable, name, &MetricDescription::name);
  return found == kTable.end() ? nullptr : &*found;
}

std::string_view KindName(MetricKind kind) {
  switch (kind) {
    case kCounter:
      return "counter";
    case kGauge:
      return "gauge";
    case kHistogram:
      return "histogram";
  }
  return "gauge";
}

}  // namespace entente::harness
