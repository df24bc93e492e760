// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/access_point.h"

#include "adapters/gateway/core/egress.h"
#include "adapters/gateway/core/ingress.h"
#include "base/invariant.h"

namespace entente::gateway {

class AccessPoint::State {
 public:
  State(AccessPointConfig config_in, BusPort& bus, GatewayShared& shared)
      : config(std::move(config_in)),
        ids(shared.ids),
        states(config.node.text(), shared),
        echoes(*config.adapter->codec),
        publisher(bus, shared),
        ingress(config, shared, states, echoes, publisher),
        egress(config, bus, shared, echoes) {}

  [[nodiscard]] std::unique_ptr<adapter::Session> MakeSession() const {
    return config.adapter->make_session(
        {adapter::SessionRole::kGateway, config.carrier, config.form, config.options, config.node.text(), &ids});
  }
  // Connected, and not told to close.
  [[nodiscard]] bool open() const { return session != nullptr && closed_because.empty(); }
  void WakeUp() const {
    if (wake_up) wake_up();
  }
  void EndSession(Now now) {
    ingress.Begin({session.get(), now, false, {}});
    session->End(now, ingress);
    session.reset();
    taken_up_to = 0;
    egress.TakeBack(now);
  }
  void Receive(ByteView octets, Now session_now, Ingress::Call call) {
    ingress.Begin(call);
    session->Receive(octets, session_now, ingress);
    egress.Flush(*session, call.now);
  }

  const AccessPointConfig config;
  adapter::ObjectIds& ids;
  NodeStates states;
  EchoFilter echoes;
  Publisher publisher;
  Ingress ingress;
  Egress egress;
  std::unique_ptr<adapter::Session> session;
  std::function<void()> wake_up;
  std::uint64_t taken_up_to = 0;  // last unit that the transport took of this session
  std::string closed_because;     // by Close
  bool ever_connected = false;
};

namespace {

AccessPointConfig WithCustomaryForm(AccessPointConfig config) {
  ENTENTE_INVARIANT(config.adapter != nullptr);
  if (!config.form.empty()) return config;
  const adapter::Form* const form = config.adapter->DefaultForm(config.carrier);
  if (form != nullptr) config.form = form->name;
  return config;
}

}  // namespace

AccessPoint::AccessPoint(AccessPointConfig config, BusPort& bus, GatewayShared& shared)
    : state_(std::make_unique<State>(WithCustomaryForm(std::move(config)), bus, shared)) {}

AccessPoint::~AccessPoint() = default;

void AccessPoint::OnConnected(std::string_view peer, Now now) {
  State& s = *state_;
  if (!s.closed_because.empty()) return;  // the transport reads wants_close
  if (s.session) {
    s.EndSession(now);
    s.states.Lost("replaced by a connection from " + std::string(peer), now);
  }
  s.ever_connected = true;
  s.states.Connected(peer, now);
  s.session = s.MakeSession();
  s.ingress.Begin({s.session.get(), now, false, {}});
  s.session->Start(now, s.ingress);
  s.egress.Flush(*s.session, now);
}

void AccessPoint::OnReceived(ByteView octets, Now now) {
  State& s = *state_;
  if (s.open()) s.Receive(octets, now, {s.session.get(), now, false, {}});
}

void AccessPoint::OnReplayed(ByteView octets, std::optional<UtcTime> recorded, Now now) {
  State& s = *state_;
  if (s.open()) s.Receive(octets, {now.instant, recorded.value_or(now.utc)}, {s.session.get(), now, true, recorded});
}

void AccessPoint::OnDisconnected(std::string_view reason, Now now) {
  State& s = *state_;
  if (!s.session) {
    if (s.closed_because.empty()) s.states.Unreachable(reason, now);
    return;
  }
  const std::string session_reason(s.session->closed_because());
  s.EndSession(now);
  if (!s.closed_because.empty()) return;  // Close said it
  if (session_reason.empty() && reason == adapter::kClosedByPeer) {
    s.states.Left(reason, now);
  } else {
    s.states.Lost(session_reason.empty() ? reason : session_reason, now);
  }
}

std::optional<adapter::Output> AccessPoint::NextOutput(Now /*now*/) {
  State& s = *state_;
  if (!s.open()) return std::nullopt;
  std::optional<adapter::Output> output = s.session->NextOutput();
  if (output && output->unit != 0) s.taken_up_to = output->unit;
  return output;
}

void AccessPoint::OnWritten(Now now) {
  State& s = *state_;
  if (!s.open()) return;
  s.egress.HandedOver(s.taken_up_to, now);
  s.egress.Flush(*s.session, now);
}

std::optional<Instant> AccessPoint::NextDeadline() const {
  const State& s = *state_;
  std::optional<Instant> next = s.open() ? s.session->NextDeadline() : std::nullopt;
  for (const auto due : {s.egress.NextDue(), s.ingress.NextDue()}) {
    if (due && (!next || *due < *next)) next = due;
  }
  return next;
}

void AccessPoint::OnDeadline(Now now) {
  State& s = *state_;
  s.ingress.ReleaseDue(now);
  s.egress.ReleaseDue(s.open() ? s.session.get() : nullptr, now);
  if (!s.open()) return;
  s.ingress.Begin({s.session.get(), now, false, {}});
  s.session->OnDeadline(now, s.ingress);
  s.egress.Flush(*s.session, now);
}

std::string_view AccessPoint::wants_close() const {
  if (!state_->closed_because.empty()) return state_->closed_because;
  return state_->session ? state_->session->closed_because() : std::string_view{};
}

void AccessPoint::SetWakeUp(std::function<void()> wake_up) {
  state_->wake_up = std::move(wake_up);
}

bool AccessPoint::wants_input() const {
  return !state_->publisher.blocked();
}

void AccessPoint::OnDelivery(v1::Precedence precedence, std::uint64_t delivery, ByteView envelope, Now now) {
  State& s = *state_;
  s.egress.Deliver(precedence, delivery, envelope, s.open() ? s.session.get() : nullptr, now);
  if (!s.closed_because.empty()) s.egress.GiveUp(s.closed_because, now);
  s.WakeUp();
}

void AccessPoint::OnBusReady(Now now) {
  state_->publisher.OnBusReady(now);
  state_->WakeUp();
}

void AccessPoint::OnBusRestarted() {
  state_->egress.ForgetDeliveries();
}

void AccessPoint::Close(std::string_view reason, Now now) {
  State& s = *state_;
  if (!s.closed_because.empty()) return;
  s.closed_because = reason.empty() ? "closed" : std::string(reason);
  s.egress.HandedOver(s.taken_up_to, now);  // the transport writes it before it closes
  s.egress.GiveUp(s.ever_connected ? s.closed_because : s.closed_because + "; the node never connected", now);
  s.ingress.GiveUp(s.closed_because, now);
  s.publisher.GiveUp(s.closed_because, now);
  if (s.ever_connected) s.states.Left(s.closed_because, now);
  s.WakeUp();
}

const NodeId& AccessPoint::node() const {
  return state_->config.node;
}

bool AccessPoint::connected() const {
  return state_->session != nullptr;
}

std::size_t AccessPoint::undecided() const {
  return state_->egress.undecided();
}

std::size_t AccessPoint::held() const {
  return state_->publisher.held() + state_->ingress.delayed();
}

}  // namespace entente::gateway
