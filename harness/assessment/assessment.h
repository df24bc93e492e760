// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a run came to: a value, made by Assess from the fold alone. Every page, table and exit code is made of this and of nothing
// else. Times are nanoseconds; message ids are text (proto/message_id.h).

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "entente/v1/exercise.pb.h"
#include "entente/v1/record.pb.h"
#include "harness/assessment/fate.h"
#include "harness/assessment/figures.h"
#include "harness/assessment/fold.h"
#include "harness/assessment/ratio.h"
#include "harness/assessment/reception.h"
#include "harness/assessment/verdict.h"

namespace entente::harness {

struct NodeSummary {
  std::string node;
  std::string nation;
  std::string protocol;
  std::string form;
  bool external = false;
  bool recording = false;
  bool ever_active = false;
  v1::NodeState state = v1::NODE_STATE_DECLARED;
  std::uint64_t messages_composed = 0;    // by a simulated node
  std::uint64_t messages_ingested = 0;    // of its units, by the gateway
  std::uint64_t messages_understood = 0;  // by it
};

// One access link and direction: wire units and messages are counted apart.
struct LinkSummary {
  std::string node;
  v1::Direction direction = v1::DIRECTION_UNSPECIFIED;
  std::uint64_t units = 0;
  std::uint64_t refreshes = 0;  // units that are no message
  std::uint64_t messages = 0;
  std::uint64_t units_refused = 0;
  std::uint64_t units_damaged = 0;
  std::uint64_t lost = 0;  // decisions of the link
  std::uint64_t delayed = 0;
  std::uint64_t held = 0;
};

// From one node (or nation) to another.
struct MatrixCell {
  std::string from;
  std::string to;
  std::map<Fate, std::uint64_t> fates;
  std::uint64_t leaks = 0;
  std::uint64_t wrong_fields = 0;
  LatencySummary latency;
  Judgement judgement;

  [[nodiscard]] std::uint64_t Count(Fate fate) const;
  // Understood in time or late.
  [[nodiscard]] std::uint64_t delivered() const { return Count(Fate::kUnderstood) + Count(Fate::kLate); }
  [[nodiscard]] std::uint64_t pairs() const;
};

struct ExpectationSummary {
  std::string id;
  std::string kind;    // "delivery", "latency", "recovery", "no-leak", "survival", "fidelity", "silence"
  std::string demand;  // in words: "at least 95 % of track messages from DEU to FRA understood within 2 s"
  Judgement judgement;
  Ratio ratio;  // whole is 0 where the kind has none
  LatencySummary latency;
};

enum class FieldFate { kKept, kApproximated, kDropped, kInvented, kWrong };
inline constexpr int kFieldFates = 5;
// "kept", "approximated", "dropped as declared", "invented", "wrong".
std::string_view FieldFateName(FieldFate fate);

// One field of one family, from one protocol form to another.
struct FidelityCell {
  std::string from_form;  // "cot/xml"
  std::string to_form;
  v1::Family family = v1::FAMILY_UNSPECIFIED;
  v1::Field field = v1::FIELD_UNSPECIFIED;
  std::array<std::uint64_t, kFieldFates> counts{};
  double worst_error = 0;    // finite ones only, in the field's unit
  double allowed_error = 0;  // from both declared resolutions
  std::string example;       // id of a message that went wrong, and how
};

struct FindingSummary {
  std::string node;  // whose unit it was
  v1::FindingSeverity severity = v1::FINDING_SEVERITY_UNSPECIFIED;
  std::string field;
  std::string clause;
  std::string text;
  std::uint64_t count = 0;
  std::string example;  // message id
};

struct FaultSummary {
  std::string fault;
  std::string target;
  std::string kind;
  std::string parameters;
  std::int64_t started_ns = 0;
  std::int64_t ended_ns = 0;  // 0: was not seen to end
  std::string ended_because;
};

struct InjectSummary {
  std::string inject;
  std::string node;
  std::string text;
  std::int64_t at_ns = 0;
};

struct StateSpan {
  std::string node;  // empty: the exercise itself
  std::string state;
  std::string reason;
  std::int64_t at_ns = 0;
};

struct RefusalSummary {
  std::string node;
  v1::Side side = v1::SIDE_UNSPECIFIED;
  std::string code;
  std::string field;
  std::string clause;
  std::string text;
  std::uint64_t count = 0;
  std::uint64_t damaged = 0;  // of these, units that were damaged on purpose
};

// Why messages did not arrive: one line per pair of nodes, fate and reason.
struct LossSummary {
  std::string from;
  std::string to;
  Fate fate = Fate::kUnexplained;
  std::string reason;
  std::uint64_t count = 0;
  std::vector<std::string> examples;  // message ids
};

struct LeakSummary {
  std::string message;
  std::string from;
  std::string to;
  std::string label;
  std::string reason;
  std::int64_t at_ns = 0;
};

struct Assessment {
  static constexpr int kVersion = 1;

  std::string exercise;
  std::string description;
  std::string entente_version;
  std::uint64_t seed = 0;
  bool simulated = false;
  std::string record_digest;    // hex; empty when not given
  std::int64_t started_ns = 0;  // STARTEX, else the first event
  std::int64_t ended_ns = 0;
  std::string end_reason;
  std::uint64_t events = 0;

  Judgement judgement;
  int exit_code = 3;

  std::uint64_t messages = 0;
  std::uint64_t wire_units = 0;
  std::vector<NodeSummary> nodes;
  std::vector<MatrixCell> by_node;
  std::vector<MatrixCell> by_nation;
  std::vector<ExpectationSummary> expectations;
  std::vector<FidelityCell> fidelity;
  std::map<v1::Precedence, LatencySummary> latency;
  std::map<v1::Precedence, LatencyHistogram> latency_histogram;
  std::vector<LinkSummary> links;
  std::vector<FindingSummary> findings;
  std::vector<RefusalSummary> refusals;
  std::vector<ReceptionSummary> receptions;  // of units that were damaged on purpose
  std::vector<LossSummary> losses;
  std::vector<LeakSummary> leaks;
  std::vector<FaultSummary> faults;
  std::vector<InjectSummary> injects;
  std::vector<StateSpan> states;
  std::vector<std::string> harness_faults;
};

// At any time; an unfinished run is judged as unfinished.
Assessment Assess(const Fold& fold, std::string record_digest = {});

}  // namespace entente::harness
