// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>
#include <tuple>

#include "harness/assessment/fidelity.h"
#include "harness/assessment/wording.h"
#include "harness/report/html_sections.h"
#include "harness/report/html_style.h"
#include "harness/report/markup.h"
#include "proto/message_id.h"

namespace entente::harness {
namespace {

constexpr std::size_t kRowsShown = 200;

std::string Frame(std::string_view head, const std::string& rows) {
  return fmt::format("<div class=\"frame\"><table class=\"stack\"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>", head,
                     rows);
}

std::string More(std::size_t total) {
  if (total <= kRowsShown) return {};
  return fmt::format("<p class=\"soft small\">{} more stand in report.json.</p>", total - kRowsShown);
}

std::string_view FateClass(Fate fate) {
  switch (fate) {
    case Fate::kLost:
    case Fate::kRefused:
      return "fail";
    case Fate::kUnexplained:
      return "error";
    case Fate::kLate:
      return "deviation";
    case Fate::kUnderstood:
      return "pass";
    case Fate::kWithheld:
      return "held";
    default:
      return "none";
  }
}

std::string Examples(const std::vector<std::string>& examples) {
  std::string text;
  for (const std::string& example : examples) text += fmt::format("<code>{}</code><br>", EscapeMarkup(example));
  return text;
}

// A chip for one field: its name, and how it fared where it was not plainly kept.
std::string FieldChip(const FidelityCell& cell) {
  const auto count = [&](FieldFate fate) { return cell.counts[static_cast<std::size_t>(fate)]; };
  std::string_view colour;
  std::string note;
  if (count(FieldFate::kWrong) > 0) {
    colour = "fail";
    note = fmt::format(" ✗ {} wrong", count(FieldFate::kWrong));
  } else if (count(FieldFate::kDropped) > 0) {
    colour = "";
    note = " ∅ no room";
  } else if (count(FieldFate::kInvented) > 0) {
    colour = "none";
    note = " + invented";
  } else if (count(FieldFate::kApproximated) > 0) {
    colour = "deviation";
    note = cell.worst_error > 0 ? fmt::format(" ≈ {:.3g}", cell.worst_error) : " ≈";
  } else {
    colour = "pass";
  }
  const std::string title =
      fmt::format("{} kept, {} approximated (worst {:.6g}, allowed {:.6g}), {} dropped as declared, {} invented, {} wrong",
                  count(FieldFate::kKept), count(FieldFate::kApproximated), cell.worst_error, cell.allowed_error,
                  count(FieldFate::kDropped), count(FieldFate::kInvented), count(FieldFate::kWrong));
  return fmt::format("<span class=\"chip {}\" title=\"{}\">{}{}</span>", colour, title, FieldName(cell.field), note);
}

}  // namespace

std::string HtmlLeaks(const Assessment& assessment) {
  std::string rows;
  for (std::size_t i = 0; i < std::min(assessment.leaks.size(), kRowsShown); ++i) {
    const LeakSummary& leak = assessment.leaks[i];
    rows += fmt::format("<tr><td><code>{}</code></td><td>{} → {}</td><td>{}</td><td>{}</td><td class=\"n\">{}</td></tr>",
                        EscapeMarkup(leak.message), EscapeMarkup(leak.from), EscapeMarkup(leak.to), EscapeMarkup(leak.label),
                        EscapeMarkup(leak.reason), AfterStartText(leak.at_ns, assessment.started_ns));
  }
  if (rows.empty()) return {};
  return HtmlHeading("Leaks", "Messages that came to a nation which they were not releasable to.") +
         Frame("<th>Message</th><th>Way</th><th>Label</th><th>Why it should not</th><th class=\"n\">At</th>", rows) +
         More(assessment.leaks.size());
}

std::string HtmlLosses(const Assessment& assessment) {
  std::string rows;
  for (std::size_t i = 0; i < std::min(assessment.losses.size(), kRowsShown); ++i) {
    const LossSummary& loss = assessment.losses[i];
    rows += fmt::format(
        "<tr><td class=\"n\"><b>{}</b></td><td><span class=\"tag {}\">{}</span></td><td>{} → {}</td><td>{}</td>"
        "<td><details><summary class=\"small\">examples</summary>{}</details></td></tr>",
        Grouped(loss.count), FateClass(loss.fate), FateName(loss.fate), EscapeMarkup(loss.from), EscapeMarkup(loss.to),
        EscapeMarkup(loss.reason), Examples(loss.examples));
  }
  if (rows.empty()) return {};
  return HtmlHeading("Why did it not arrive?", "Every message that was not understood in time, with its reason.") +
         Frame("<th class=\"n\">Messages</th><th>Fate</th><th>Way</th><th>Reason</th><th></th>", rows) +
         More(assessment.losses.size());
}

std::string HtmlFidelity(const Assessment& assessment) {
  std::map<std::tuple<std::string, std::string, v1::Family>, std::pair<std::string, std::string>> groups;
  for (const FidelityCell& cell : assessment.fidelity) {
    auto& [chips, examples] = groups[{cell.from_form, cell.to_form, cell.family}];
    chips += FieldChip(cell);
    if (!cell.example.empty()) examples += fmt::format("<p class=\"small\">{}</p>", EscapeMarkup(cell.example));
  }
  if (groups.empty()) return {};
  std::string rows;
  for (const auto& [key, group] : groups) {
    const auto& [from, to, family] = key;
    rows += fmt::format("<tr><td>{} → {}<br><span class=\"soft small\">{}</span></td><td>{}{}</td></tr>", EscapeMarkup(from),
                        EscapeMarkup(to), FamilyName(family), group.first, group.second);
  }
  return HtmlHeading("Fidelity",
                     "What each field came to between two protocols, measured against what both declare that they can carry.") +
         Frame("<th>Translation</th><th>Fields</th>", rows) +
         "<p class=\"legend\"><span class=\"pass\"><i></i>kept</span><span class=\"deviation\"><i></i>≈ within the declared "
         "resolution</span><span style=\"--v:var(--idle)\"><i></i>∅ no room, as declared</span><span class=\"none\"><i></i>+ "
         "invented by "
         "the receiver</span><span class=\"fail\"><i></i>✗ wrong</span></p>";
}

std::string HtmlFindings(const Assessment& assessment) {
  std::string rows;
  for (const FindingSummary& finding : assessment.findings) {
    const bool note = finding.severity == v1::FINDING_SEVERITY_NOTE;
    rows += fmt::format(
        "<tr><td class=\"n\">{}</td><td><span class=\"tag {}\">{}</span></td><td>{}</td><td>{}</td><td class=\"soft\">{}</td></tr>",
        Grouped(finding.count), note ? "deviation" : "none",
        note                                             ? "note"
        : finding.severity == v1::FINDING_SEVERITY_DOUBT ? "doubt"
                                                         : "deviation",
        EscapeMarkup(finding.node), EscapeMarkup(finding.text), EscapeMarkup(finding.clause));
  }
  for (const RefusalSummary& refusal : assessment.refusals) {
    const std::string purpose = refusal.damaged == 0 ? "" : fmt::format(" ({} damaged on purpose)", refusal.damaged);
    rows += fmt::format(
        "<tr><td class=\"n\">{}</td><td><span class=\"tag {}\">refused</span></td><td>{}{}</td><td>{}{}</td><td "
        "class=\"soft\">{}</td></tr>",
        Grouped(refusal.count), refusal.damaged == refusal.count ? "none" : "fail", refusal.side == v1::SIDE_NODE ? "at " : "from ",
        EscapeMarkup(refusal.node), EscapeMarkup(refusal.code + ": " + refusal.text), purpose, EscapeMarkup(refusal.clause));
  }
  if (rows.empty()) return {};
  return HtmlHeading("Findings and refusals", "Units that were not as their standard says: understood with a remark, or refused.") +
         Frame("<th class=\"n\">Count</th><th>What</th><th>Node</th><th>Remark</th><th>Clause</th>", rows);
}

std::string HtmlReceptions(const Assessment& assessment) {
  std::string rows;
  for (const ReceptionSummary& reception : assessment.receptions) {
    const bool to_node = reception.direction == v1::DIRECTION_TO_NODE;
    const std::string_view tag = IsSound(reception.reception)                  ? "pass"
                                 : reception.reception == Reception::kUnseen   ? "none"
                                 : reception.reception == Reception::kAccepted ? "deviation"
                                                                               : "fail";
    rows += fmt::format(
        "<tr><td>{}<br><span class=\"soft small\">{}</span></td><td>{}</td><td><span class=\"tag {}\">{}</span> {}</td>"
        "<td class=\"n\" data-name=\"damaged\">{}</td><td class=\"n\" data-name=\"refused\">{}</td>"
        "<td class=\"n\" data-name=\"understood\">{}</td><td class=\"n\" data-name=\"survived\">{}</td></tr>",
        EscapeMarkup(reception.rule), EscapeMarkup(reception.clause),
        EscapeMarkup(to_node ? reception.node : "gateway, from " + reception.node), tag, ReceptionName(reception.reception),
        EscapeMarkup(reception.reason), Grouped(reception.units), Grouped(reception.refused), Grouped(reception.understood),
        Grouped(reception.survived));
  }
  if (rows.empty()) return {};
  return HtmlHeading("Malformed traffic", "How each system took each rule that was broken on purpose; the worst of its units.") +
         Frame(
             "<th>Rule</th><th>Taken by</th><th>How</th><th class=\"n\">Units</th><th class=\"n\">Refused</th>"
             "<th class=\"n\">Understood</th><th class=\"n\">Survived</th>",
             rows);
}

std::string HtmlLinks(const Assessment& assessment) {
  std::string rows;
  for (const LinkSummary& link : assessment.links) {
    rows += fmt::format(
        "<tr><td>{}</td><td class=\"n\" data-name=\"wire units\">{}</td><td class=\"n\" data-name=\"messages\">{}</td><td "
        "class=\"n\" "
        "data-name=\"refreshes\">{}</td><td class=\"n\" data-name=\"refused\">{}</td><td class=\"n\" data-name=\"damaged\">{}</td>"
        "<td class=\"n\" data-name=\"lost\">{}</td><td class=\"n\" data-name=\"held\">{}</td></tr>",
        EscapeMarkup(link.direction == v1::DIRECTION_TO_NODE ? "gateway → " + link.node : link.node + " → gateway"),
        Grouped(link.units), Grouped(link.messages), Grouped(link.refreshes), Grouped(link.units_refused),
        Grouped(link.units_damaged), Grouped(link.lost), Grouped(link.held));
  }
  if (rows.empty()) return {};
  return HtmlHeading("Access links", "Wire units and messages are counted apart; a refresh is no message.") +
         Frame(
             "<th>Link</th><th class=\"n\">Wire units</th><th class=\"n\">Messages</th><th class=\"n\">Refreshes</th><th "
             "class=\"n\">Refused</th>"
             "<th class=\"n\">Damaged</th><th class=\"n\">Lost</th><th class=\"n\">Held</th>",
             rows);
}

std::string HtmlNodes(const Assessment& assessment) {
  std::string rows;
  for (const NodeSummary& node : assessment.nodes) {
    const std::string kind = node.external ? "external" : node.recording ? "recording" : "simulated";
    rows += fmt::format(
        "<tr><td><b>{}</b></td><td>{}{}</td><td>{}{}</td><td class=\"n\" data-name=\"said\">{}</td><td class=\"n\" "
        "data-name=\"understood\">{}</td></tr>",
        EscapeMarkup(node.node), EscapeMarkup(node.protocol), EscapeMarkup(node.form.empty() ? "" : " " + node.form), kind,
        node.ever_active ? "" : ", <span class=\"tag fail\">never connected</span>",
        Grouped(std::max(node.messages_composed, node.messages_ingested)), Grouped(node.messages_understood));
  }
  if (rows.empty()) return {};
  return HtmlHeading("Nodes", "Who took part.") +
         Frame("<th>Node</th><th>Protocol</th><th>Kind</th><th class=\"n\">Said</th><th class=\"n\">Understood</th>", rows);
}

}  // namespace entente::harness
