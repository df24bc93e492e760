// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/fold.h"

#include <algorithm>

#include "harness/assessment/fold_state.h"
#include "harness/assessment/settled_pairs.h"

namespace entente::harness {

Fold::Fold(FormLookup forms, Keeping keeping) : state_(std::make_unique<FoldState>(std::move(forms), keeping)) {}
Fold::~Fold() = default;
FoldState::FoldState(FormLookup forms, Keeping keeping) : keeping_(keeping), plan_(std::move(forms)) {}
FoldState::~FoldState() = default;
Fold::Fold(Fold&&) noexcept = default;
Fold& Fold::operator=(Fold&&) noexcept = default;

void Fold::Apply(const v1::RecordEvent& event) {
  state_->Apply(event);
}
void Fold::Apply(const AcceptedMessage& message, std::string_view writer) {
  state_->Apply(message, writer);
}
void Fold::Apply(const RoutedRun& run, std::string_view writer) {
  state_->Apply(run, writer);
}
void Fold::Apply(const EgressedMessage& message, std::string_view writer) {
  state_->Apply(message, writer);
}

const Figures& Fold::figures() const {
  return state_->figures();
}

FoldState::Ns FoldState::Begin(std::int64_t utc_ns, std::string_view writer) {
  reading_ = clocks_.Read(utc_ns, writer);
  const Ns at = reading_.at_ns;
  if (figures_.events++ == 0) happenings_.first_ns = figures_.first_utc_ns = at;
  happenings_.last_ns = figures_.last_utc_ns = std::max(figures_.last_utc_ns, at);
  return at;
}

void FoldState::End() {
  if (keeping_ == Keeping::kTrouble) SettleOld();
}

void FoldState::Apply(const v1::RecordEvent& event) {
  Dispatch(event, Begin(event.utc_ns(), event.writer()));
  End();
}

// By the record's times alone, so that a record gives the same whenever it is read.
void FoldState::SettleOld() {
  while (const Message* oldest = book_.oldest()) {
    const Ns last_step = std::max({oldest->said_ns(), oldest->accepted_ns, oldest->routed_ns});
    if (last_step != 0 && last_step + kSettledAfterNs > happenings_.last_ns) return;
    if (!settled_) settled_ = std::make_unique<SettledPairs>(*this);
    const bool nothing = oldest->origin == kNoNode && last_step == 0;
    if (nothing || settled_->Take(book_.oldest_index(), *oldest)) {
      book_.SettleOldest();
    } else {
      book_.KeepOldest();
    }
  }
}

void FoldState::Dispatch(const v1::RecordEvent& event, Ns at) {
  switch (event.event_case()) {
    case v1::RecordEvent::kRunStarted:
      return On(event.run_started(), at);
    case v1::RecordEvent::kExerciseStateChanged:
      return On(event.exercise_state_changed(), at);
    case v1::RecordEvent::kNodeStateChanged:
      return On(event.node_state_changed(), at);
    case v1::RecordEvent::kInjectFired:
      return On(event.inject_fired(), at);
    case v1::RecordEvent::kCommandGiven:
      ++figures_.commands[event.command_given().refused().empty() ? "carried_out" : "refused"];
      return;
    case v1::RecordEvent::kProcessFault:
      return On(event.process_fault(), at);
    case v1::RecordEvent::kRunEnded:
      return On(event.run_ended(), at);
    case v1::RecordEvent::kMessageComposed:
      return On(event.message_composed(), at);
    case v1::RecordEvent::kMessageUnderstood:
      return On(event.message_understood(), at);
    case v1::RecordEvent::kUnitRefused:
      return On(event.unit_refused(), at);
    case v1::RecordEvent::kUnitReceived:
      return On(event.unit_received(), at);
    case v1::RecordEvent::kMessageIngested:
      return On(event.message_ingested(), at);
    case v1::RecordEvent::kMessageEgressed:
      return On(event.message_egressed(), at);
    case v1::RecordEvent::kIdentityAssigned:
      return On(event.identity_assigned(), at);
    case v1::RecordEvent::kMessageAccepted:
      return On(event.message_accepted(), at);
    case v1::RecordEvent::kMessageRefused:
      return On(event.message_refused(), at);
    case v1::RecordEvent::kMessageRouted:
      return On(event.message_routed(), at);
    case v1::RecordEvent::kSpanRouted:
      return On(event.span_routed(), at);
    case v1::RecordEvent::kDeliveryAcknowledged:
      return On(event.delivery_acknowledged(), at);
    case v1::RecordEvent::kMessageDropped:
      return On(event.message_dropped(), at);
    case v1::RecordEvent::kNodeAttached:
      return On(event.node_attached(), at);
    case v1::RecordEvent::kNodeDetached:
      return On(event.node_detached(), at);
    case v1::RecordEvent::kPeerRefused:
      ++figures_.peers_refused;
      return;
    case v1::RecordEvent::kBrokerStarted:
      return;
    case v1::RecordEvent::kClockEstimated:
      return clocks_.On(event.writer(), event.clock_estimated());
    case v1::RecordEvent::kFaultStarted:
      return On(event.fault_started(), at);
    case v1::RecordEvent::kFaultEnded:
      return On(event.fault_ended(), at);
    case v1::RecordEvent::kLinkDecision:
      return On(event.link_decision(), at);
    case v1::RecordEvent::kUnitDamaged:
      return On(event.unit_damaged(), at);
    case v1::RecordEvent::kMessageImpaired:
      return On(event.message_impaired(), at);
    case v1::RecordEvent::kLinkProbed:
      return;
    case v1::RecordEvent::EVENT_NOT_SET:
      return happenings_.AddHarnessFault("the record holds an event of a kind that this version does not know");
  }
}

}  // namespace entente::harness
