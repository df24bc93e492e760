// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/printing.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include "base/invariant.h"
#include "proto/message_id.h"
#include "proto/value_name.h"

namespace entente::cli {
namespace {

std::string Indent(const std::string& text, std::string_view by) {
  std::string indented;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    indented += fmt::format("{}{}\n", by, text.substr(start, end - start));
    start = end + 1;
  }
  return indented;
}

nlohmann::json FindingJson(const adapter::Finding& finding) {
  return {{"severity", ValueName(finding.severity)},
          {"offset", finding.offset},
          {"field", finding.field},
          {"clause", finding.clause},
          {"text", finding.text}};
}

std::string FindingText(const adapter::Finding& finding) {
  return fmt::format("    {} at octet {}: {} [{}]\n", ValueName(finding.severity), finding.offset, finding.text, finding.clause);
}

std::string MessageText(const adapter::DecodedMessage& message) {
  const v1::Envelope& envelope = message.envelope;
  std::string text =
      fmt::format("  {} {}:{}\n", FamilyName(FamilyOf(envelope)), envelope.native_id().scheme(), envelope.native_id().value());
  text += Indent(envelope.Utf8DebugString(), "      ");
  for (const adapter::Finding& finding : message.findings) text += FindingText(finding);
  const std::string ledger = ToText(message.ledger);
  if (!ledger.empty()) text += fmt::format("    loss ledger: {}\n", ledger);
  return text;
}

}  // namespace

nlohmann::json ToJson(const v1::Envelope& message) {
  std::string json;
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  ENTENTE_INVARIANT(status.ok());
  return nlohmann::json::parse(json);
}

nlohmann::json ToJson(const adapter::LossLedger& ledger) {
  nlohmann::json entries = nlohmann::json::array();
  for (const auto& entry : ledger.entries()) {
    nlohmann::json row = {{"field", ValueName(entry.field)}, {"outcome", ValueName(entry.outcome)}};
    if (entry.outcome == v1::LEDGER_OUTCOME_APPROXIMATED) row["error"] = entry.error;
    if (!entry.rule.empty()) row["rule"] = entry.rule;
    entries.push_back(std::move(row));
  }
  return entries;
}

nlohmann::json ToJson(const DecodedRecordUnit& unit) {
  nlohmann::json json = {{"unit", unit.number}, {"octets", unit.octets.size()}};
  if (unit.refused) {
    json["refused"] = {{"code", adapter::CodeName(unit.refused->code)},
                       {"offset", unit.refused->offset},
                       {"field", unit.refused->field},
                       {"clause", unit.refused->clause},
                       {"text", unit.refused->text}};
    return json;
  }
  json["type"] = unit.native_type;
  json["role"] = ValueName(unit.role);
  json["messages"] = nlohmann::json::array();
  for (const adapter::DecodedMessage& message : unit.messages) {
    nlohmann::json findings = nlohmann::json::array();
    for (const adapter::Finding& finding : message.findings) findings.push_back(FindingJson(finding));
    json["messages"].push_back({{"family", FamilyName(FamilyOf(message.envelope))},
                                {"message", ToJson(message.envelope)},
                                {"findings", std::move(findings)},
                                {"ledger", ToJson(message.ledger)}});
  }
  return json;
}

std::string ToText(const adapter::LossLedger& ledger) {
  std::string text;
  for (const auto& entry : ledger.entries()) {
    if (entry.outcome == v1::LEDGER_OUTCOME_KEPT) continue;
    if (!text.empty()) text += "; ";
    text += fmt::format("{} {}", ValueName(entry.field), ValueName(entry.outcome));
    if (entry.outcome == v1::LEDGER_OUTCOME_APPROXIMATED) text += fmt::format(" by {:.3g}", entry.error);
    if (!entry.rule.empty()) text += fmt::format(" ({})", entry.rule);
  }
  return text;
}

std::string ToText(const DecodedRecordUnit& unit) {
  if (unit.refused) {
    const adapter::DecodeError& error = *unit.refused;
    return fmt::format("#{}  REFUSED {} at octet {}: {} [{}]\n", unit.number, adapter::CodeName(error.code), error.offset,
                       error.text, error.clause);
  }
  std::string text =
      fmt::format("#{}  {}  {}  {} octets\n", unit.number, unit.native_type, ValueName(unit.role), unit.octets.size());
  for (const adapter::DecodedMessage& message : unit.messages) text += MessageText(message);
  return text;
}

}  // namespace entente::cli
