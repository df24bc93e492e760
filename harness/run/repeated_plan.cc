// SPDX-License-Identifier: Apache-2.0
#include "harness/run/repeated_plan.h"

#include <algorithm>

namespace entente::harness {
namespace {

template <typename Plans>
auto Find(Plans* plans, const std::string& id) {
  return std::ranges::find(*plans, id, [](const auto& plan) { return plan.id(); });
}

}  // namespace

void RepeatedPlan::Take(const v1::RecordEvent& event) {
  if (event.has_run_started() && !begun_) return Begin(event.run_started());
  if (event.has_command_given() && event.command_given().refused().empty()) Apply(event.command_given());
}

void RepeatedPlan::Begin(const v1::RunStarted& started) {
  begun_ = true;
  text_ = started.exercise_file();
  simulated_ = started.simulated();
  if (!exercise_.ParseFromString(started.plan())) trouble_ = "its plan is no exercise of this version";
}

Status RepeatedPlan::readable() const {
  if (begun_ && trouble_.empty()) return {};
  return Fail(ErrorCode::kDataLoss, begun_ ? trouble_ : "the record does not say how the run began", {},
              "was it written by a broker of its own, or by another version of Entente?");
}

void RepeatedPlan::Apply(const v1::CommandGiven& given) {
  const std::int64_t at_ns = given.exercise_time_ns();
  bool understood = true;
  if (given.command() == "add fault") {
    v1::AddFaultRequest request;
    understood = request.ParseFromString(given.request());
    *exercise_.add_faults() = request.fault();
  } else if (given.command() == "clear faults") {
    v1::ClearFaultsRequest request;
    understood = request.ParseFromString(given.request());
    Clear(request, at_ns);
  } else if (given.command() == "fire inject") {
    v1::FireInjectRequest request;
    understood = request.ParseFromString(given.request());
    Fire(request, at_ns);
  } else if (given.command() == "stop") {
    exercise_.set_duration_ns(std::clamp<std::int64_t>(at_ns, 1, exercise_.duration_ns()));
  } else {
    return;  // a pause, or what somebody observed
  }
  if (!understood) trouble_ = "the command \"" + given.command() + "\" in it is of another version";
  ++commands_;
}

// An active fault ends there, a planned one never begins.
void RepeatedPlan::Clear(const v1::ClearFaultsRequest& request, std::int64_t at_ns) {
  auto& faults = *exercise_.mutable_faults();
  for (auto fault = faults.begin(); fault != faults.end();) {
    const bool active = fault->at_ns() <= at_ns && at_ns < fault->at_ns() + fault->lease_ns();
    const bool named = std::ranges::find(request.faults(), fault->id()) != request.faults().end();
    const bool ends = request.all() ? active : named;
    if (ends && active && at_ns > fault->at_ns()) fault->set_lease_ns(at_ns - fault->at_ns());
    const bool never = ends && (!active || at_ns == fault->at_ns());
    fault = never ? faults.erase(fault) : std::next(fault);
  }
}

void RepeatedPlan::Fire(const v1::FireInjectRequest& request, std::int64_t at_ns) {
  if (request.has_added()) {
    *exercise_.add_injects() = request.added();
    return;
  }
  const auto planned = Find(exercise_.mutable_injects(), request.planned());
  if (planned != exercise_.mutable_injects()->end()) planned->set_at_ns(at_ns);
}

}  // namespace entente::harness
