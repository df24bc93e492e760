// SPDX-License-Identifier: Apache-2.0
#pragma once

// One event of the record, as rows of the projection's tables. Events come in the order of the log; single-threaded.

#include "broker/record/unit_relations.h"
#include "entente/v1/record.pb.h"

namespace entente::record {

class Projector {
 public:
  explicit Projector(Sqlite& database) : database_(database), relations_(database) {}

  void Apply(const v1::RecordEvent& event);

 private:
  void Put(const v1::RunStarted& event);
  void Put(const v1::RunEnded& event);
  void Put(const v1::ExerciseStateChanged& event);
  void Put(const v1::NodeStateChanged& event);
  void Put(const v1::CommandGiven& event);
  void Put(const v1::InjectFired& event);
  void Put(const v1::ProcessFault& event);
  void Put(const v1::MessageComposed& event);
  void Put(const v1::MessageUnderstood& event);
  void Put(const v1::UnitRefused& event);
  void Put(const v1::UnitReceived& event);
  void Put(const v1::MessageIngested& event);
  void Put(const v1::MessageEgressed& event);
  void Put(const v1::IdentityAssigned& event);
  void Put(const v1::MessageAccepted& event);
  void Put(const v1::MessageRefused& event);
  void Put(const v1::MessageRouted& event);
  void Put(const v1::SpanRouted& event);
  void Put(const v1::DeliveryAcknowledged& event);
  void Put(const v1::MessageDropped& event);
  void Put(const v1::NodeAttached& event);
  void Put(const v1::NodeDetached& event);
  void Put(const v1::PeerRefused& event);
  void Put(const v1::BrokerStarted& event);
  void Put(const v1::ClockEstimated& event);
  void Put(const v1::FaultStarted& event);
  void Put(const v1::FaultEnded& event);
  void Put(const v1::LinkDecision& event);
  void Put(const v1::UnitDamaged& event);
  void Put(const v1::MessageImpaired& event);
  void Put(const v1::LinkProbed& event);

  std::string MessageRow(const v1::MessageId& id);
  void DeliveryRow(const std::string& message, const std::string& node);
  template <typename Ledger>
  void PutLedger(const Ledger& ledger, const char* step, const std::string& node, std::optional<std::string_view> message,
                 std::optional<std::int64_t> composed);
  template <typename Findings>
  void PutFindings(const Findings& findings, const char* side, const std::string& node, std::optional<std::string_view> message,
                   std::optional<std::int64_t> understood);

  Sqlite& database_;
  UnitRelations relations_;
  std::int64_t at_ns_ = 0;  // of the event under hand
};

}  // namespace entente::record
