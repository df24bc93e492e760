// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/happenings.h"

#include <algorithm>

namespace entente::harness {

std::int64_t Happenings::ExerciseTimeNs(std::int64_t from_ns, std::int64_t to_ns) const {
  std::int64_t elapsed = to_ns - from_ns;
  for (const auto& [pause_from, pause_to] : pauses) {
    const std::int64_t overlap = std::min(to_ns, pause_to == 0 ? to_ns : pause_to) - std::max(from_ns, pause_from);
    if (overlap > 0) elapsed -= overlap;
  }
  return elapsed;
}

const FaultSummary* Happenings::FindFault(std::string_view id) const {
  const auto found = std::ranges::find(faults, id, &FaultSummary::fault);
  return found == faults.end() ? nullptr : &*found;
}

bool Happenings::AttachedAt(NodeIndex node, std::int64_t at_ns) const {
  const auto found = attachments.find(node);
  if (found == attachments.end()) return false;
  bool attached = false;
  for (const Attachment& change : found->second) {
    if (change.at_ns > at_ns) break;
    attached = change.attached;
  }
  return attached;
}

bool Happenings::EverActive(NodeIndex node) const {
  const auto found = node_changes.find(node);
  return found != node_changes.end() && std::ranges::any_of(found->second, [](const NodeChange& change) {
           return change.state == v1::NODE_STATE_ACTIVE || change.state == v1::NODE_STATE_CONNECTED ||
                  change.state == v1::NODE_STATE_NEGOTIATED;
         });
}

void Happenings::AddFinding(const std::string& node, const v1::Finding& finding, const std::string& message) {
  FindingKey key{node, finding.severity(), finding.field(), finding.clause()};
  const auto found = findings_.find(key);
  if (found != findings_.end()) {
    ++found->second.count;
  } else if (findings_.size() < kDifferentFindings) {
    findings_.emplace(std::move(key),
                      FindingSummary{node, finding.severity(), finding.field(), finding.clause(), finding.text(), 1, message});
  }
}

void Happenings::AddRefusal(const std::string& node, v1::Side side, const v1::Refusal& refusal, bool damaged_on_purpose) {
  RefusalKeyOf key{node, side, refusal.code(), refusal.field(), refusal.clause()};
  auto found = refusals_.find(key);
  if (found == refusals_.end()) {
    if (refusals_.size() >= kDifferentFindings) return;
    RefusalSummary first{node, side, refusal.code(), refusal.field(), refusal.clause(), refusal.text(), 0, 0};
    found = refusals_.emplace(std::move(key), std::move(first)).first;
  }
  ++found->second.count;
  found->second.damaged += damaged_on_purpose ? 1 : 0;
}

void Happenings::AddHarnessFault(std::string text) {
  ++harness_fault_count_;
  if (harness_faults_.size() < kHarnessFaults) harness_faults_.push_back(std::move(text));
}

std::vector<FindingSummary> Happenings::findings() const {
  std::vector<FindingSummary> all;
  all.reserve(findings_.size());
  for (const auto& [key, finding] : findings_) all.push_back(finding);
  std::ranges::stable_sort(all, [](const auto& a, const auto& b) { return a.severity > b.severity; });
  return all;
}

std::vector<RefusalSummary> Happenings::refusals() const {
  std::vector<RefusalSummary> all;
  all.reserve(refusals_.size());
  for (const auto& [key, refusal] : refusals_) all.push_back(refusal);
  return all;
}

}  // namespace entente::harness
