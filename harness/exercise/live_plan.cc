// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/live_plan.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/exercise/cross_check.h"
#include "harness/exercise/exercise_file.h"
#include "harness/exercise/impairments.h"
#include "harness/exercise/shape_check.h"
#include "harness/exercise/yaml_bounds.h"

namespace entente::harness {
namespace {

// All of them in one, as LoadExercise has it.
Status AsStatus(const Problems& problems) {
  const std::vector<Error> found = problems.InOrder();
  if (found.empty()) return {};
  if (found.size() == 1) return std::unexpected(found.front());
  std::string lines = fmt::format("{} problems:", found.size());
  for (const Error& problem : found) lines += "\n  " + problem.Text();
  return Fail(found.front().code, std::move(lines));
}

Result<YAML::Node> Parse(std::string_view yaml, std::string_view file_name, const Shape& shape) {
  Problems problems(file_name);
  YAML::Node root;
  try {
    const std::string text(yaml);
    if (const auto excess = FindYamlExcess(text)) {
      problems.Add(ErrorCode::kExhausted, {excess->mark, {}}, excess->what, "say it shorter");
    } else {
      root = YAML::Load(text);
      CheckShape(root, shape, {root.Mark(), {}}, problems);
    }
  } catch (const YAML::Exception& error) {
    problems.Add(ErrorCode::kInvalidArgument, {error.mark, {}}, "is not YAML here: " + error.msg,
                 "write it as in an exercise file, such as \"{latency: 120 ms}\"");
  }
  if (Status good = AsStatus(problems); !good) return std::unexpected(good.error());
  return root;
}

Status CheckId(std::string_view id) {
  constexpr std::size_t kLongest = 64;
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  if (!id.empty() && id.size() <= kLongest && std::ranges::all_of(id, fits)) return {};
  return Fail(ErrorCode::kInvalidArgument, "it needs a name of a-z, 0-9 and '-', of at most 64 octets", {}, "choose another name");
}

bool IsShare(double value) {
  return value >= 0 && value <= 1;  // false for what is no number
}

// Kinds and settings, as shape_check has them of the text of a file.
Status CheckChains(const v1::FaultPlan& fault) {
  for (const ImpairmentList& chain : {fault.impairments().impairments(), fault.messages().impairments()}) {
    if (const auto made = ChainOf(chain); !made) return std::unexpected(made.error());
  }
  if (const auto made = ChainOf(fault.conditions()); !made) return std::unexpected(made.error());
  return {};
}

// What the text of an exercise file cannot say, and a client can.
Status CheckRanges(const v1::Exercise& exercise, const v1::FaultPlan& fault) {
  const v1::LinkConditions& conditions = fault.conditions();
  const std::int64_t longest = exercise.duration_ns();
  const auto within = [&](std::int64_t ns) { return ns >= 0 && ns <= longest; };
  if (!within(fault.at_ns()) || !within(fault.lease_ns())) {
    return Fail(ErrorCode::kInvalidArgument, "its time and its lease must lie within the exercise", "fault " + fault.id(),
                "give it a lease that ends before ENDEX");
  }
  if (!IsShare(fault.damage().share()) || !IsShare(conditions.loss()) || !within(conditions.latency_ns()) ||
      !within(conditions.jitter_ns())) {
    return Fail(ErrorCode::kInvalidArgument, "a share lies between 0 and 1, a duration within the exercise", "fault " + fault.id(),
                "correct it");
  }
  return {};
}

// The exercise with this one plan in place of its own, since the others were checked.
v1::Exercise WithoutPlans(const v1::Exercise& exercise) {
  v1::Exercise alone = exercise;
  alone.clear_faults();
  alone.clear_injects();
  alone.clear_expectations();
  return alone;
}

std::string WantedOf(const Shape& shape) {
  if (shape.kind == ShapeKind::kEither) {
    std::vector<std::string> wanted;
    for (const Shape* each : shape.alternatives) wanted.push_back(WantedOf(*each));
    return fmt::format("{}", fmt::join(wanted, "; or "));
  }
  return shape.words.empty() ? shape.wanted : fmt::format("{}", fmt::join(shape.words, ", "));
}

// The mapping that a value may be; nullptr when it is none.
const Shape* MappingIn(const Shape& shape) {
  if (shape.kind == ShapeKind::kMapping) return &shape;
  for (const Shape* each : shape.alternatives) {
    if (const Shape* found = MappingIn(*each)) return found;
  }
  return nullptr;
}

v1::FaultSetting SettingOf(const Key& key) {
  v1::FaultSetting setting;
  setting.set_name(std::string(key.name));
  setting.set_wanted(WantedOf(*key.shape));
  setting.set_summary(std::string(key.description) + (key.required ? " (required)" : ""));
  return setting;
}

}  // namespace

Result<v1::FaultPlan> ReadLiveFault(std::string_view yaml, std::string_view file_name) {
  const auto root = Parse(yaml, file_name, LiveFaultShape());
  if (!root) return std::unexpected(root.error());
  return ReadFault({}, Section(*root));
}

Result<v1::Inject> ReadLiveInject(std::string_view yaml, std::string_view file_name) {
  const auto root = Parse(yaml, file_name, LiveInjectShape());
  if (!root) return std::unexpected(root.error());
  return ReadInject({}, Section(*root), {});
}

Status CheckLiveFault(const v1::Exercise& exercise, const v1::FaultPlan& fault, AdapterList adapters) {
  if (Status named = CheckId(fault.id()); !named) return named;
  if (fault.kind_case() == v1::FaultPlan::KIND_NOT_SET) {
    return Fail(ErrorCode::kInvalidArgument, "it does not say what goes wrong", "fault " + fault.id(),
                "give it one of the kinds that `entente fault list --kinds` shows");
  }
  if (Status sane = CheckRanges(exercise, fault); !sane) return sane;
  if (Status sound = CheckChains(fault); !sound) return sound;
  v1::Exercise alone = WithoutPlans(exercise);
  *alone.add_faults() = fault;
  Problems problems("the fault");
  CheckFaults(alone, adapters, Places(YAML::Node()), problems);
  return AsStatus(problems);
}

Status CheckLiveInject(const v1::Exercise& exercise, v1::Inject& inject) {
  if (Status named = CheckId(inject.id()); !named) return named;
  if (inject.has_label() && inject.label().policy().empty()) inject.mutable_label()->set_policy(exercise.policy().name());
  if (inject.action_case() == v1::Inject::ACTION_NOT_SET) {
    return Fail(ErrorCode::kInvalidArgument, "it does not say what is to be done", "inject " + inject.id(),
                "give it a chat, an alert, a weapon or a control");
  }
  v1::Exercise alone = WithoutPlans(exercise);
  *alone.add_injects() = inject;
  Problems problems("the inject");
  if (FindNode(exercise, inject.node()) == nullptr) {
    problems.AddUnknown({YAML::Mark::null_mark(), {}}, fmt::format("there is no node \"{}\"", inject.node()), inject.node(),
                        NodeNames(exercise));
  } else {
    CheckInjects(alone, Places(YAML::Node()), problems);
  }
  return AsStatus(problems);
}

namespace {

v1::FaultKind KindOf(const ImpairmentKind& impairment) {
  v1::FaultKind kind;
  kind.set_name(std::string(impairment.name));
  kind.set_summary(std::string(impairment.summary) + ", in \"impairments\"");
  for (const Parameter& parameter : impairment.parameters) {
    v1::FaultSetting& setting = *kind.add_settings();
    setting.set_name(std::string(parameter.name));
    setting.set_wanted(WantedOf(parameter));
    setting.set_summary(std::string(parameter.description) + (parameter.required ? " (required)" : ""));
  }
  return kind;
}

}  // namespace

std::vector<v1::FaultKind> FaultKinds() {
  const Shape& fault = LiveFaultShape();
  std::vector<v1::FaultKind> kinds;
  for (const Key& key : fault.keys) {
    if (std::ranges::find(fault.exactly_one_of, key.name) == fault.exactly_one_of.end()) continue;
    v1::FaultKind& kind = kinds.emplace_back();
    kind.set_name(std::string(key.name));
    kind.set_summary(std::string(key.description));
    const Shape* mapping = MappingIn(*key.shape);
    if (mapping == nullptr) {
      *kind.add_settings() = SettingOf(key);
    } else {
      for (const Key& setting : mapping->keys) *kind.add_settings() = SettingOf(setting);
    }
  }
  for (const ImpairmentKind* impairment : ImpairmentKinds()) kinds.push_back(KindOf(*impairment));
  return kinds;
}

}  // namespace entente::harness
