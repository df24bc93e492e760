// SPDX-License-Identifier: Apache-2.0
#include "harness/control/commands.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <tuple>
#include <utility>

#include "adapters/api/registry.h"
#include "harness/exercise/live_plan.h"
#include "harness/exercise/quantity.h"
#include "harness/exercise/timeline.h"
#include "harness/run/prepared_run.h"
#include "harness/run/version.h"
#include "proto/value_name.h"

namespace entente::harness {
namespace {

// Of one run: each stays in memory, and in the record.
constexpr std::size_t kAddedPlans = 10'000;
constexpr std::size_t kShownOctets = 200;  // of what a peer wrote

// One command on its way into the record.
class Given {
 public:
  Given(std::string_view command, const broker::StreamPeer& by, RunDesk& desk, Now now) : desk_(desk), now_(now) {
    event_.set_utc_ns(ToNanoseconds(now.utc));
    v1::CommandGiven& given = *event_.mutable_command_given();
    given.set_command(std::string(command));
    given.set_identity(by.identity.name);
    given.set_peer(by.address);
    given.set_exercise_time_ns(desk.conductor.Elapsed(now.instant).count());
  }

  void Refused(const Error& why, std::string text) {
    event_.mutable_command_given()->set_refused(why.Text());
    Record(std::move(text));
  }
  void CarriedOut(const google::protobuf::Message& request, std::string text) {
    event_.mutable_command_given()->set_request(request.SerializeAsString());
    Record(std::move(text));
  }

 private:
  void Record(std::string text) {
    event_.mutable_command_given()->set_text(std::move(text));
    desk_.record(std::move(event_));
  }

  RunDesk& desk_;
  Now now_;
  v1::RecordEvent event_;
};

std::unexpected<Error> Wrong(std::string what, std::string advice) {
  return Fail(ErrorCode::kInvalidArgument, std::move(what), {}, std::move(advice));
}

Status MustBe(v1::ExerciseState wanted, const RunDesk& desk, std::string_view what) {
  const v1::ExerciseState state = desk.conductor.state();
  if (state == wanted) return {};
  return Wrong(fmt::format("the exercise is {}", ValueName(state)), fmt::format("{} while it is {}", what, ValueName(wanted)));
}

Status MustNotBeOver(const RunDesk& desk) {
  if (!desk.conductor.ended()) return {};
  return Wrong(fmt::format("the exercise is {}", ValueName(desk.conductor.state())), "its folder holds what came of it");
}

template <typename Map>
std::uint64_t Total(const Map& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& entry) { return sum + entry.second; });
}

v1::FaultState ToState(FaultStanding::Phase phase) {
  switch (phase) {
    case FaultStanding::Phase::kPlanned:
      return v1::FAULT_STATE_PLANNED;
    case FaultStanding::Phase::kActive:
      return v1::FAULT_STATE_ACTIVE;
    case FaultStanding::Phase::kOver:
      break;
  }
  return v1::FAULT_STATE_OVER;
}

v1::LiveFault ToLiveFault(const FaultStanding& fault, const v1::Exercise& exercise) {
  v1::LiveFault live;
  *live.mutable_plan() = *fault.plan;
  live.set_state(ToState(fault.phase));
  live.set_ends_ns(std::min(fault.plan->at_ns() + fault.plan->lease_ns(), exercise.duration_ns()));
  live.set_kind(std::string(FaultKindName(*fault.plan)));
  live.set_parameters(FaultParameters(*fault.plan));
  live.set_added(fault.added);
  return live;
}

std::string TextOf(const v1::FaultPlan& fault) {
  return fmt::format("{}: {} {} on {}{} for {}", fault.id(), FaultKindName(fault), FaultParameters(fault),
                     fault.link() == v1::LINK_KIND_BACKBONE ? "backbone " : "", fault.node(),
                     DurationText(Duration(fault.lease_ns())))
      .substr(0, kShownOctets);
}

template <typename Taken>
std::string FreeName(std::string_view stem, Taken taken) {
  for (std::size_t number = 1;; ++number) {
    std::string name = fmt::format("{}-{}", stem, number);
    if (!taken(name)) return name;
  }
}

const FaultStanding* Find(const std::vector<FaultStanding>& faults, std::string_view id) {
  const auto found = std::ranges::find(faults, id, [](const FaultStanding& each) -> std::string_view { return each.plan->id(); });
  return found == faults.end() ? nullptr : &*found;
}

Status CheckFault(const v1::FaultPlan& fault, const RunDesk& desk, const std::vector<FaultStanding>& faults) {
  if (Status open = MustNotBeOver(desk); !open) return open;
  if (faults.size() >= kAddedPlans) return Fail(ErrorCode::kExhausted, "the run has too many faults", {}, "begin another run");
  if (Find(faults, fault.id()) != nullptr) {
    return Fail(ErrorCode::kAlreadyExists, fmt::format("there is a fault \"{}\" already", fault.id()), {},
                "give it another name, or none");
  }
  if (Status within = CheckWithinReach(fault, desk.elsewhere); !within) return within;
  return CheckLiveFault(desk.exercise, fault, adapter::Adapters());
}

// What the faults acted on, once each: two faults of one link are probed together.
std::string PlaceOf(const v1::FaultPlan& fault) {
  if (fault.has_partition() || fault.has_messages()) return "messages";
  return (fault.link() == v1::LINK_KIND_BACKBONE ? "backbone " : "") + fault.node();
}

// Probes that are under way, and who waits for the last of them.
struct ClearedFaults {
  v1::ClearFaultsReply reply;
  std::size_t awaited = 1;  // itself, until all probes are sent
  OnCleared answer;

  void Done() {
    if (--awaited > 0) return;
    std::ranges::sort(*reply.mutable_probes(), {}, &v1::LinkProbe::link);
    answer(reply);
  }
};

// Names of the faults to clear.
Result<std::vector<std::string>> ToClear(const v1::ClearFaultsRequest& request, const std::vector<FaultStanding>& faults) {
  if (request.all() == !request.faults().empty()) {
    return Wrong(request.all() ? "all faults, or those that are named?" : "which fault?", "name faults, or say all");
  }
  std::vector<std::string> ids;
  for (const FaultStanding& fault : faults) {
    if (request.all() && fault.phase == FaultStanding::Phase::kActive) ids.push_back(fault.plan->id());
  }
  for (const std::string& id : request.faults()) {
    const FaultStanding* fault = Find(faults, id);
    if (fault == nullptr) {
      return Fail(ErrorCode::kNotFound, fmt::format("there is no fault \"{}\"", id.substr(0, kShownOctets)), {},
                  "`entente fault list` shows them");
    }
    if (fault->phase == FaultStanding::Phase::kOver) return Wrong(fmt::format("\"{}\" is over", id), "nothing is left to clear");
    ids.push_back(id);
  }
  return ids;
}

Status CheckPlanned(const v1::Exercise& exercise, const std::string& id) {
  std::vector<std::string> known;
  for (const v1::Inject& inject : exercise.injects()) known.push_back(inject.id());
  if (std::ranges::find(known, id) != known.end()) return {};
  return Fail(ErrorCode::kNotFound, fmt::format("the exercise has no inject \"{}\"", id.substr(0, kShownOctets)), {},
              known.empty() ? "it has none" : fmt::format("it has: {}", fmt::join(known, ", ")));
}

Result<v1::FireInjectReply> FirePlanned(const v1::FireInjectRequest& request, Given& given, RunDesk& desk, Now now) {
  Status may = MustBe(v1::EXERCISE_STATE_RUNNING, desk, "fire injects");
  if (may) may = CheckPlanned(desk.exercise, request.planned());
  const bool left = may && desk.conductor.AwaitsInject(request.planned());
  if (may && !left)
    may = Wrong(fmt::format("\"{}\" was fired already", request.planned()), "give what it says as an inject of your own");
  if (!may) {
    given.Refused(may.error(), request.planned().substr(0, kShownOctets));
    return std::unexpected(may.error());
  }
  given.CarriedOut(request, request.planned());
  desk.conductor.FireNow(request.planned(), now);
  const auto& injects = desk.exercise.injects();
  const auto fired = std::ranges::find(injects, request.planned(), [](const v1::Inject& each) { return each.id(); });
  v1::FireInjectReply reply;
  reply.set_inject(fired->id());
  reply.set_node(fired->node());
  return reply;
}

Result<v1::FireInjectReply> FireAdded(v1::FireInjectRequest request, Given& given, RunDesk& desk, Now now) {
  v1::Inject& inject = *request.mutable_added();
  const auto taken = [&](const std::string& id) { return desk.conductor.KnowsInject(id); };
  if (inject.id().empty()) inject.set_id(FreeName("live", taken));
  inject.set_at_ns(desk.conductor.Elapsed(now.instant).count());
  Status may = MustBe(v1::EXERCISE_STATE_RUNNING, desk, "fire injects");
  if (may && taken(inject.id())) {
    may = Fail(ErrorCode::kAlreadyExists, fmt::format("there is an inject \"{}\" already", inject.id().substr(0, kShownOctets)), {},
               "give it another name, or none");
  }
  if (may && desk.conductor.added_injects() >= kAddedPlans) {
    may = Fail(ErrorCode::kExhausted, "the run has too many injects", {}, "begin another run");
  }
  if (may) may = CheckLiveInject(desk.exercise, inject);
  if (!may) {
    given.Refused(may.error(), inject.id().substr(0, kShownOctets));
    return std::unexpected(may.error());
  }
  given.CarriedOut(request, fmt::format("{} by {}", inject.id(), inject.node()));
  v1::FireInjectReply reply;
  reply.set_inject(inject.id());
  reply.set_node(inject.node());
  desk.conductor.AddInject(std::move(inject), now);
  return reply;
}

Status CheckObservation(const v1::ObserveRequest& request, const v1::Exercise& exercise) {
  const auto node = [&](std::string_view name) {
    return std::ranges::find(exercise.nodes(), name, [](const v1::NodePlan& each) -> std::string_view { return each.node(); });
  };
  const auto observed = node(request.node());
  if (observed == exercise.nodes().end() || !observed->external()) {
    return Fail(ErrorCode::kNotFound,
                fmt::format("\"{}\" is no external node of the exercise", request.node().substr(0, kShownOctets)), {},
                "observe a real system; simulated nodes say themselves what they understood");
  }
  if (node(request.understood().id().origin()) != exercise.nodes().end()) return {};
  return Wrong("the observation does not say which message was understood", "set the id of the message as the broker gave it out");
}

}  // namespace

Result<v1::StatusReply> CarryOut(const v1::StatusRequest&, const broker::StreamPeer&, RunDesk& desk, Now now) {
  v1::StatusReply reply;
  const Figures figures = desk.figures();
  reply.set_exercise(desk.exercise.name());
  reply.set_state(desk.conductor.state());
  reply.set_exercise_time_ns(desk.conductor.Elapsed(now.instant).count());
  reply.set_duration_ns(desk.exercise.duration_ns());
  reply.set_messages(Total(figures.accepted));
  reply.set_understood(Total(figures.understood));
  reply.set_injects(figures.injects_fired);
  for (const std::string& fault : desk.conductor.ActiveFaults()) reply.add_active_faults(fault);
  for (const std::string& node : desk.absent_nodes()) reply.add_absent_nodes(node);
  reply.set_version(std::string(kVersion));
  return reply;
}

Result<v1::ListFaultsReply> CarryOut(const v1::ListFaultsRequest&, const broker::StreamPeer&, RunDesk& desk, Now) {
  v1::ListFaultsReply reply;
  std::vector<FaultStanding> faults = desk.conductor.Faults();
  std::ranges::sort(faults, {},
                    [](const FaultStanding& each) { return std::tuple(each.plan->at_ns(), std::string_view(each.plan->id())); });
  for (const FaultStanding& fault : faults) *reply.add_faults() = ToLiveFault(fault, desk.exercise);
  return reply;
}

Result<v1::ListFaultKindsReply> CarryOut(const v1::ListFaultKindsRequest&, const broker::StreamPeer&, RunDesk&, Now) {
  v1::ListFaultKindsReply reply;
  for (v1::FaultKind& kind : FaultKinds()) *reply.add_kinds() = std::move(kind);
  return reply;
}

Result<v1::StopReply> CarryOut(const v1::StopRequest& request, const broker::StreamPeer& by, RunDesk& desk, Now now) {
  Given given("stop", by, desk, now);
  const std::string reason = request.reason().substr(0, kShownOctets);
  if (Status open = MustNotBeOver(desk); !open) {
    given.Refused(open.error(), reason);
    return std::unexpected(open.error());
  }
  given.CarriedOut(request, reason);
  desk.stop(reason.empty() ? "stopped by EXCON" : "stopped by EXCON: " + reason);
  return v1::StopReply();
}

Result<v1::PauseReply> CarryOut(const v1::PauseRequest& request, const broker::StreamPeer& by, RunDesk& desk, Now now) {
  Given given("pause", by, desk, now);
  if (Status may = MustBe(v1::EXERCISE_STATE_RUNNING, desk, "pause it"); !may) {
    given.Refused(may.error(), {});
    return std::unexpected(may.error());
  }
  given.CarriedOut(request, {});
  desk.conductor.PauseEx(now);
  return v1::PauseReply();
}

Result<v1::ResumeReply> CarryOut(const v1::ResumeRequest& request, const broker::StreamPeer& by, RunDesk& desk, Now now) {
  Given given("resume", by, desk, now);
  if (Status may = MustBe(v1::EXERCISE_STATE_PAUSED, desk, "resume it"); !may) {
    given.Refused(may.error(), {});
    return std::unexpected(may.error());
  }
  given.CarriedOut(request, {});
  desk.conductor.ResumeEx(now);
  return v1::ResumeReply();
}

Result<v1::AddFaultReply> CarryOut(const v1::AddFaultRequest& request, const broker::StreamPeer& by, RunDesk& desk, Now now) {
  Given given("add fault", by, desk, now);
  const std::vector<FaultStanding> faults = desk.conductor.Faults();
  v1::AddFaultRequest complete = request;
  v1::FaultPlan& plan = *complete.mutable_fault();
  if (plan.id().empty()) plan.set_id(FreeName("live", [&](const std::string& id) { return Find(faults, id) != nullptr; }));
  plan.set_at_ns(std::max<std::int64_t>(plan.at_ns(), desk.conductor.Elapsed(now.instant).count()));
  if (Status may = CheckFault(plan, desk, faults); !may) {
    given.Refused(may.error(), TextOf(plan));
    return std::unexpected(may.error());
  }
  given.CarriedOut(complete, TextOf(plan));
  const std::string id = desk.conductor.AddFault(plan, now).id();
  v1::AddFaultReply reply;
  *reply.mutable_fault() = ToLiveFault(*Find(desk.conductor.Faults(), id), desk.exercise);
  return reply;
}

void CarryOut(const v1::ClearFaultsRequest& request, const broker::StreamPeer& by, RunDesk& desk, Now now, OnCleared answer) {
  Given given("clear faults", by, desk, now);
  const std::vector<FaultStanding> faults = desk.conductor.Faults();
  Result<std::vector<std::string>> ids = ToClear(request, faults);
  if (Status open = MustNotBeOver(desk); !open) ids = std::unexpected(open.error());
  if (!ids) {
    given.Refused(ids.error(), {});
    return answer(std::unexpected(ids.error()));
  }
  const std::string named = fmt::format("{}", fmt::join(*ids, ", ")).substr(0, kShownOctets);
  given.CarriedOut(request, ids->empty() ? "all: none was active" : named);
  const auto cleared = std::make_shared<ClearedFaults>();
  cleared->answer = std::move(answer);
  std::map<std::string, const v1::FaultPlan*> places;
  for (const std::string& id : *ids) {
    const v1::FaultPlan* plan = Find(faults, id)->plan;
    places[PlaceOf(*plan)] = plan;
    if (desk.conductor.ClearFault(id, now)) cleared->reply.add_cleared(id);
  }
  for (const auto& [place, fault] : places) {
    ++cleared->awaited;
    desk.probe(*fault, now, [cleared](const v1::LinkProbe& found) {
      *cleared->reply.add_probes() = found;
      cleared->Done();
    });
  }
  cleared->Done();
}

Result<v1::FireInjectReply> CarryOut(const v1::FireInjectRequest& request, const broker::StreamPeer& by, RunDesk& desk, Now now) {
  Given given("fire inject", by, desk, now);
  return request.has_added() ? FireAdded(request, given, desk, now) : FirePlanned(request, given, desk, now);
}

Result<v1::ObserveReply> CarryOut(const v1::ObserveRequest& request, const broker::StreamPeer& by, RunDesk& desk, Now now) {
  Given given("observe", by, desk, now);
  const std::string text = request.node().substr(0, kShownOctets);
  if (Status may = CheckObservation(request, desk.exercise); !may) {
    given.Refused(may.error(), text);
    return std::unexpected(may.error());
  }
  given.CarriedOut(v1::ObserveRequest(), text);  // what was understood follows
  v1::RecordEvent event;
  event.set_utc_ns(ToNanoseconds(now.utc));
  v1::MessageUnderstood& understood = *event.mutable_message_understood();
  understood.set_node(request.node());
  *understood.mutable_understood() = request.understood();
  understood.set_evidence("observation");
  desk.record(std::move(event));
  return v1::ObserveReply();
}

}  // namespace entente::harness
