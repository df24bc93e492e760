// SPDX-License-Identifier: Apache-2.0
#include "harness/run/prepared_run.h"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>
#include <utility>

#include "base/digest.h"
#include "base/io/files.h"
#include "harness/exercise/exercise_file.h"
#include "harness/run/message_probe.h"
#include "harness/run/version.h"

namespace entente::harness {
namespace {

v1::RecordEvent EventAt(Now now) {
  v1::RecordEvent event;
  event.set_utc_ns(ToNanoseconds(now.utc));
  return event;
}

// Maps in key order: protobuf's own order differs from one copy to the next, and the record must not.
std::string InKeyOrder(const v1::Exercise& exercise) {
  std::string octets;
  google::protobuf::io::StringOutputStream stream(&octets);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  exercise.SerializeToCodedStream(&coded);
  coded.Trim();
  return octets;
}

void Apply(const RunOptions& options, v1::Exercise& exercise) {
  if (options.seed) exercise.set_seed(*options.seed);
  if (options.duration) exercise.set_duration_ns(options.duration->count());
  if (options.metrics_port) exercise.set_metrics_port(*options.metrics_port);
}

// A gateway only joins systems to the bus: what is simulated lives in the run.
Status CheckElsewhere(const v1::Exercise& exercise, const std::set<std::string>& elsewhere, const std::string& file) {
  for (const std::string& name : elsewhere) {
    const auto node = std::ranges::find(exercise.nodes(), name, &v1::NodePlan::node);
    if (node == exercise.nodes().end())
      return Fail(ErrorCode::kNotFound, fmt::format("the exercise has no node \"{}\"", name), file);
    if (!node->external()) {
      return Fail(ErrorCode::kInvalidArgument, fmt::format("{} is no external node", name), file,
                  "only real systems are hosted elsewhere: leave it to the run, or say `external: true`");
    }
  }
  for (const v1::FaultPlan& fault : exercise.faults()) {
    if (Status within = CheckWithinReach(fault, elsewhere); !within) return within;
  }
  return {};
}

}  // namespace

Status CheckWithinReach(const v1::FaultPlan& fault, const std::set<std::string>& elsewhere) {
  if (ActsOnMessages(fault) || !elsewhere.contains(fault.node())) return {};
  return Fail(ErrorCode::kUnsupported,
              fmt::format("{} is hosted by a gateway elsewhere, and its links are not the run's", fault.node()),
              "fault " + fault.id(), "take a fault of messages or a partition, or let the run host the node");
}

Result<PreparedRun> PrepareRunFile(const std::filesystem::path& exercise_file, const RunOptions& options) {
  auto content = ReadFile(exercise_file, kExerciseFileOctets);
  if (!content) return std::unexpected(content.error());
  return PrepareRun(ToText(*content), exercise_file, options);
}

Result<PreparedRun> PrepareRun(std::string text, const std::filesystem::path& exercise_file, const RunOptions& options) {
  auto exercise = LoadExercise(text, exercise_file.string());
  if (!exercise) return std::unexpected(exercise.error());
  Apply(options, *exercise);
  std::set<std::string> elsewhere(options.elsewhere.begin(), options.elsewhere.end());
  if (Status fits = CheckElsewhere(*exercise, elsewhere, exercise_file.string()); !fits) return std::unexpected(fits.error());
  auto plan = PrepareExercise(*std::move(exercise), std::move(text), exercise_file);
  if (plan) plan->elsewhere = std::move(elsewhere);
  return plan;
}

Result<PreparedRun> PrepareExercise(v1::Exercise exercise, std::string text, const std::filesystem::path& exercise_file) {
  PreparedRun plan{.exercise = std::move(exercise), .exercise_text = std::move(text), .exercise_file = exercise_file, .setups = {}};
  for (const v1::NodePlan& node : plan.exercise.nodes()) {
    auto setup = SetUpNode(node);
    if (!setup) return std::unexpected(setup.error());
    plan.setups.push_back(*std::move(setup));
  }
  return plan;
}

v1::RecordEvent RunStartedEvent(const PreparedRun& plan, bool simulated, Now now) {
  v1::RecordEvent event = EventAt(now);
  auto& started = *event.mutable_run_started();
  started.set_exercise(plan.exercise.name());
  started.set_seed(plan.exercise.seed());
  started.set_version(std::string(kVersion));
  started.set_exercise_file(plan.exercise_text);
  const Digest digest = Sha256(AsBytes(plan.exercise_text));
  started.set_exercise_file_sha256(digest.data(), digest.size());
  started.set_plan(InKeyOrder(plan.exercise));
  started.set_simulated(simulated);
  return event;
}

v1::RecordEvent NodeStateEvent(std::string_view node, v1::NodeState state, std::string_view reason, std::string_view endpoint,
                               Now now) {
  v1::RecordEvent event = EventAt(now);
  auto& changed = *event.mutable_node_state_changed();
  changed.set_node(std::string(node));
  changed.set_state(state);
  changed.set_reason(std::string(reason));
  changed.set_endpoint(std::string(endpoint));
  changed.set_side(v1::SIDE_GATEWAY);
  return event;
}

v1::RecordEvent ProcessFaultEvent(std::string_view component, std::string_view text, Now now) {
  v1::RecordEvent event = EventAt(now);
  event.mutable_process_fault()->set_component(std::string(component));
  event.mutable_process_fault()->set_text(std::string(text));
  return event;
}

v1::RecordEvent RunEndedEvent(std::string_view reason, Now now) {
  v1::RecordEvent event = EventAt(now);
  event.mutable_run_ended()->set_reason(std::string(reason));
  return event;
}

}  // namespace entente::harness
