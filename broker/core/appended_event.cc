// SPDX-License-Identifier: Apache-2.0
#include "broker/core/appended_event.h"

#include <string>

namespace entente::broker {
namespace {

struct Subject {
  enum class Of { kNode, kProcess, kOthers } of = Of::kOthers;
  std::string_view node{};
};

// A link is named like its node; a backbone link with that word before it.
std::string_view NodeOfLink(std::string_view link) {
  constexpr std::string_view kBackbone = "backbone ";
  return link.starts_with(kBackbone) ? link.substr(kBackbone.size()) : link;
}

Subject SubjectOf(const v1::RecordEvent& event) {
  switch (event.event_case()) {
    case v1::RecordEvent::kNodeStateChanged:
      return {Subject::Of::kNode, event.node_state_changed().node()};
    case v1::RecordEvent::kMessageComposed:
      return {Subject::Of::kNode, event.message_composed().node()};
    case v1::RecordEvent::kMessageUnderstood:
      return {Subject::Of::kNode, event.message_understood().node()};
    case v1::RecordEvent::kUnitRefused:
      return {Subject::Of::kNode, event.unit_refused().node()};
    case v1::RecordEvent::kUnitReceived:
      return {Subject::Of::kNode, event.unit_received().node()};
    case v1::RecordEvent::kMessageIngested:
      return {Subject::Of::kNode, event.message_ingested().node()};
    case v1::RecordEvent::kMessageEgressed:
      return {Subject::Of::kNode, event.message_egressed().node()};
    case v1::RecordEvent::kUnitDamaged:
      return {Subject::Of::kNode, event.unit_damaged().node()};
    case v1::RecordEvent::kMessageImpaired:
      return {Subject::Of::kNode, event.message_impaired().node()};
    case v1::RecordEvent::kLinkDecision:
      return {Subject::Of::kNode, NodeOfLink(event.link_decision().link())};
    case v1::RecordEvent::kLinkProbed:
      return {Subject::Of::kNode, NodeOfLink(event.link_probed().link())};
    case v1::RecordEvent::kClockEstimated:
      return {Subject::Of::kNode, event.clock_estimated().node()};
    case v1::RecordEvent::kIdentityAssigned:
    case v1::RecordEvent::kProcessFault:
      return {Subject::Of::kProcess};
    default:
      return {};
  }
}

std::string KindOf(const v1::RecordEvent& event) {
  const auto* field = v1::RecordEvent::descriptor()->FindFieldByNumber(event.event_case());
  return field == nullptr ? "nothing" : field->name();
}

// The broker and the harness sign as such; a gateway, a node or a link must not.
bool IsForeignWriter(std::string_view writer) {
  return writer == "broker" || writer == "harness";
}

}  // namespace

Status CheckAppended(const v1::RecordEvent& event, const Identity& identity) {
  if (event.event_case() == v1::RecordEvent::EVENT_NOT_SET) {
    return Fail(ErrorCode::kDataLoss, "an event of no kind that is known here", {}, "send entente.v1.RecordEvent of this version");
  }
  if (Status allowed = Authorize(identity, Action::kAppend); !allowed) return allowed;
  const Subject subject = SubjectOf(event);
  if (subject.of == Subject::Of::kOthers || IsForeignWriter(event.writer())) {
    return Fail(ErrorCode::kPermissionDenied, KindOf(event) + " by \"" + event.writer().substr(0, 80) + "\" is not a peer's to say",
                {}, "append what gateways, nodes and links observe, only");
  }
  if (subject.of == Subject::Of::kProcess || identity.SpeaksFor(subject.node)) return {};
  return Fail(ErrorCode::kPermissionDenied,
              "the certificate of " + identity.name + " does not speak for \"" + std::string(subject.node.substr(0, 80)) + "\"", {},
              "append what concerns its own nodes, only");
}

}  // namespace entente::broker
