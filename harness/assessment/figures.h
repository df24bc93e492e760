// SPDX-License-Identifier: Apache-2.0
#pragma once

// Every figure of a run as far as it is known while it goes on: what metrics, progress lines and the board show. Counted by the
// fold, never beside it. A value: copied to whoever shows it. Keys come from closed sets (nodes of the plan, enumerations, reason
// codes), so that nothing a peer sends makes it grow.

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <string>

#include "entente/v1/message.pb.h"
#include "entente/v1/record.pb.h"
#include "harness/assessment/fate.h"

namespace entente::harness {

struct MessageKind {
  std::string node;
  v1::Family family = v1::FAMILY_UNSPECIFIED;
  v1::Precedence precedence = v1::PRECEDENCE_UNSPECIFIED;
  auto operator<=>(const MessageKind&) const = default;
};

struct OutcomeKey {  // of what a node composed, or of what was to be sent to it
  std::string node;
  v1::SendOutcome outcome = v1::SEND_OUTCOME_UNSPECIFIED;
  auto operator<=>(const OutcomeKey&) const = default;
};

struct UnitKey {
  std::string node;
  v1::Direction direction = v1::DIRECTION_UNSPECIFIED;
  v1::UnitRole role = v1::UNIT_ROLE_UNSPECIFIED;
  auto operator<=>(const UnitKey&) const = default;
};

struct RefusalKey {
  std::string node;
  v1::Direction direction = v1::DIRECTION_UNSPECIFIED;  // towards whom the unit went that was refused
  std::string code;                                     // adapters/api/decode_error.h
  auto operator<=>(const RefusalKey&) const = default;
};

struct LinkKey {
  std::string node;
  v1::Direction direction = v1::DIRECTION_UNSPECIFIED;
  std::string what;  // decision: "lost", "delayed", "held"; or a damage rule's expected reaction
  auto operator<=>(const LinkKey&) const = default;
};

struct NationPair {
  std::string from;
  std::string to;
  auto operator<=>(const NationPair&) const = default;
};

struct FateKey {
  NationPair nations;
  Fate fate = Fate::kUnexplained;
  std::string reason;  // code from a closed set; empty for understood
  auto operator<=>(const FateKey&) const = default;
};

// Cumulative as Prometheus wants it is made by the exposer; here each bucket counts its own.
struct LatencyHistogram {
  static constexpr std::array<double, 14> kBoundsS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
  std::array<std::uint64_t, kBoundsS.size() + 1> buckets{};  // the last: beyond
  std::uint64_t count = 0;
  double sum_s = 0;

  void Add(double latency_s);
  bool operator==(const LatencyHistogram&) const = default;
};

struct NodeFigures {
  std::string protocol;
  v1::NodeState state = v1::NODE_STATE_DECLARED;
  bool operator==(const NodeFigures&) const = default;
};

struct Figures {
  std::string exercise;
  v1::ExerciseState state = v1::EXERCISE_STATE_PLANNED;
  std::int64_t first_utc_ns = 0;
  std::int64_t last_utc_ns = 0;
  std::int64_t startex_utc_ns = 0;  // 0: not yet
  std::uint64_t events = 0;

  std::map<std::string, NodeFigures> nodes;
  std::map<OutcomeKey, std::uint64_t> composed;
  std::map<MessageKind, std::uint64_t> ingested;    // messages that the gateway made of a node's units
  std::map<MessageKind, std::uint64_t> accepted;    // by the broker
  std::map<std::string, std::uint64_t> refused;     // by the broker, per reason
  std::map<OutcomeKey, std::uint64_t> egressed;     // messages handed to a node's session at the gateway
  std::map<MessageKind, std::uint64_t> understood;  // by a node
  std::map<UnitKey, std::uint64_t> units;           // wire units, apart from messages
  std::map<RefusalKey, std::uint64_t> units_refused;
  std::map<LinkKey, std::uint64_t> units_damaged;
  std::map<LinkKey, std::uint64_t> link_decisions;
  std::map<FateKey, std::uint64_t> fates;  // of pairs, as soon as they are certain
  std::map<v1::Precedence, LatencyHistogram> latency;
  std::map<NationPair, std::uint64_t> leaks;
  std::map<std::string, std::uint64_t> faults_active;  // per kind
  std::uint64_t faults_started = 0;
  std::uint64_t injects_fired = 0;
  std::map<std::string, std::uint64_t> commands;  // of live control: "carried_out", "refused"
  std::uint64_t process_faults = 0;
  std::uint64_t peers_refused = 0;  // turned away by the broker, or cut off

  bool operator==(const Figures&) const = default;
};

}  // namespace entente::harness
