// SPDX-License-Identifier: Apache-2.0
#include "harness/nodes/simulated_node.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/invariant.h"
#include "base/node_id.h"
#include "harness/nodes/inject_message.h"
#include "harness/nodes/listener.h"
#include "harness/nodes/report_order.h"
#include "harness/nodes/simulated_unit.h"
#include "harness/nodes/speaker.h"

namespace entente::harness {
namespace {

std::optional<adapter::TransportKind> TransportOf(const v1::NodePlan& plan, const adapter::AdapterInfo& adapter) {
  for (const auto& offer : adapter.transports) {
    if (plan.transport().empty() || adapter::TransportName(offer.kind) == plan.transport()) return offer.kind;
  }
  return std::nullopt;
}

Error Wrong(const v1::NodePlan& plan, std::string what) {
  return {ErrorCode::kInvalidArgument, std::move(what), "node " + plan.node(), "correct the exercise file"};
}

Result<NodeSetting> MakeSetting(SimulatedNodeConfig config) {
  ENTENTE_INVARIANT(config.adapter != nullptr);
  const adapter::AdapterInfo& adapter = *config.adapter;
  const auto transport = TransportOf(config.plan, adapter);
  if (!transport)
    return std::unexpected(Wrong(config.plan, fmt::format("{} has no transport {}", adapter.name, config.plan.transport())));
  const auto* form =
      config.plan.form().empty() ? adapter.DefaultForm(adapter::CarrierOf(*transport)) : adapter.FindForm(config.plan.form());
  if (form == nullptr || form->carrier != adapter::CarrierOf(*transport)) {
    return std::unexpected(Wrong(config.plan, fmt::format("{} has no form \"{}\" over {}", adapter.name, config.plan.form(),
                                                          adapter::TransportName(*transport))));
  }
  auto options = adapter::NodeOptions::Defaults(adapter.node_options);
  for (const auto& [name, text] : config.plan.options()) {
    if (const auto set = options.Set(adapter.node_options, name, text); !set) return std::unexpected(set.error());
  }
  for (const v1::UnitPlan& unit : config.plan.units()) {
    if (unit.route().empty() || unit.report_every_ns() <= 0) {
      return std::unexpected(Wrong(config.plan, fmt::format("the unit {} has no route or never reports", unit.id())));
    }
  }
  return NodeSetting{std::move(config.plan), &adapter,          form, std::move(options), config.default_label, config.seed,
                     config.exercise,        config.incarnation};
}

}  // namespace

class SimulatedNode::Impl {
 public:
  Impl(NodeSetting setting_in, const EventSink& events)
      : setting(std::move(setting_in)), listener(setting, events), speaker(setting, ids, events) {
    for (const v1::UnitPlan& plan : setting.plan.units()) {
      units.emplace_back(plan, setting.plan.node(), setting.seed);
      reports.Add(units.size() - 1, units.back().next_report());
    }
  }

  // How long the units have moved.
  [[nodiscard]] Duration Moved(Instant now) const { return running_since ? moved + (now - *running_since) : moved; }
  [[nodiscard]] bool open() const { return session != nullptr && session->closed_because().empty(); }
  [[nodiscard]] adapter::Session* speaking_session() const { return open() ? session.get() : nullptr; }
  [[nodiscard]] const v1::Label& LabelOf(const v1::UnitPlan& plan) const {
    return plan.has_label() ? plan.label() : setting.default_label;
  }
  void WakeUp() const {
    if (wake_up) wake_up();
  }

  void Report(Now now);
  void Answer(Now now);
  InjectSpeaker SpeakerOf(const v1::Inject& inject, Now now);
  [[nodiscard]] bool CanSayReceipts() const;

  const NodeSetting setting;
  adapter::HashedObjectIds ids;
  Listener listener;
  Speaker speaker;
  std::vector<SimulatedUnit> units;
  ReportOrder reports;
  std::unique_ptr<adapter::Session> session;
  std::function<void()> wake_up;
  Duration moved{0};  // up to running_since
  std::optional<Instant> running_since;
};

void SimulatedNode::Impl::Report(Now now) {
  if (!running_since) return;
  const Duration at = Moved(now.instant);
  while (const auto due = reports.TakeDue(at)) {
    SimulatedUnit& unit = units[*due];
    const auto& label = LabelOf(unit.plan());
    if (unit.tells_identity_now()) speaker.Say(unit.Identity(now.utc), unit.plan().precedence(), label, speaking_session(), now);
    speaker.Say(unit.Track(at, now.utc), unit.plan().precedence(), label, speaking_session(), now);
    // A host that was late does not make the unit say the past: one report for all that were missed.
    while (unit.next_report() <= at) unit.Reported();
    reports.Add(*due, unit.next_report());
  }
}

bool SimulatedNode::Impl::CanSayReceipts() const {
  const auto* form = setting.adapter->FindForm(session->form());
  if (form == nullptr) return false;
  const auto* chat = form->capability.Find(v1::FAMILY_CHAT);
  return chat != nullptr && chat->encodes &&
         form->capability.Find(v1::FAMILY_CHAT, v1::FIELD_CHAT_DELIVERY).carriage != adapter::Carriage::kNone;
}

void SimulatedNode::Impl::Answer(Now now) {
  for (const v1::Envelope& text : listener.TakeTexts()) {
    if (!running_since || !open() || !CanSayReceipts()) continue;
    const InjectSpeaker self = SpeakerOf({}, now);
    v1::Envelope receipt;
    receipt.set_family(v1::FAMILY_CHAT);
    receipt.set_act(v1::ACT_ACKNOWLEDGE);
    receipt.set_in_reply_to(text.native_message_id());
    *receipt.mutable_times()->mutable_observed() = OwnTime(now.utc);
    *receipt.mutable_times()->mutable_sent() = OwnTime(now.utc);
    auto* chat = receipt.mutable_chat();
    chat->set_delivery(v1::CHAT_DELIVERY_DELIVERED);
    if (text.chat().has_room()) chat->set_room(text.chat().room());
    chat->set_sender_callsign(self.callsign);
    if (!self.native_id.value().empty()) *chat->mutable_sender() = self.native_id;
    speaker.Say(std::move(receipt), v1::PRECEDENCE_ROUTINE, setting.default_label, session.get(), now);
  }
}

InjectSpeaker SimulatedNode::Impl::SpeakerOf(const v1::Inject& inject, Now now) {
  InjectSpeaker self{setting.plan.node(), {}, std::string(NationOf(setting.plan.node())), {}, {}};
  if (units.empty()) return self;
  const std::string_view wanted = UnitOf(inject);
  const auto named = std::ranges::find(units, wanted, [](const SimulatedUnit& unit) { return std::string_view(unit.plan().id()); });
  const SimulatedUnit& unit = named == units.end() ? units.front() : *named;
  const Duration at = Moved(now.instant);
  self.object_id = unit.object_id();
  self.callsign = unit.plan().callsign();
  self.placement = unit.At(at);
  const std::string_view form = session == nullptr ? setting.form->name : session->form();
  if (const auto native = speaker.NativeIdOf(unit.Track(at, now.utc), form, now)) self.native_id = *native;
  return self;
}

Result<std::unique_ptr<SimulatedNode>> SimulatedNode::Make(SimulatedNodeConfig config, const EventSink& events) {
  auto setting = MakeSetting(std::move(config));
  if (!setting) return std::unexpected(setting.error());
  return std::unique_ptr<SimulatedNode>(new SimulatedNode(std::make_unique<Impl>(*std::move(setting), events)));
}

SimulatedNode::SimulatedNode(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

SimulatedNode::~SimulatedNode() = default;

const std::string& SimulatedNode::node() const {
  return impl_->setting.plan.node();
}

void SimulatedNode::SetRunning(bool running, Now now) {
  if (running == impl_->running_since.has_value()) return;
  if (running) {
    impl_->running_since = now.instant;
  } else {
    impl_->moved = impl_->Moved(now.instant);
    impl_->running_since.reset();
  }
  impl_->WakeUp();
}

void SimulatedNode::Fire(const v1::Inject& inject, Now now) {
  if (!impl_->running_since) return;
  const v1::Label& label = inject.has_label() ? inject.label() : impl_->setting.default_label;
  impl_->speaker.Say(InjectMessage(inject, impl_->SpeakerOf(inject, now), now.utc), inject.precedence(), label,
                     impl_->speaking_session(), now);
  impl_->WakeUp();
}

void SimulatedNode::OnConnected(std::string_view peer, Now now) {
  Impl& node = *impl_;
  if (node.session) OnDisconnected("replaced by a newer connection", now);
  node.listener.SetNow(now);
  node.listener.SetState(v1::NODE_STATE_CONNECTED, {}, peer);
  node.session = node.setting.adapter->make_session({adapter::SessionRole::kNode, node.setting.form->carrier,
                                                     std::string(node.setting.form->name), node.setting.options,
                                                     node.setting.plan.node(), &node.ids});
  node.session->Start(now, node.listener);
}

void SimulatedNode::OnReceived(ByteView octets, Now now) {
  if (!impl_->open() || impl_->setting.plan.defects().deaf()) return;
  impl_->listener.SetNow(now);
  impl_->session->Receive(octets, now, impl_->listener);
  impl_->Answer(now);
}

void SimulatedNode::OnDisconnected(std::string_view reason, Now now) {
  Impl& node = *impl_;
  if (!node.session) return;
  const std::string why(node.session->closed_because().empty() ? reason : node.session->closed_because());
  node.listener.SetNow(now);
  node.session->End(now, node.listener);
  node.session.reset();
  static_cast<void>(node.listener.TakeTexts());
  node.listener.SetState(why == adapter::kClosedByPeer ? v1::NODE_STATE_LEFT : v1::NODE_STATE_LOST, why);
}

std::optional<adapter::Output> SimulatedNode::NextOutput(Now) {
  return impl_->open() ? impl_->session->NextOutput() : std::nullopt;
}

std::optional<Instant> SimulatedNode::NextDeadline() const {
  std::optional<Instant> next = impl_->open() ? impl_->session->NextDeadline() : std::nullopt;
  if (!impl_->running_since) return next;
  const auto due = impl_->reports.next();
  if (!due) return next;
  const Instant report = *impl_->running_since + (*due - impl_->moved);
  return next ? std::min(*next, report) : report;
}

void SimulatedNode::OnDeadline(Now now) {
  Impl& node = *impl_;
  node.listener.SetNow(now);
  const auto deadline = node.open() ? node.session->NextDeadline() : std::nullopt;
  if (deadline && *deadline <= now.instant) node.session->OnDeadline(now, node.listener);
  node.Report(now);
  if (node.session) node.Answer(now);
}

std::string_view SimulatedNode::wants_close() const {
  return impl_->session ? impl_->session->closed_because() : std::string_view{};
}

bool SimulatedNode::wants_input() const {
  return !impl_->setting.plan.defects().deaf();
}

void SimulatedNode::SetWakeUp(std::function<void()> wake_up) {
  impl_->wake_up = std::move(wake_up);
}

}  // namespace entente::harness
