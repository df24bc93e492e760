// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the fold holds, and one function per event of the record. For assessment/ only.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "entente/v1/record.pb.h"
#include "harness/assessment/clock_book.h"
#include "harness/assessment/early_receipts.h"
#include "harness/assessment/fidelity.h"
#include "harness/assessment/figures.h"
#include "harness/assessment/fold.h"
#include "harness/assessment/happenings.h"
#include "harness/assessment/leak_oracle.h"
#include "harness/assessment/message_book.h"
#include "harness/assessment/parsed_truths.h"
#include "harness/assessment/run_plan.h"
#include "harness/assessment/texts.h"
#include "harness/assessment/unit_chain.h"

namespace entente::harness {

struct Leak {
  MessageIndex message = kNoMessage;
  NodeIndex to = kNoNode;
  TextId reason = kNoText;
  std::int64_t at_ns = 0;
};

class SettledPairs;

class FoldState {
 public:
  static constexpr std::size_t kEarlyMessages = 4096;              // ingested, that wait for their composing
  static constexpr std::int64_t kSettledAfterNs = 60'000'000'000;  // writers tell of a message's end at different times
  static constexpr std::uint64_t kLongestRun = 1'000'000;          // messages that one routing decision may cover
  static constexpr std::size_t kReasonCodes = 64;                  // different ones in the figures; others are "other"

  explicit FoldState(FormLookup forms, Keeping keeping = Keeping::kEverything);
  ~FoldState();
  FoldState(const FoldState&) = delete;
  FoldState& operator=(const FoldState&) = delete;

  void Apply(const v1::RecordEvent& event);
  template <typename View>
  void Apply(const View& event, std::string_view writer) {
    On(event, Begin(event.utc_ns, writer));
    End();
  }

  [[nodiscard]] const RunPlan& plan() const { return plan_; }
  [[nodiscard]] const MessageBook& book() const { return book_; }
  // nullptr: none is settled.
  [[nodiscard]] const SettledPairs* settled() const { return settled_.get(); }
  [[nodiscard]] const Happenings& happenings() const { return happenings_; }
  [[nodiscard]] const FidelityBook& fidelity() const { return fidelity_; }
  [[nodiscard]] const Texts& texts() const { return texts_; }
  [[nodiscard]] const Figures& figures() const { return figures_; }
  [[nodiscard]] const std::vector<Leak>& leaks() const { return leaks_; }
  [[nodiscard]] LeakOracle oracle() const { return LeakOracle(plan_.exercise().policy()); }
  [[nodiscard]] const v1::RunStarted& run() const { return run_; }
  // The label that counts: the author's, else the node's default.
  [[nodiscard]] v1::Label LabelOf(const Message& message) const;

 private:
  using Ns = std::int64_t;

  // fold_exercise.cc
  void On(const v1::RunStarted& event, Ns at);
  void On(const v1::ExerciseStateChanged& event, Ns at);
  void On(const v1::NodeStateChanged& event, Ns at);
  void On(const v1::InjectFired& event, Ns at);
  void On(const v1::ProcessFault& event, Ns at);
  void On(const v1::RunEnded& event, Ns at);
  void On(const v1::NodeAttached& event, Ns at);
  void On(const v1::NodeDetached& event, Ns at);
  void On(const v1::FaultStarted& event, Ns at);
  void On(const v1::FaultEnded& event, Ns at);
  void On(const v1::LinkDecision& event, Ns at);
  void On(const v1::UnitDamaged& event, Ns at);
  void On(const v1::MessageImpaired& event, Ns at);
  // fold_messages.cc
  void On(const v1::MessageComposed& event, Ns at);
  void On(const v1::UnitReceived& event, Ns at);
  void On(const v1::UnitRefused& event, Ns at);
  void On(const v1::MessageIngested& event, Ns at);
  void On(const v1::MessageAccepted& event, Ns at);
  void On(const AcceptedMessage& event, Ns at);
  void On(const v1::MessageRefused& event, Ns at);
  void On(const v1::MessageRouted& event, Ns at);
  void On(const RoutedRun& event, Ns at);
  void On(const v1::SpanRouted& event, Ns at);
  void On(const v1::MessageDropped& event, Ns at);
  void On(const v1::MessageEgressed& event, Ns at);
  void On(const EgressedMessage& event, Ns at);
  void On(const v1::MessageUnderstood& event, Ns at);
  void On(const v1::IdentityAssigned&, Ns) {}
  void On(const v1::DeliveryAcknowledged&, Ns) {}

  // Around each event; its time by the record's clock.
  Ns Begin(std::int64_t utc_ns, std::string_view writer);
  void End();
  void Dispatch(const v1::RecordEvent& event, Ns at);
  void SettleOld();
  NodeIndex NodeOf(std::string_view node);
  LinkSummary& Link(NodeIndex node, v1::Direction direction);
  MessageIndex FindOrAdd(std::string_view origin, const MessageNumber& number);
  MessageIndex MessageOfUnits(const v1::MessageIngested& event, NodeIndex node);
  [[nodiscard]] MessageIndex NewestNumberless(NodeIndex origin) const;
  void GiveUp(const v1::MessageRefused& event);
  void TakeTruth(MessageIndex index, const v1::Envelope& truth);
  void TakeRoute(MessageIndex index, const RoutedNode& decision, std::uint64_t offset, Ns at);
  void TakeReceived(Message& message) const;
  void TakeEarlyReceipt(const EgressedMessage& event, NodeIndex node, bool damaged);
  bool TakeUnderstood(const v1::MessageUnderstood& event, NodeIndex node, const ClockReading& at);
  void Understand(MessageIndex index, NodeIndex node, const v1::MessageUnderstood& event, const ClockReading& at, TextId damage);
  void CompareWithTruth(MessageIndex index, NodeIndex node, const v1::Envelope& understood, bool upgraded);
  void CheckRelease(MessageIndex index, NodeIndex to, Ns at);
  TextId WhyNotReleased(const Message& message, NodeIndex to);
  void SetForm(NodeIndex node, std::string_view form);
  void MarkDamaged(const UnitId& unit, bool refused);
  void MarkRemains(const UnitId& unit, bool refused);
  void Close(const Message& message, NodeIndex to, Fate fate, std::string_view reason);
  void CloseForAll(const Message& message, Fate fate, std::string_view reason);
  void ReleaseTruthWhenClosed(MessageIndex index);
  std::string ReasonCode(std::string_view reason);

  const Keeping keeping_;
  RunPlan plan_;
  MessageBook book_;
  std::unique_ptr<SettledPairs> settled_;
  Happenings happenings_;
  FidelityBook fidelity_;
  ParsedTruths parsed_truths_;
  Texts texts_;
  Figures figures_;
  UnitChain chain_;
  ClockBook clocks_;
  ClockReading reading_;  // of the event that is being applied
  v1::RunStarted run_;
  std::vector<Leak> leaks_;
  std::map<NodeIndex, std::uint32_t> composed_numbers_;
  std::deque<std::pair<UnitId, MessageIndex>> early_messages_;  // ingested before they were composed
  EarlyReceipts early_receipts_;
  std::set<std::string, std::less<>> reason_codes_;
  std::map<std::tuple<TextId, NodeIndex, NodeIndex>, TextId> releases_;  // why not, per label, origin and recipient
};

}  // namespace entente::harness
