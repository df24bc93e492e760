// SPDX-License-Identifier: Apache-2.0
#pragma once

// A small vocabulary for writing records by hand in tests: who is there, what was said, how far it came. Times are milliseconds
// after STARTEX. Two made-up protocols: "wide" carries everything, "narrow" has no callsign, no label, and positions to 10 m.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "entente/v1/exercise.pb.h"
#include "entente/v1/record.pb.h"
#include "harness/assessment/assessment.h"
#include "harness/assessment/fold.h"

namespace entente::harness {

const adapter::Form* ScriptedForm(std::string_view protocol, std::string_view form);

class RecordScript {
 public:
  // One message of the script.
  struct Said {
    std::string from;
    std::string hash;
    v1::Envelope truth;
    v1::MessageId id;
  };

  RecordScript();

  v1::Exercise& plan() { return plan_; }
  v1::NodePlan& Node(std::string_view node, std::string_view protocol = "wide");
  v1::Expectation& Expect(std::string_view id);
  v1::Expectation& ExpectDelivery(double at_least, std::int64_t within_ms = 0);
  // RunStarted, every node active and attached, STARTEX.
  RecordScript& Begin();
  RecordScript& At(std::int64_t ms);
  [[nodiscard]] std::int64_t now_ns() const { return now_ns_; }

  // A track with callsign and position, releasable to every nation of the plan.
  Said Track(std::string_view from);
  // Steps of a message's life.
  void Composed(const Said& said, v1::SendOutcome outcome = v1::SEND_OUTCOME_SENT, std::string_view reason = {});
  void Received(const Said& said, v1::UnitRole role = v1::UNIT_ROLE_CARRIES);
  void Ingested(const Said& said);
  void Accepted(const Said& said);
  void Routed(const Said& said, std::initializer_list<std::string_view> to, std::string_view withheld_because = {});
  void Egressed(const Said& said, std::string_view to, v1::SendOutcome outcome = v1::SEND_OUTCOME_SENT,
                std::string_view reason = {});
  void Understood(const Said& said, std::string_view to);
  void Understood(const Said& said, std::string_view to, const v1::Envelope& understood);
  void Dropped(const Said& said, std::string_view to, std::string_view reason);
  // Runs of steps.
  void ComeToBroker(const Said& said);                     // composed to accepted
  void ComeToNode(const Said& said, std::string_view to);  // composed to egressed
  Said Deliver(std::string_view from, std::string_view to, std::int64_t latency_ms = 10);

  void State(v1::ExerciseState state, std::string_view reason = {});
  void NodeState(std::string_view node, v1::NodeState state, std::string_view reason = {});
  void LinkLost(std::string_view node, v1::Direction direction);
  void FaultStarted(std::string_view fault, std::string_view kind, std::string_view node);
  void FaultEnded(std::string_view fault);
  void Damaged(const Said& said, std::string_view node, v1::Direction direction, std::string_view expected = "refused");
  void Refused(std::string_view node, v1::Side side, std::string_view hash);
  RecordScript& End();

  v1::RecordEvent& Add();  // at the present time
  v1::RecordEvent& last() { return events_.back(); }
  [[nodiscard]] const std::vector<v1::RecordEvent>& events() const { return events_; }
  [[nodiscard]] Fold ToFold() const;
  [[nodiscard]] Assessment ToAssessment() const;
  // The hash that a damaged unit has.
  static std::string DamagedHash(const Said& said);
  static std::string EgressHash(const Said& said, std::string_view to);

 private:
  v1::Exercise plan_;
  std::vector<v1::RecordEvent> events_;
  std::int64_t now_ns_;
  std::uint64_t said_ = 0;
  std::uint64_t deliveries_ = 0;
};

}  // namespace entente::harness
