// SPDX-License-Identifier: Apache-2.0
#include "harness/report/json_report.h"

#include <nlohmann/json.hpp>

#include "harness/assessment/fidelity.h"
#include "proto/message_id.h"
#include "proto/value_name.h"

namespace entente::harness {
namespace {

using Json = nlohmann::ordered_json;  // keys in the order written: the version comes first

template <typename Items, typename Of>
Json List(const Items& items, Of of) {
  Json list = Json::array();
  for (const auto& item : items) list.push_back(of(item));
  return list;
}

std::string_view DirectionName(v1::Direction direction) {
  return direction == v1::DIRECTION_TO_NODE ? "to node" : "to gateway";
}

std::string_view SideName(v1::Side side) {
  return side == v1::SIDE_NODE ? "node" : "gateway";
}

Json OfLatency(const LatencySummary& latency) {
  return {{"count", latency.count},
          {"minimum_ns", latency.minimum_ns},
          {"median_ns", latency.median_ns},
          {"p90_ns", latency.p90_ns},
          {"p99_ns", latency.p99_ns},
          {"maximum_ns", latency.maximum_ns},
          {"uncertainty_ns", latency.uncertainty_ns}};
}

Json OfCell(const MatrixCell& cell) {
  Json fates = Json::object();
  for (const auto& [fate, count] : cell.fates) fates[std::string(FateName(fate))] = count;
  return {{"from", cell.from},
          {"to", cell.to},
          {"verdict", VerdictName(cell.judgement.verdict)},
          {"reasons", cell.judgement.reasons},
          {"messages", cell.pairs()},
          {"delivered", cell.delivered()},
          {"fates", std::move(fates)},
          {"leaks", cell.leaks},
          {"wrong_fields", cell.wrong_fields},
          {"latency", OfLatency(cell.latency)}};
}

Json OfExpectation(const ExpectationSummary& expectation) {
  Json json{{"id", expectation.id},
            {"kind", expectation.kind},
            {"demand", expectation.demand},
            {"verdict", VerdictName(expectation.judgement.verdict)},
            {"reasons", expectation.judgement.reasons}};
  if (expectation.ratio.whole > 0) {
    const Ratio& ratio = expectation.ratio;
    json["ratio"] = {
        {"part", ratio.part}, {"whole", ratio.whole}, {"value", ratio.value()}, {"low", ratio.low}, {"high", ratio.high}};
  }
  if (expectation.latency.count > 0) json["latency"] = OfLatency(expectation.latency);
  return json;
}

Json OfNode(const NodeSummary& node) {
  return {{"node", node.node},
          {"nation", node.nation},
          {"protocol", node.protocol},
          {"form", node.form},
          {"external", node.external},
          {"recording", node.recording},
          {"ever_active", node.ever_active},
          {"messages_composed", node.messages_composed},
          {"messages_ingested", node.messages_ingested},
          {"messages_understood", node.messages_understood}};
}

Json OfLink(const LinkSummary& link) {
  return {{"node", link.node},
          {"direction", DirectionName(link.direction)},
          {"wire_units", link.units},
          {"refreshes", link.refreshes},
          {"messages", link.messages},
          {"units_refused", link.units_refused},
          {"units_damaged", link.units_damaged},
          {"lost", link.lost},
          {"delayed", link.delayed},
          {"held", link.held}};
}

Json OfFidelity(const FidelityCell& cell) {
  Json counts = Json::object();
  for (std::size_t fate = 0; fate < kFieldFates; ++fate) {
    counts[std::string(FieldFateName(static_cast<FieldFate>(fate)))] = cell.counts[fate];
  }
  return {{"from_form", cell.from_form},         {"to_form", cell.to_form},     {"family", FamilyName(cell.family)},
          {"field", FieldName(cell.field)},      {"counts", std::move(counts)}, {"worst_error", cell.worst_error},
          {"allowed_error", cell.allowed_error}, {"example", cell.example}};
}

Json OfFinding(const FindingSummary& finding) {
  return {{"node", finding.node},      {"severity", ValueName(finding.severity)},
          {"field", finding.field},    {"clause", finding.clause},
          {"text", finding.text},      {"count", finding.count},
          {"example", finding.example}};
}

Json OfRefusal(const RefusalSummary& refusal) {
  return {{"node", refusal.node},     {"side", SideName(refusal.side)},
          {"code", refusal.code},     {"field", refusal.field},
          {"clause", refusal.clause}, {"text", refusal.text},
          {"count", refusal.count},   {"damaged_on_purpose", refusal.damaged}};
}

Json OfReception(const ReceptionSummary& reception) {
  return {{"rule", reception.rule},
          {"clause", reception.clause},
          {"expected", reception.expected},
          {"node", reception.node},
          {"direction", reception.direction == v1::DIRECTION_TO_NODE ? "to-node" : "to-gateway"},
          {"reception", ReceptionName(reception.reception)},
          {"reason", reception.reason},
          {"units", reception.units},
          {"refused", reception.refused},
          {"understood", reception.understood},
          {"survived", reception.survived}};
}

Json OfFault(const FaultSummary& fault) {
  Json json{{"fault", fault.fault},
            {"target", fault.target},
            {"kind", fault.kind},
            {"parameters", fault.parameters},
            {"started_ns", fault.started_ns}};
  if (fault.ended_ns != 0) json.update({{"ended_ns", fault.ended_ns}, {"ended_because", fault.ended_because}});
  return json;
}

Json OfLoss(const LossSummary& loss) {
  return {{"from", loss.from},     {"to", loss.to},       {"fate", FateName(loss.fate)},
          {"reason", loss.reason}, {"count", loss.count}, {"examples", loss.examples}};
}

Json OfLeak(const LeakSummary& leak) {
  return {{"message", leak.message}, {"from", leak.from},     {"to", leak.to},
          {"label", leak.label},     {"reason", leak.reason}, {"at_ns", leak.at_ns}};
}

Json OfTimeline(const Assessment& assessment) {
  return {{"states", List(assessment.states,
                          [](const StateSpan& state) -> Json {
                            return {{"node", state.node}, {"state", state.state}, {"reason", state.reason}, {"at_ns", state.at_ns}};
                          })},
          {"injects", List(assessment.injects, [](const InjectSummary& inject) -> Json {
             return {{"inject", inject.inject}, {"node", inject.node}, {"text", inject.text}, {"at_ns", inject.at_ns}};
           })}};
}

Json OfRun(const Assessment& assessment) {
  return {{"version", Assessment::kVersion},
          {"exercise", assessment.exercise},
          {"description", assessment.description},
          {"verdict", VerdictName(assessment.judgement.verdict)},
          {"exit_code", assessment.exit_code},
          {"reasons", assessment.judgement.reasons},
          {"seed", assessment.seed},
          {"record_digest", assessment.record_digest},
          {"entente_version", assessment.entente_version},
          {"simulated", assessment.simulated},
          {"started_ns", assessment.started_ns},
          {"ended_ns", assessment.ended_ns},
          {"end_reason", assessment.end_reason},
          {"events", assessment.events},
          {"messages", assessment.messages},
          {"wire_units", assessment.wire_units}};
}

}  // namespace

std::string JsonReport(const Assessment& assessment) {
  Json report = OfRun(assessment);
  report["matrix"] = {{"nations", List(assessment.by_nation, OfCell)}, {"nodes", List(assessment.by_node, OfCell)}};
  report["expectations"] = List(assessment.expectations, OfExpectation);
  report["fidelity"] = List(assessment.fidelity, OfFidelity);
  Json latency = Json::object();
  for (const auto& [precedence, summary] : assessment.latency)
    latency[std::string(PrecedenceName(precedence))] = OfLatency(summary);
  report["latency"] = std::move(latency);
  report["losses"] = List(assessment.losses, OfLoss);
  report["leaks"] = List(assessment.leaks, OfLeak);
  report["nodes"] = List(assessment.nodes, OfNode);
  report["links"] = List(assessment.links, OfLink);
  report["findings"] = List(assessment.findings, OfFinding);
  report["refusals"] = List(assessment.refusals, OfRefusal);
  report["malformed"] = List(assessment.receptions, OfReception);
  report["faults"] = List(assessment.faults, OfFault);
  report["timeline"] = OfTimeline(assessment);
  report["harness_faults"] = assessment.harness_faults;
  return report.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace entente::harness
