// SPDX-License-Identifier: Apache-2.0
#pragma once

// Everything that a run is made of before it starts: the exercise, checked, with every node set up; and what was asked on the
// command line. Both hosts take it.

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "broker/policy/release.h"
#include "entente/v1/exercise.pb.h"
#include "entente/v1/record.pb.h"
#include "harness/run/node_setup.h"

namespace entente::harness {

struct RunOptions {
  std::optional<std::uint64_t> seed;  // instead of the exercise's
  std::optional<Duration> duration;   // instead of the exercise's
  std::optional<std::uint16_t> metrics_port;
  std::vector<std::string> elsewhere{};  // nodes whose access points are a gateway's in another process
};

struct PreparedRun {
  v1::Exercise exercise;
  std::string exercise_text;            // the YAML as it was read
  std::filesystem::path exercise_file;  // relative paths in the exercise start from its folder
  std::vector<NodeSetup> setups;        // one per exercise.nodes(), in order
  std::set<std::string> elsewhere{};    // nodes that a gateway of its own hosts, not the run

  [[nodiscard]] std::filesystem::path PathOf(std::string_view relative) const {
    return exercise_file.parent_path() / std::filesystem::path(relative);
  }
};

// Reads, checks and sets up. Errors are the operator's: kNotFound, kInvalidArgument with file:line:column.
Result<PreparedRun> PrepareRunFile(const std::filesystem::path& exercise_file, const RunOptions& options);
// The same from text; tests use it.
Result<PreparedRun> PrepareRun(std::string text, const std::filesystem::path& exercise_file, const RunOptions& options);

// The same from an exercise that was read and checked before; `text` is the file that it came from.
Result<PreparedRun> PrepareExercise(v1::Exercise exercise, std::string text, const std::filesystem::path& exercise_file);

// Whether the run's process can do it: the links of a node that is hosted elsewhere are not its own. kUnsupported.
Status CheckWithinReach(const v1::FaultPlan& fault, const std::set<std::string>& elsewhere);

// The first event of the record, and the state in which each node is declared.
v1::RecordEvent RunStartedEvent(const PreparedRun& plan, bool simulated, Now now);
v1::RecordEvent NodeStateEvent(std::string_view node, v1::NodeState state, std::string_view reason, std::string_view endpoint,
                               Now now);
v1::RecordEvent ProcessFaultEvent(std::string_view component, std::string_view text, Now now);
v1::RecordEvent RunEndedEvent(std::string_view reason, Now now);

}  // namespace entente::harness
