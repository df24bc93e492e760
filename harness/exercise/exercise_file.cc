// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/exercise_file.h"

#include <fmt/format.h>

#include "harness/exercise/cross_check.h"
#include "harness/exercise/quantity.h"
#include "harness/exercise/read_sections.h"
#include "harness/exercise/shape_check.h"
#include "harness/exercise/yaml_bounds.h"

namespace entente::harness {
namespace {

using std::chrono_literals::operator""min;
using std::chrono_literals::operator""s;

constexpr Duration kDrain = 2s;
constexpr Duration kAwaitExternal = 2min;
constexpr std::int64_t kSeed = 1;
constexpr std::string_view kVersion = "1";
// 2026-01-01T00:00:00Z
constexpr UtcTime kStart = std::chrono::sys_days(std::chrono::January / 1 / 2026);

v1::Exercise Read(const Section& file, AdapterList adapters) {
  v1::Exercise exercise;
  exercise.set_version(1);
  exercise.set_name(file.Text("name"));
  exercise.set_description(file.Text("description"));
  exercise.set_seed(static_cast<std::uint64_t>(file.Value("seed", &ParseInteger, kSeed)));
  exercise.set_duration_ns(file.Value("duration", &ParseDuration).count());
  exercise.set_start_ns(ToNanoseconds(file.Value("start", &ParseUtc, ParsedUtc{.time = kStart}).time));
  exercise.set_drain_ns(file.Value("drain", &ParseDuration, kDrain).count());
  exercise.set_await_external_ns(file.Value("await-external", &ParseDuration, Duration(kAwaitExternal)).count());
  exercise.set_metrics_port(static_cast<std::uint32_t>(file.Value("metrics-port", &ParseInteger)));
  if (file.Has("bus")) *exercise.mutable_bus() = ReadBus(file.Sub("bus"));
  *exercise.mutable_policy() = ReadPolicy(file);
  const std::string policy = exercise.policy().name();
  for (const auto& [nation, node] : file.Sub("nations").items()) {
    for (const auto& [name, plan] : Section(node).Sub("nodes").items()) {
      *exercise.add_nodes() = ReadNode(nation, name, Section(plan), policy, adapters);
    }
  }
  for (const auto& [id, node] : file.Sub("injects").items()) *exercise.add_injects() = ReadInject(id, Section(node), policy);
  for (const auto& [id, node] : file.Sub("faults").items()) *exercise.add_faults() = ReadFault(id, Section(node));
  for (const auto& [id, node] : file.Sub("expectations").items()) {
    *exercise.add_expectations() = ReadExpectation(id, Section(node));
  }
  return exercise;
}

// A file of another version has other keys: nothing else is worth saying about it.
bool CheckVersion(const YAML::Node& root, Problems& problems) {
  const YAML::Node version = Section(root).At("version");
  if (!version.IsScalar() || version.Scalar() == kVersion) return true;
  problems.Add(ErrorCode::kUnsupported, Place{version.Mark(), "version"},
               fmt::format("this build reads version {} of exercise files, not \"{}\"", kVersion, version.Scalar()),
               "take a build that knows it, or write the file anew in version 1");
  return false;
}

void CheckAll(const v1::Exercise& exercise, AdapterList adapters, const YAML::Node& root, Problems& problems) {
  const Places places(root);
  if (Section(root).Has("duration") && exercise.duration_ns() <= 0) {
    problems.Add(ErrorCode::kInvalidArgument, places.Of("duration"), "is zero", "write a duration above zero");
  }
  CheckPolicyRules(exercise, places, problems);
  CheckNodes(exercise, adapters, places, problems);
  CheckPorts(exercise, places, problems);
  CheckBus(exercise, places, problems);
  CheckInjects(exercise, places, problems);
  CheckFaults(exercise, adapters, places, problems);
  CheckExpectations(exercise, places, problems);
}

std::expected<v1::Exercise, std::vector<Error>> ReadParsed(const YAML::Node& root, Problems& problems, AdapterList adapters) {
  if (!root.IsMap()) {
    problems.Add(ErrorCode::kInvalidArgument, {root.Mark(), {}}, "this is not an exercise file", "begin it with \"version: 1\"");
    return std::unexpected(problems.InOrder());
  }
  if (!CheckVersion(root, problems)) return std::unexpected(problems.InOrder());
  CheckShape(root, ExerciseShape(), {root.Mark(), {}}, problems);
  // What has not even the right form would only give misleading answers further on.
  if (!problems.empty()) return std::unexpected(problems.InOrder());
  v1::Exercise exercise = Read(Section(root), adapters);
  CheckAll(exercise, adapters, root, problems);
  if (!problems.empty()) return std::unexpected(problems.InOrder());
  return exercise;
}

}  // namespace

std::expected<v1::Exercise, std::vector<Error>> ReadExercise(std::string_view yaml, std::string_view file_name,
                                                             AdapterList adapters) {
  Problems problems(file_name);
  if (yaml.size() > kExerciseFileOctets) {
    problems.Add(ErrorCode::kExhausted, {YAML::Mark::null_mark(), {}},
                 fmt::format("has {} octets, more than the {} that are read", yaml.size(), kExerciseFileOctets),
                 "is this really an exercise file?");
    return std::unexpected(problems.InOrder());
  }
  try {
    const std::string text(yaml);
    if (const auto excess = FindYamlExcess(text)) {
      problems.Add(ErrorCode::kExhausted, {excess->mark, {}}, excess->what, "is this really an exercise file?");
      return std::unexpected(problems.InOrder());
    }
    const std::vector<YAML::Node> documents = YAML::LoadAll(text);
    if (documents.size() > 1) {
      problems.Add(ErrorCode::kInvalidArgument, {documents[1].Mark(), {}}, "a second document begins here",
                   "one file is one exercise: remove the line \"---\"");
      return std::unexpected(problems.InOrder());
    }
    return ReadParsed(documents.empty() ? YAML::Node() : documents.front(), problems, adapters);
  } catch (const YAML::Exception& error) {
    problems.Add(ErrorCode::kInvalidArgument, {error.mark, {}}, "is not YAML here: " + error.msg,
                 "look for indentation, a missing quote or a missing ':'");
    return std::unexpected(problems.InOrder());
  }
}

Result<v1::Exercise> LoadExercise(std::string_view yaml, std::string_view file_name) {
  auto exercise = ReadExercise(yaml, file_name, adapter::Adapters());
  if (exercise) return *std::move(exercise);
  const std::vector<Error>& problems = exercise.error();
  if (problems.size() == 1) return std::unexpected(problems.front());
  std::string lines = fmt::format("{} problems:", problems.size());
  for (const Error& problem : problems) lines += "\n  " + problem.Text();
  return Fail(problems.front().code, std::move(lines), std::string(file_name));
}

}  // namespace entente::harness
