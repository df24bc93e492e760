// SPDX-License-Identifier: Apache-2.0
#include "harness/run/gateway_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <memory>
#include <utility>

#include "base/io/log.h"
#include "base/io/system_clock.h"
#include "broker/certificates/credentials.h"
#include "broker/record/event_batch.h"
#include "harness/run/gateway_access.h"
#include "harness/run/message_probe.h"

namespace entente::harness {
namespace {

constexpr auto kTick = std::chrono::milliseconds(200);
constexpr auto kLookForFaults = std::chrono::milliseconds(20);
constexpr auto kClosingTime = std::chrono::milliseconds(500);

class GatewayHost {
 public:
  GatewayHost(const PreparedRun& plan, const GatewayRunOptions& options, const GatewayHooks& hooks)
      : plan_(plan),
        options_(options),
        hooks_(hooks),
        clock_(options.clock == nullptr ? system_clock_ : *options.clock),
        tick_(context_),
        fault_tick_(context_),
        shared_({[this](v1::RecordEvent& event) { Forward(event); },
                 {.egressed = [this](const EgressedMessage& message) { Forward(message); }}}) {}

  Status Run() {
    Status opened = Open();
    if (opened) {
      Tick();
      if (options_.faults != nullptr) FollowFaults();
      context_.run();
    }
    for (auto& access : accesses_) access->Stop("the gateway was stopped", clock_.Read());
    context_.restart();
    context_.run_for(kClosingTime);
    return opened;
  }

 private:
  Status Open() {
    for (const std::string& name : options_.nodes) {
      const bool known = std::ranges::any_of(plan_.exercise.nodes(), [&](const v1::NodePlan& node) { return node.node() == name; });
      if (!known)
        return Fail(ErrorCode::kNotFound, fmt::format("the exercise has no node \"{}\"", name), plan_.exercise_file.string());
    }
    std::shared_ptr<grpc::ChannelCredentials> credentials;
    if (options_.tls) {
      auto made = broker::MakeChannelCredentials(*options_.tls, options_.broker_identity, clock_);
      if (!made) return std::unexpected(made.error());
      credentials = *std::move(made);
    }
    for (std::size_t i = 0; i < plan_.setups.size(); ++i) {
      const v1::NodePlan& node = plan_.exercise.nodes(static_cast<int>(i));
      if (!options_.nodes.empty() && std::ranges::find(options_.nodes, node.node()) == options_.nodes.end()) continue;
      accesses_.push_back(std::make_unique<GatewayAccess>(context_, clock_, plan_, i, shared_, EntropyNumber()));
      GatewayAccess& access = *accesses_.back();
      if (accesses_.size() == 1) {
        // Its events go over the first node's stream; other gateways of the exercise have other nodes, and other clocks.
        writer_ = "gateway " + node.node();
        access.OnClockEstimated([this, name = node.node()](const broker::ClockEstimate& estimate) { RecordClock(estimate, name); });
      }
      access.OnAttached([this, name = node.node()] {
        if (hooks_.on_attached) hooks_.on_attached(name);
      });
      if (Status started = access.Start(AccessEndpointOf(node), {options_.brokers, {}, credentials}); !started) return started;
      if (Status replaying = access.StartReplay(); !replaying) return replaying;
      if (hooks_.on_open) hooks_.on_open(node.node(), access.endpoint());
    }
    return {};
  }

  void Tick() {
    if (hooks_.on_tick && !hooks_.on_tick()) return context_.stop();
    if (!accesses_.empty()) accesses_.front()->ProbeClock(clock_.Read());
    tick_.expires_after(kTick);
    tick_.async_wait([this](const asio::error_code& error) {
      if (!error) Tick();
    });
  }

  void FollowFaults() {
    const Now now = clock_.Read();
    const auto standing = options_.faults->At(now.instant);
    std::erase_if(acting_, [&](const v1::FaultPlan& fault) {
      const bool over = std::ranges::find(*standing, fault.id(), &v1::FaultPlan::id) == standing->end();
      if (over) EndFault(fault, now);
      return over;
    });
    for (const v1::FaultPlan& fault : *standing) {
      if (std::ranges::find(acting_, fault.id(), &v1::FaultPlan::id) == acting_.end()) StartFault(fault, now);
    }
    fault_tick_.expires_after(kLookForFaults);
    fault_tick_.async_wait([this](const asio::error_code& error) {
      if (!error) FollowFaults();
    });
  }

  void StartFault(const v1::FaultPlan& fault, Now now) {
    for (auto& access : accesses_) {
      const Status started = access->message_faults().StartFault(fault, now);
      if (started) continue;
      v1::RecordEvent event = ProcessFaultEvent("fault " + fault.id() + " of " + access->node(), started.error().Text(), now);
      Forward(event);
    }
    acting_.push_back(fault);
  }

  // Each access point that was concerned says what its messages meet now.
  void EndFault(const v1::FaultPlan& fault, Now now) {
    for (auto& access : accesses_) {
      access->message_faults().EndFault(fault.id());
      const MessageProbe probe = access->message_faults().Probe(fault, now);
      if (probe.sent == 0) continue;
      MessageProbes probes;
      probes.Add(access->node(), probe);
      const v1::LinkProbe found = probes.Found();
      v1::RecordEvent event;
      event.set_utc_ns(ToNanoseconds(now.utc));
      v1::LinkProbed& probed = *event.mutable_link_probed();
      probed.set_link(access->node());
      probed.set_fault(fault.id());
      probed.set_restored(found.restored());
      probed.set_found(found.found());
      Forward(event);
    }
  }

  // This gateway's clock against that of the broker which the events go to.
  void RecordClock(const broker::ClockEstimate& estimate, const std::string& node) {
    v1::RecordEvent event;
    event.set_utc_ns(ToNanoseconds(clock_.Read().utc));
    event.mutable_clock_estimated()->set_node(node);
    event.mutable_clock_estimated()->set_offset_ns(estimate.offset.count());
    event.mutable_clock_estimated()->set_error_ns(estimate.error.count());
    Forward(event);
  }

  void Forward(v1::RecordEvent& event) {
    event.set_writer(writer_);
    Forward(event.SerializeAsString());
  }
  void Forward(const EgressedMessage& message) { Forward(record::EventOctets(message, writer_)); }
  void Forward(std::string event) {
    if (accesses_.empty() || !accesses_.front()->Forward(std::move(event))) {
      spdlog::warn("the broker takes no record events; some of what this gateway sees is not in the record");
    }
  }

  const PreparedRun& plan_;
  const GatewayRunOptions& options_;
  const GatewayHooks& hooks_;
  const SystemClock system_clock_;
  const Clock& clock_;
  std::string writer_ = "gateway";
  asio::io_context context_{1};
  asio::steady_timer tick_;
  asio::steady_timer fault_tick_;
  gateway::GatewayShared shared_;
  std::vector<std::unique_ptr<GatewayAccess>> accesses_;
  std::vector<v1::FaultPlan> acting_;
};

}  // namespace

Status RunGateway(const PreparedRun& plan, const GatewayRunOptions& options, const GatewayHooks& hooks) {
  return GatewayHost(plan, options, hooks).Run();
}

}  // namespace entente::harness
