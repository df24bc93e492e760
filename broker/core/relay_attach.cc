// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/node_id.h"
#include "broker/core/relay_impl.h"

namespace entente::broker {
namespace {

constexpr std::uint32_t kBusVersion = 1;
constexpr std::uint64_t kMostCredit = std::uint64_t{1} << 40;

std::size_t EntriesOf(const v1::Hello& hello) {
  auto entries = static_cast<std::size_t>(hello.subscriptions_size()) + static_cast<std::size_t>(hello.cursors_size());
  for (const v1::Subscription& s : hello.subscriptions()) {
    entries += static_cast<std::size_t>(s.families_size() + s.origin_nations_size() + s.origin_nodes_size());
  }
  return entries;
}

}  // namespace

Status Relay::Impl::CheckHello(const v1::Hello& hello, const Identity& identity) const {
  const std::string where = "hello of \"" + hello.node().substr(0, 80) + "\"";
  if (hello.version() != kBusVersion) {
    return Fail(ErrorCode::kUnsupported, "bus version " + std::to_string(hello.version()) + " is not spoken here", where,
                "use a gateway that speaks version 1");
  }
  if (!NodeId::Parse(hello.node())) {
    return Fail(ErrorCode::kInvalidArgument, "that is not the name of a node", where,
                "write it as <NATION>/<name>, as in DEU/brigade");
  }
  if (Status allowed = AuthorizeAttach(identity, hello.node()); !allowed) return allowed;
  if (EntriesOf(hello) > config_.limits.subscription_entries) {
    return Fail(ErrorCode::kExhausted,
                "more than " + std::to_string(config_.limits.subscription_entries) + " entries in subscriptions and cursors", where,
                "subscribe to families or nations instead of single nodes");
  }
  const Node* node = Find(hello.node());
  if (node != nullptr && node->attached && node->stream_incarnation != hello.incarnation()) {
    return Fail(ErrorCode::kAlreadyExists, "another incarnation of this node is attached", where,
                "stop the other process, or wait until its stream is given up");
  }
  if (node == nullptr && nodes_.size() >= config_.limits.nodes) {
    return Fail(ErrorCode::kExhausted, "this exercise has its " + std::to_string(config_.limits.nodes) + " nodes already", where,
                "raise the broker's limit of nodes, or reuse a node's name");
  }
  return {};
}

Result<Attached> Relay::Impl::Attach(const v1::Hello& hello, const StreamPeer& peer, Now now) {
  if (Status sound = CheckHello(hello, peer.identity); !sound) return std::unexpected(sound.error());
  Node& node = FindOrAdd(hello.node());
  const Attached attached{.superseded = node.attached};
  if (node.attached) Detach(node.name, "superseded by a newer stream", now);
  node.attached = true;
  node.leaving = node.goodbye_due = node.goodbye_said = false;
  node.may_publish = Authorize(peer.identity, Action::kPublish).has_value();
  node.stream_incarnation = hello.incarnation();
  node.credit = static_cast<std::int64_t>(std::min(hello.credit_octets(), kMostCredit));
  ++node.hellos_pending;
  v1::RecordEvent event;
  v1::NodeAttached& said = *event.mutable_node_attached();
  said.set_node(node.name);
  said.set_incarnation(hello.incarnation());
  *said.mutable_subscriptions() = hello.subscriptions();
  *said.mutable_cursors() = hello.cursors();
  said.set_broker(config_.broker);
  said.set_identity(peer.identity.name);
  said.set_peer(peer.address);
  said.set_resumed(MayResume(node, said));
  Change(std::move(event), now);
  return attached;
}

void Relay::Impl::Welcome(Node& node, bool resumed) {
  node.welcomed = true;
  v1::Welcome& welcome = *node.control.mutable_welcome();
  welcome.set_version(kBusVersion);
  welcome.set_exercise(config_.exercise);
  welcome.set_broker(config_.broker);
  welcome.set_resumed(resumed);
  welcome.set_max_envelope_octets(config_.limits.envelope_octets);
  if (const OriginLedger* ledger = node.incarnations.Find(node.stream_incarnation)) ledger->DescribePublished(welcome);
  node.control_due = true;
  MarkReady(node);
}

void Relay::Impl::Detach(std::string_view name, std::string_view reason, Now now) {
  Node* node = Find(name);
  if (node == nullptr || !node->attached) return;
  node->attached = node->welcomed = false;
  node->control.Clear();
  node->control_due = false;
  if (!node->leaving) Change(DetachedEvent(*node, reason), now);
}

v1::RecordEvent Relay::Impl::DetachedEvent(const Node& node, std::string_view reason) const {
  v1::RecordEvent event;
  event.mutable_node_detached()->set_node(node.name);
  event.mutable_node_detached()->set_reason(std::string(reason));
  event.mutable_node_detached()->set_broker(config_.broker);
  return event;
}

void Relay::Impl::Close(std::string_view name, std::string_view reason) {
  Node* node = Find(name);
  if (node == nullptr || !node->attached || node->goodbye_due || node->goodbye_said) return;
  node->control.mutable_goodbye()->set_reason(std::string(reason));
  node->control_due = node->goodbye_due = true;
  MarkReady(*node);
}

void Relay::Impl::CloseAll(std::string_view reason) {
  for (const Node& node : nodes_) Close(node.name, reason);
}

Status Relay::Impl::Break(Node& node, Error error) {
  if (error.where.empty()) error.where = "node " + node.name;
  Close(node.name, error.Text());
  return std::unexpected(std::move(error));
}

Relay::Impl::Node* Relay::Impl::Find(std::string_view name) {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

const Relay::Impl::Node* Relay::Impl::Find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

Relay::Impl::Node& Relay::Impl::FindOrAdd(std::string_view name) {
  if (Node* known = Find(name)) return *known;
  Node& node = nodes_.emplace_back();
  node.name = name;
  node.index = router_.AddNode(name);
  by_name_.emplace(node.name, &node);
  return node;
}

bool Relay::Impl::IsAttached(std::string_view name) const {
  const Node* node = Find(name);
  return node != nullptr && node->attached;
}

std::size_t Relay::Impl::UnrecordedOctets(std::string_view name) const {
  const Node* node = Find(name);
  return node == nullptr ? 0 : node->unrecorded_octets;
}

std::size_t Relay::Impl::QueuedOctets(std::string_view name) const {
  const Node* node = Find(name);
  return node == nullptr ? 0 : node->queue.waiting_octets();
}

}  // namespace entente::broker
