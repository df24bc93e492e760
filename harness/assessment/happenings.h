// SPDX-License-Identifier: Apache-2.0
#pragma once

// What happened around the messages: states of the exercise and of nodes, faults, injects, decisions of links, refused and damaged
// units, findings, errors of ours. The fold writes, the judges read.

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "entente/v1/record.pb.h"
#include "harness/assessment/assessment.h"
#include "harness/assessment/message_book.h"
#include "harness/assessment/run_plan.h"
#include "harness/assessment/unit_chain.h"

namespace entente::harness {

struct NodeChange {
  std::int64_t at_ns = 0;
  v1::NodeState state = v1::NODE_STATE_UNSPECIFIED;
  v1::Side side = v1::SIDE_UNSPECIFIED;
  TextId reason = kNoText;
};

struct Attachment {
  std::int64_t at_ns = 0;
  bool attached = false;
};

struct LinkLoss {
  std::int64_t at_ns = 0;
  TextId rule = kNoText;
};

struct DamagedUnit {
  std::int64_t at_ns = 0;
  NodeIndex node = kNoNode;
  v1::Direction direction = v1::DIRECTION_UNSPECIFIED;
  TextId rule = kNoText;
  TextId clause = kNoText;
  TextId fault = kNoText;
  TextId expected = kNoText;
  MessageIndex message = kNoMessage;
  UnitId before;
  UnitId unit;  // as it went on
  bool refused = false;
  bool understood = false;
};

using LinkSide = std::pair<NodeIndex, v1::Direction>;

class Happenings {
 public:
  // Of each kind; later ones are only counted.
  static constexpr std::size_t kRemembered = 1'000'000;
  static constexpr std::size_t kDifferentFindings = 1'000;
  static constexpr std::size_t kHarnessFaults = 100;

  std::int64_t first_ns = 0;
  std::int64_t last_ns = 0;
  std::int64_t startex_ns = 0;
  std::int64_t endex_ns = 0;
  bool started = false;  // reached RUNNING
  bool aborted = false;
  bool ended = false;  // RunEnded was seen
  std::string end_reason;
  std::string abort_reason;
  std::vector<StateSpan> states;
  std::vector<std::pair<std::int64_t, std::int64_t>> pauses;  // to 0: still paused

  std::map<NodeIndex, std::vector<NodeChange>> node_changes;
  std::map<NodeIndex, std::vector<Attachment>> attachments;
  std::map<LinkSide, std::vector<LinkLoss>> losses;
  std::map<LinkSide, LinkSummary> links;
  std::vector<FaultSummary> faults;
  std::vector<InjectSummary> injects;
  std::vector<DamagedUnit> damaged;
  std::map<LinkSide, std::int64_t> first_damage_ns;

  // Time of the exercise between two moments: pauses do not count.
  [[nodiscard]] std::int64_t ExerciseTimeNs(std::int64_t from_ns, std::int64_t to_ns) const;
  [[nodiscard]] const FaultSummary* FindFault(std::string_view id) const;
  [[nodiscard]] bool AttachedAt(NodeIndex node, std::int64_t at_ns) const;
  // Until when what breaks is not the run's own taking down.
  [[nodiscard]] std::int64_t judged_until_ns() const { return endex_ns != 0 ? endex_ns : last_ns; }
  [[nodiscard]] bool EverActive(NodeIndex node) const;

  void AddFinding(const std::string& node, const v1::Finding& finding, const std::string& message);
  void AddRefusal(const std::string& node, v1::Side side, const v1::Refusal& refusal, bool damaged_on_purpose);
  void AddHarnessFault(std::string text);

  [[nodiscard]] std::vector<FindingSummary> findings() const;
  [[nodiscard]] std::vector<RefusalSummary> refusals() const;
  [[nodiscard]] const std::vector<std::string>& harness_faults() const { return harness_faults_; }
  [[nodiscard]] std::uint64_t harness_fault_count() const { return harness_fault_count_; }

 private:
  using FindingKey = std::tuple<std::string, int, std::string, std::string>;                 // node, severity, field, clause
  using RefusalKeyOf = std::tuple<std::string, int, std::string, std::string, std::string>;  // node, side, code, field, clause
  std::map<FindingKey, FindingSummary> findings_;
  std::map<RefusalKeyOf, RefusalSummary> refusals_;
  std::vector<std::string> harness_faults_;
  std::uint64_t harness_fault_count_ = 0;
};

}  // namespace entente::harness
