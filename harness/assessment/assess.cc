// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <deque>
#include <map>
#include <span>
#include <tuple>

#include "harness/assessment/assessment.h"
#include "harness/assessment/expectation_judge.h"
#include "harness/assessment/fate_judge.h"
#include "harness/assessment/fold_state.h"
#include "harness/assessment/pair_sums.h"
#include "harness/assessment/sequel.h"
#include "harness/assessment/settled_pairs.h"
#include "harness/assessment/wording.h"

namespace entente::harness {
namespace {

constexpr std::size_t kReasonsNamed = 10;

// "damaged by ais.mmsi; refused, out of range": the value behind it differs from message to message, and is in the message's story.
std::string WithoutDetail(std::string reason) {
  reason.resize(std::min(reason.find(": "), reason.size()));
  return reason;
}

class Assessor {
 public:
  explicit Assessor(const Fold& fold) : state_(fold.state()), fates_(state_), sequels_(state_) {
    for (const v1::Expectation& expectation : state_.plan().exercise().expectations()) judges_.emplace_back(expectation, state_);
  }

  Assessment Assess(std::string record_digest) {
    assessment_.record_digest = std::move(record_digest);
    TakeRun();
    OpenCells();
    JudgePairs();
    for (ExpectationJudge& judge : judges_) assessment_.expectations.push_back(judge.Judge());
    TakeMatrix();
    TakeFidelity();
    TakeNodes();
    TakeHappenings();
    RollUp();
    return std::move(assessment_);
  }

 private:
  void TakeRun();
  void OpenCells();
  void JudgePairs();
  Pair JudgePair(MessageIndex index, NodeIndex to) const;
  void AddPair(Pair pair);
  [[nodiscard]] bool IsDeclared(const Pair& pair) const;
  void TakeMatrix();
  MatrixCell CellOf(const std::string& from, const std::string& to, const CellSum& sum) const;
  Judgement JudgeCell(NodePair nodes, const MatrixCell& cell);
  void TakeFidelity();
  void TakeNodes();
  void TakeHappenings();
  void TakeLosses();
  void TakeLeaks();
  void RollUp();
  void Blame(Verdict verdict, std::string reason);
  [[nodiscard]] const std::string& Name(NodeIndex node) const { return state_.plan().node(node).name(); }
  [[nodiscard]] std::string Name(MessageIndex index) const { return NameOf(state_.book().at(index), state_.plan()); }

  const FoldState& state_;
  FateJudge fates_;
  SequelBook sequels_;
  std::deque<ExpectationJudge> judges_;
  Assessment assessment_;
  PairSums sums_;
};

void Assessor::TakeRun() {
  const Happenings& happenings = state_.happenings();
  assessment_.exercise = state_.run().exercise();
  assessment_.description = state_.plan().exercise().description();
  assessment_.entente_version = state_.run().version();
  assessment_.seed = state_.run().seed();
  assessment_.simulated = state_.run().simulated();
  assessment_.started_ns = happenings.startex_ns != 0 ? happenings.startex_ns : happenings.first_ns;
  assessment_.ended_ns = happenings.last_ns;
  assessment_.end_reason = happenings.end_reason;
  assessment_.events = state_.figures().events;
}

// A cell for every pair of nodes of the plan of which one may receive from the other, said or not: an empty one is worth seeing.
void Assessor::OpenCells() {
  const auto& nodes = state_.plan().nodes();
  for (NodeIndex from = 0; from < nodes.size(); ++from) {
    for (NodeIndex to = 0; to < nodes.size(); ++to) {
      const auto& families = nodes[to].plan.receives();
      const v1::Family family = families.empty() ? v1::FAMILY_TRACK : static_cast<v1::Family>(families.Get(0));
      if (nodes[from].in_plan && state_.plan().Receives(to, from, family)) sums_.cells[{from, to}];
    }
  }
}

void Assessor::JudgePairs() {
  const auto nodes = static_cast<NodeIndex>(state_.plan().nodes().size());
  state_.book().ForEach([&](MessageIndex index, const Message& message) {
    for (NodeIndex to = 0; to < nodes; ++to) {
      if (IsPair(state_, message, to)) AddPair(JudgePair(index, to));
    }
  });
  const SettledPairs* settled = state_.settled();
  if (settled == nullptr) return;
  sums_.Add(settled->sums());
  for (std::size_t i = 0; i < judges_.size(); ++i) judges_[i].AddSettled(settled->judges()[i]);
}

Pair Assessor::JudgePair(MessageIndex index, NodeIndex to) const {
  const Message& message = state_.book().at(index);
  FateWithReason fate = fates_.Of(index, to);
  Pair pair{.message = &message,
            .index = index,
            .to = to,
            .fate = fate.fate,
            .reason = std::move(fate.reason),
            .on_purpose = fate.on_purpose};
  pair.abroad = state_.plan().node(message.origin).nation != state_.plan().node(to).nation;
  pair.age_ns = state_.happenings().last_ns - message.said_ns();
  if (const Delivery* delivery = message.Find(to)) {
    pair.leaked = delivery->leaked;
    if (delivery->understood) {
      pair.latency_ns = delivery->understood_ns() - message.said_ns();
      pair.uncertainty_ns = UncertaintyBetween(delivery->understood_at, message.said_at);
    }
    if (delivery->understood && message.stale_at_ns != 0 && delivery->understood_ns() > message.stale_at_ns) {
      pair.fate = Fate::kLate;
      pair.reason = "after its stale time";
    }
  }
  if (pair.fate == Fate::kUnsupported) pair.declared = IsDeclared(pair);
  return pair;
}

// A protocol may only say "unsupported" of what its profile does not declare.
bool Assessor::IsDeclared(const Pair& pair) const {
  const bool by_sender = pair.message->said == v1::SEND_OUTCOME_UNSUPPORTED;
  const PlannedNode& speaker = state_.plan().node(by_sender ? pair.from() : pair.to);
  if (speaker.capability == nullptr) return false;
  const adapter::FamilyCapability* family = speaker.capability->capability.Find(pair.message->family);
  return family == nullptr || !family->encodes;
}

void Assessor::AddPair(Pair pair) {
  for (ExpectationJudge& judge : judges_) {
    if (pair.fate != Fate::kUnderstood || judge.within_ns() == 0 || *pair.latency_ns <= judge.within_ns()) continue;
    if (!judge.Selects(*pair.message, pair.to)) continue;
    pair.fate = Fate::kLate;
    pair.reason = fmt::format("after more than {}", DurationText(judge.within_ns()));
  }
  for (ExpectationJudge& judge : judges_) {
    if (judge.Selects(*pair.message, pair.to)) judge.Add(pair);
  }
  sequels_.Add(pair);
  if (pair.fate == Fate::kDamaged) pair.reason = WithoutDetail(std::move(pair.reason));
  sums_.Add(pair, state_.plan());
}

MatrixCell Assessor::CellOf(const std::string& from, const std::string& to, const CellSum& sum) const {
  MatrixCell cell;
  cell.from = from;
  cell.to = to;
  cell.fates = sum.fates;
  cell.leaks = sum.leaks;
  cell.latency = sum.latencies.Summary(sum.uncertainty_ns);
  return cell;
}

Judgement Assessor::JudgeCell(NodePair nodes, const MatrixCell& cell) {
  std::optional<Judgement> sum;
  const auto add = [&](Judgement judgement) {
    if (!sum) {
      sum = std::move(judgement);
      return;
    }
    sum->verdict = Worse(sum->verdict, judgement.verdict);
    sum->reasons.insert(sum->reasons.end(), judgement.reasons.begin(), judgement.reasons.end());
  };
  for (ExpectationJudge& judge : judges_) {
    if (auto judgement = judge.JudgeCell(nodes.first, nodes.second)) add(std::move(*judgement));
  }
  if (cell.leaks > 0) add({Verdict::kLeak, {fmt::format("{} leaked", CountText(cell.leaks, "message"))}});
  if (const std::uint64_t count = cell.Count(Fate::kUnexplained); count > 0) {
    add({Verdict::kHarnessError, {fmt::format("{} unexplained", CountText(count, "message"))}});
  }
  return sum.value_or(Judgement{Verdict::kNotRun, {"no expectation speaks of it"}});
}

void Assessor::TakeMatrix() {
  std::map<NodePair, std::uint64_t> wrong;
  for (const auto& [key, count] : state_.fidelity().counts()) {
    wrong[{key.from, key.to}] += count.counts[static_cast<std::size_t>(FieldFate::kWrong)];
  }
  std::map<std::pair<std::string, std::string>, std::pair<CellSum, MatrixCell>> nations;
  for (const auto& [nodes, sum] : sums_.cells) {
    MatrixCell cell = CellOf(Name(nodes.first), Name(nodes.second), sum);
    cell.wrong_fields = wrong[nodes];
    cell.judgement = JudgeCell(nodes, cell);
    const std::string& from_nation = state_.plan().node(nodes.first).nation;
    const std::string& to_nation = state_.plan().node(nodes.second).nation;
    auto [nation, fresh] = nations.try_emplace({from_nation, to_nation});
    nation->second.first.Add(sum);
    MatrixCell& whole = nation->second.second;
    whole.wrong_fields += cell.wrong_fields;
    Judgement& judgement = whole.judgement;
    // Cells that nothing is expected of do not darken those that were judged.
    const bool idle = cell.pairs() == 0 && cell.judgement.verdict == Verdict::kNotRun;
    if (fresh || (judgement.verdict == Verdict::kNotRun && !idle)) {
      judgement.verdict = cell.judgement.verdict;
    } else if (!idle) {
      judgement.verdict = Worse(judgement.verdict, cell.judgement.verdict);
    }
    for (const std::string& reason : cell.judgement.reasons) {
      judgement.reasons.push_back(fmt::format("{} to {}: {}", cell.from, cell.to, reason));
    }
    assessment_.by_node.push_back(std::move(cell));
  }
  for (auto& [pair, sum_and_cell] : nations) {
    MatrixCell cell = CellOf(pair.first, pair.second, sum_and_cell.first);
    cell.wrong_fields = sum_and_cell.second.wrong_fields;
    cell.judgement = std::move(sum_and_cell.second.judgement);
    assessment_.by_nation.push_back(std::move(cell));
  }
  for (const auto& [precedence, sum] : sums_.precedences) {
    if (!sum.latencies.empty()) assessment_.latency[precedence] = sum.latencies.Summary(sum.uncertainty_ns);
  }
  assessment_.latency_histogram = state_.figures().latency;
}

void Assessor::TakeFidelity() {
  std::map<std::tuple<std::string, std::string, v1::Family, v1::Field>, FidelityCell> forms;
  for (const auto& [key, count] : state_.fidelity().counts()) {
    const std::string from = state_.plan().node(key.from).FormName();
    const std::string to = state_.plan().node(key.to).FormName();
    FidelityCell& cell = forms[{from, to, key.family, key.field}];
    cell.from_form = from;
    cell.to_form = to;
    cell.family = key.family;
    cell.field = key.field;
    for (std::size_t fate = 0; fate < kFieldFates; ++fate) cell.counts[fate] += count.counts[fate];
    cell.worst_error = std::max(cell.worst_error, count.worst_error);
    cell.allowed_error = std::max(cell.allowed_error, count.allowed_error);
    if (cell.example.empty() && count.example != kNoMessage) {
      cell.example = fmt::format("{}: {}", Name(count.example), DescribeWrong(key.field, count));
    }
  }
  for (auto& [key, cell] : forms) assessment_.fidelity.push_back(std::move(cell));
}

void Assessor::TakeNodes() {
  const Figures& figures = state_.figures();
  std::map<std::string, NodeSummary> summaries;
  for (NodeIndex index = 0; index < state_.plan().nodes().size(); ++index) {
    const PlannedNode& node = state_.plan().node(index);
    NodeSummary& summary = summaries[node.name()];
    summary.node = node.name();
    summary.nation = node.nation;
    summary.protocol = node.plan.protocol();
    summary.form = node.form;
    summary.external = node.external();
    summary.recording = node.recording();
    summary.ever_active = state_.happenings().EverActive(index);
    if (const auto found = figures.nodes.find(node.name()); found != figures.nodes.end()) summary.state = found->second.state;
  }
  for (const auto& [key, count] : figures.composed) summaries[key.node].messages_composed += count;
  for (const auto& [key, count] : figures.ingested) summaries[key.node].messages_ingested += count;
  for (const auto& [key, count] : figures.understood) summaries[key.node].messages_understood += count;
  for (auto& [name, summary] : summaries) assessment_.nodes.push_back(std::move(summary));
}

void Assessor::TakeHappenings() {
  const Happenings& happenings = state_.happenings();
  assessment_.messages = state_.book().settled();
  state_.book().ForEach([&](MessageIndex, const Message& message) { assessment_.messages += message.origin != kNoNode ? 1 : 0; });
  for (const auto& [side, link] : happenings.links) {
    assessment_.links.push_back(link);
    assessment_.wire_units += link.units;
  }
  assessment_.findings = happenings.findings();
  assessment_.refusals = happenings.refusals();
  assessment_.faults = happenings.faults;
  assessment_.injects = happenings.injects;
  assessment_.states = happenings.states;
  assessment_.harness_faults = happenings.harness_faults();
  sequels_.Close();
  assessment_.receptions = JudgeReceptions(state_, sequels_);
  TakeLosses();
  TakeLeaks();
}

void Assessor::TakeLosses() {
  for (const auto& [key, sum] : sums_.losses) {
    const auto& [from, to, fate, reason] = key;
    LossSummary& loss = assessment_.losses.emplace_back(Name(from), Name(to), fate, reason, sum.count, std::vector<std::string>{});
    for (const auto& [index, name] : sum.examples) loss.examples.push_back(name);
  }
  std::ranges::stable_sort(assessment_.losses, std::greater{}, &LossSummary::count);
}

void Assessor::TakeLeaks() {
  for (const Leak& leak : state_.leaks()) {
    const Message& message = state_.book().at(leak.message);
    assessment_.leaks.push_back({Name(leak.message), Name(message.origin), Name(leak.to), LabelMarking(state_.LabelOf(message)),
                                 state_.texts().At(leak.reason), leak.at_ns});
  }
}

void Assessor::Blame(Verdict verdict, std::string reason) {
  Judgement& judgement = assessment_.judgement;
  judgement.verdict = Worse(judgement.verdict, verdict);
  if (judgement.reasons.size() < kReasonsNamed) judgement.reasons.push_back(std::move(reason));
}

void Assessor::RollUp() {
  Judgement& whole = assessment_.judgement;
  const auto& expectations = assessment_.expectations;
  whole.verdict = expectations.empty() ? Verdict::kNotRun : expectations.front().judgement.verdict;
  if (expectations.empty()) whole.reasons.emplace_back("the exercise expects nothing, so that nothing was shown");
  if (!assessment_.leaks.empty()) {
    const LeakSummary& first = assessment_.leaks.front();
    Blame(Verdict::kLeak,
          fmt::format("{} leaked; the first: {} of {} ({}) to {}: {}", CountText(assessment_.leaks.size(), "message"),
                      first.message, first.from, first.label, first.to, first.reason));
  }
  for (const LossSummary& loss : assessment_.losses) {
    if (loss.fate != Fate::kUnexplained) continue;
    Blame(Verdict::kHarnessError, fmt::format("{} from {} to {} unexplained: {} ({})", CountText(loss.count, "message"), loss.from,
                                              loss.to, loss.reason, loss.examples.front()));
  }
  for (const std::string& fault : assessment_.harness_faults) Blame(Verdict::kHarnessError, fault);
  if (!state_.happenings().ended) Blame(Verdict::kHarnessError, "the record does not say that the run ended");
  for (const ExpectationSummary& expectation : expectations) {
    const Judgement& judgement = expectation.judgement;
    whole.verdict = Worse(whole.verdict, judgement.verdict);
    if (judgement.verdict == Verdict::kPass) continue;
    const std::span named(judgement.reasons.begin(), std::min<std::size_t>(judgement.reasons.size(), 2));
    Blame(judgement.verdict, fmt::format("{} is {}: {}", expectation.id, VerdictName(judgement.verdict), fmt::join(named, "; ")));
  }
  if (whole.reasons.empty()) whole.reasons.push_back(fmt::format("{} met", CountText(expectations.size(), "expectation")));
  assessment_.exit_code = ExitCode(whole.verdict);
}

}  // namespace

std::uint64_t MatrixCell::Count(Fate fate) const {
  const auto found = fates.find(fate);
  return found == fates.end() ? 0 : found->second;
}

std::uint64_t MatrixCell::pairs() const {
  std::uint64_t sum = 0;
  for (const auto& [fate, count] : fates) sum += count;
  return sum;
}

Assessment Assess(const Fold& fold, std::string record_digest) {
  return Assessor(fold).Assess(std::move(record_digest));
}

}  // namespace entente::harness
