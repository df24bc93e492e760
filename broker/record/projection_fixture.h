// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the tests of the projection share: an exercise told event by event, and asking the file by SQL.

#include <gmock/gmock.h>
#include <sqlite3.h>

#include "broker/record/projection.h"
#include "broker/record/record_fixture.h"
#include "proto/message_id.h"

namespace entente::record {

// Rows as "a|b|c", as `sqlite3` prints them; NULL as nothing.
inline std::vector<std::string> Query(const std::filesystem::path& path, const std::string& sql) {
  sqlite3* handle = nullptr;
  EXPECT_EQ(sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  std::vector<std::string> rows;
  char* message = nullptr;
  const auto take = [](void* to, int columns, char** values, char**) {
    std::string row;
    for (int i = 0; i < columns; ++i) row += (i == 0 ? "" : "|") + std::string(values[i] == nullptr ? "" : values[i]);
    static_cast<std::vector<std::string>*>(to)->push_back(row);
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), take, &rows, &message), SQLITE_OK) << (message == nullptr ? "" : message);
  sqlite3_free(message);
  sqlite3_close(handle);
  return rows;
}

// Tells the record what happened, in the words of its writers. Units are named by a text that stands for their octets.
class Story {
 public:
  [[nodiscard]] const std::vector<v1::RecordEvent>& events() const { return events_; }

  static v1::MessageId Id(const std::string& origin, std::uint64_t sequence) {
    return ToProto({origin, 0x1a2b, v1::PRECEDENCE_ROUTINE, sequence});
  }

  v1::RecordEvent& Add() {
    v1::RecordEvent& event = events_.emplace_back();
    event.set_utc_ns(ToNanoseconds(Noon()) + std::ssize(events_) * 1'000'000);
    event.set_writer("story");
    return event;
  }
  v1::MessageComposed& Composed(const std::string& node, const std::vector<std::string>& units,
                                v1::SendOutcome outcome = v1::SEND_OUTCOME_SENT) {
    v1::MessageComposed& composed = *Add().mutable_message_composed();
    composed.set_node(node);
    composed.set_outcome(outcome);
    composed.mutable_truth()->mutable_track()->set_callsign("ALPHA");
    composed.mutable_truth()->set_object_id("alpha");
    for (const std::string& unit : units) composed.add_unit_hashes(UnitHash(AsBytes(unit)));
    return composed;
  }
  v1::UnitReceived& Received(const std::string& node, const std::string& unit, v1::UnitRole role = v1::UNIT_ROLE_CARRIES) {
    v1::UnitReceived& received = *Add().mutable_unit_received();
    received.set_node(node);
    received.set_unit_hash(UnitHash(AsBytes(unit)));
    received.set_octets(unit);
    received.set_role(role);
    return received;
  }
  void Refused(const std::string& node, v1::Side side, const std::string& unit) {
    v1::UnitRefused& refused = *Add().mutable_unit_refused();
    refused.set_node(node);
    refused.set_side(side);
    refused.set_unit_hash(UnitHash(AsBytes(unit)));
    refused.mutable_refusal()->set_code("length");
    refused.mutable_refusal()->set_offset(8);
    refused.mutable_refusal()->set_field("pdu_length");
    refused.mutable_refusal()->set_clause("IEEE 1278.1-2012 6.2.66");
    refused.mutable_refusal()->set_text("larger than the datagram");
  }
  v1::MessageIngested& Ingested(const std::string& node, std::uint64_t sequence, const std::vector<std::string>& units) {
    v1::MessageIngested& ingested = *Add().mutable_message_ingested();
    *ingested.mutable_id() = Id(node, sequence);
    ingested.set_node(node);
    ingested.set_family(v1::FAMILY_TRACK);
    for (const std::string& unit : units) ingested.add_unit_hashes(UnitHash(AsBytes(unit)));
    return ingested;
  }
  void Accepted(const std::string& node, std::uint64_t sequence) {
    v1::Envelope envelope;
    *envelope.mutable_id() = Id(node, sequence);
    envelope.set_family(v1::FAMILY_TRACK);
    envelope.set_object_id("alpha");
    envelope.mutable_label()->set_policy("EXERCISE");
    envelope.mutable_label()->set_classification("RESTRICTED");
    v1::LabelCategory& category = *envelope.mutable_label()->add_categories();
    category.set_tag("Releasable To");
    category.add_values("DEU");
    category.add_values("FRA");
    v1::MessageAccepted& accepted = *Add().mutable_message_accepted();
    *accepted.mutable_id() = envelope.id();
    accepted.set_envelope(envelope.SerializeAsString());
  }
  void RefusedByBroker(const std::string& node, std::uint64_t sequence, const std::string& reason) {
    v1::MessageRefused& refused = *Add().mutable_message_refused();
    *refused.mutable_id() = Id(node, sequence);
    refused.set_node(node);
    refused.set_reason(reason);
  }
  // Released to `to`; withheld from `withheld_from`, for the reason.
  void Routed(const std::string& node, std::uint64_t first, std::uint64_t count, const std::vector<std::string>& to,
              const std::string& withheld_from = {}, const std::string& reason = {}) {
    v1::MessageRouted& routed = *Add().mutable_message_routed();
    *routed.mutable_first() = Id(node, first);
    routed.set_count(count);
    for (const std::string& recipient : to) {
      v1::RouteDecision& decision = *routed.add_decisions();
      decision.set_node(recipient);
      decision.set_released(true);
      decision.set_first_delivery(first);
    }
    if (withheld_from.empty()) return;
    v1::RouteDecision& decision = *routed.add_decisions();
    decision.set_node(withheld_from);
    decision.set_reason(reason);
  }
  // Every message is released to `always`, every second one to `by_turns`, too.
  void RoutedByTurns(const std::string& node, std::uint64_t first, std::uint64_t count, const std::string& always,
                     const std::string& by_turns) {
    v1::SpanRouted& routed = *Add().mutable_span_routed();
    *routed.mutable_first() = Id(node, first);
    for (const bool both : {true, false}) {
      v1::SpanRoute& route = *routed.add_routes();
      for (const std::string& recipient : {always, by_turns}) {
        v1::RouteDecision& decision = *route.add_decisions();
        decision.set_node(recipient);
        decision.set_released(both || recipient == always);
        if (decision.released()) decision.set_first_delivery(1);
        if (!decision.released()) decision.set_reason("above clearance");
      }
    }
    for (std::uint64_t i = 0; i < count; ++i) routed.mutable_route_of()->push_back(static_cast<char>(i % 2));
  }
  void Dropped(const std::string& node, std::uint64_t sequence, const std::string& recipient, const std::string& reason) {
    v1::MessageDropped& dropped = *Add().mutable_message_dropped();
    *dropped.mutable_id() = Id(node, sequence);
    dropped.set_node(recipient);
    dropped.set_reason(reason);
  }
  v1::MessageEgressed& Egressed(const std::string& node, std::uint64_t sequence, const std::string& recipient,
                                const std::vector<std::string>& units, v1::SendOutcome outcome = v1::SEND_OUTCOME_SENT) {
    v1::MessageEgressed& egressed = *Add().mutable_message_egressed();
    *egressed.mutable_id() = Id(node, sequence);
    egressed.set_node(recipient);
    egressed.set_outcome(outcome);
    for (const std::string& unit : units) {
      egressed.add_unit_hashes(UnitHash(AsBytes(unit)));
      egressed.add_octets(unit);
    }
    return egressed;
  }
  v1::MessageUnderstood& Understood(const std::string& node, const std::vector<std::string>& units) {
    v1::MessageUnderstood& understood = *Add().mutable_message_understood();
    understood.set_node(node);
    understood.set_evidence("decoder");
    understood.mutable_understood()->mutable_track()->set_callsign("ALPHA");
    for (const std::string& unit : units) understood.add_unit_hashes(UnitHash(AsBytes(unit)));
    return understood;
  }
  void Damaged(const std::string& node, v1::Direction direction, const std::string& unit, const std::string& damaged_unit) {
    v1::UnitDamaged& damaged = *Add().mutable_unit_damaged();
    damaged.set_node(node);
    damaged.set_direction(direction);
    damaged.set_rule("dis-length-too-large");
    damaged.set_unit_hash(UnitHash(AsBytes(unit)));
    damaged.set_damaged_hash(UnitHash(AsBytes(damaged_unit)));
    damaged.set_octets(damaged_unit);
  }
  void LinkDecided(const std::string& link, v1::Direction direction, const std::string& decision) {
    v1::LinkDecision& decided = *Add().mutable_link_decision();
    decided.set_link(link);
    decided.set_direction(direction);
    decided.set_rule("loss#1");
    decided.set_decision(decision);
    decided.set_octets(144);
  }
  void Impaired(const std::string& node, v1::Direction direction, const std::string& decision) {
    v1::MessageImpaired& impaired = *Add().mutable_message_impaired();
    impaired.set_node(node);
    impaired.set_direction(direction);
    impaired.set_rule("jam/loss");
    impaired.set_decision(decision);
  }
  // All the way from one node to the next.
  void Arrives(const std::string& from, std::uint64_t sequence, const std::string& to, const std::string& unit) {
    Composed(from, {unit});
    Received(from, unit);
    Ingested(from, sequence, {unit});
    Accepted(from, sequence);
    Routed(from, sequence, 1, {to});
    Egressed(from, sequence, to, {unit + " again"});
    Understood(to, {unit + " again"});
  }

 private:
  std::vector<v1::RecordEvent> events_;
};

inline void Project(const Story& story, const std::filesystem::path& path) {
  auto projection = Projection::Create(path);
  ASSERT_TRUE(projection) << projection.error().Text();
  for (const v1::RecordEvent& event : story.events()) {
    const Status applied = (*projection)->Apply({event, {}});
    ASSERT_TRUE(applied) << applied.error().Text();
  }
  const Status closed = (*projection)->Close();
  ASSERT_TRUE(closed) << closed.error().Text();
}

}  // namespace entente::record
