// SPDX-License-Identifier: Apache-2.0
#include "harness/run/attached_node.h"

#include <utility>

#include "broker/policy/label_mapping.h"
#include "broker/policy/release.h"

namespace entente::harness {
namespace {

gateway::AccessPointConfig AccessConfigOf(const AttachedNode::Config& config, gateway::MessageStage& stage) {
  const NodeSetup& setup = *config.setup;
  const v1::Label* label = DefaultLabelOf(*config.policy, config.plan->node());
  return {.node = setup.node,
          .adapter = setup.adapter,
          .form = setup.form,
          .carrier = setup.carrier,
          .transport = config.plan->has_replay() ? "file" : std::string(adapter::TransportName(setup.transport)),
          .options = setup.options,
          .default_label = label == nullptr ? std::nullopt : std::optional(*label),
          .map_label = [policy = config.policy](const v1::Label& carried) -> std::optional<v1::Label> {
            if (carried.policy() == policy->name()) return std::nullopt;
            return broker::MapLabel(*policy, carried);
          },
          .may_egress_unlabelled = [policy = config.policy, node = setup.node.text()](
                                       const v1::Label& carried) { return broker::MayEgressUnlabelled(*policy, &carried, node); },
          .incarnation = config.incarnation,
          .stage = &stage,
          .as_recorded = config.plan->replay().as_recorded()};
}

}  // namespace

AttachedNode::AttachedNode(Config config, gateway::GatewayShared& shared, const Clock& clock)
    : plan_(*config.plan),
      clock_(clock),
      client_({.node = config.plan->node(), .incarnation = config.incarnation, .subscriptions = SubscriptionsOf(*config.plan)},
              *this),
      message_faults_({config.plan->node(), config.plan->protocol(), config.seed},
                      [&shared](v1::RecordEvent event, Now now) { shared.Record(std::move(event), now); }),
      access_(AccessConfigOf(config, message_faults_), *this, shared) {}

bool AttachedNode::Publish(const v1::MessageId& id, SharedBytes envelope) {
  const bool taken = client_.Publish(id, std::move(envelope));
  TellOutgoing();
  return taken;
}

void AttachedNode::Acknowledge(v1::Precedence precedence, std::uint64_t delivery) {
  client_.Acknowledge(precedence, delivery);
  TellOutgoing();
}

void AttachedNode::OnWelcome(const v1::Welcome& welcome, Now /*now*/) {
  if (was_welcomed_ && !welcome.resumed()) access_.OnBusRestarted();
  was_welcomed_ = true;
  if (on_attached_) on_attached_();
}

void AttachedNode::OnDelivery(v1::Precedence precedence, std::uint64_t delivery, ByteView envelope, Now now) {
  access_.OnDelivery(precedence, delivery, envelope, now);
}

// What the broker refuses, and whom it sends away, the broker records; here there is nothing left to do.
void AttachedNode::OnReceipt(v1::Precedence /*precedence*/, std::uint64_t /*sequence*/, std::string_view /*refused*/) {}
void AttachedNode::OnGoodbye(std::string_view /*reason*/) {}

void AttachedNode::OnWritable() {
  access_.OnBusReady(clock_.Read());
}

void AttachedNode::OnClockEstimated(const broker::ClockEstimate& estimate) {
  if (on_clock_) on_clock_(estimate);
}

void AttachedNode::TellOutgoing() const {
  if (on_outgoing_) on_outgoing_();
}

}  // namespace entente::harness
