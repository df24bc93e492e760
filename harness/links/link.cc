// SPDX-License-Identifier: Apache-2.0
#include "harness/links/link.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/invariant.h"

namespace entente::harness {
namespace {

bool ActsOn(const LinkFault& fault, LinkDirection direction) {
  return !fault.direction || *fault.direction == direction;
}

std::optional<Instant> Earlier(std::optional<Instant> a, std::optional<Instant> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

// What one unit met.
struct Met {
  std::optional<Instant> due;  // absent: it was lost or held
  std::vector<Decision> decisions;

  bool operator==(const Met&) const = default;
};

Met MetBy(const Chain& chain, const LinkStream& stream, Instant now) {
  constexpr std::uint8_t kProbe = 0;
  Channel channel({stream.link, stream.direction, stream.carrier, stream.seed, kChannelOctets});
  channel.SetChain(chain, now);
  Met met;
  met.decisions = channel.Offer(ByteView(&kProbe, 1), now);
  met.due = channel.NextDue();
  return met;
}

std::string DescriptionOf(const Met& met, LinkDirection direction, Instant now) {
  const std::string came = met.due ? fmt::format("{:.3f} ms", ToSeconds(*met.due - now) * 1e3) : std::string("nothing came");
  return fmt::format("{} {}", came, DirectionName(direction));
}

}  // namespace

Link::Link(std::string name, LinkCarrier carrier, std::uint64_t seed, const Chain& chain, Instant now, std::size_t limit_octets)
    : name_(std::move(name)),
      carrier_(carrier),
      seed_(seed),
      chain_(chain),
      to_gateway_({name_, LinkDirection::kToGateway, carrier, seed, limit_octets}),
      to_node_({name_, LinkDirection::kToNode, carrier, seed, limit_octets}) {
  to_gateway_.SetChain(chain_, now);
  to_node_.SetChain(chain_, now);
}

void Link::StartFault(LinkFault fault, Instant now) {
  ENTENTE_INVARIANT(fault.lease > Duration{0});
  std::erase_if(faults_, [&](const ActiveFault& active) { return active.fault.id == fault.id; });
  const Instant ends = leases_paused_at_.value_or(now) + fault.lease;
  faults_.push_back({std::move(fault), ends});
  Apply(now);
}

bool Link::EndFault(std::string_view id, Instant now) {
  const auto ended = std::erase_if(faults_, [&](const ActiveFault& active) { return active.fault.id == id; });
  if (ended > 0) Apply(now);
  return ended > 0;
}

std::vector<std::string> Link::ClearAll(Instant now) {
  std::vector<std::string> ended = active_faults();
  faults_.clear();
  Apply(now);
  ENTENTE_INVARIANT(restored());
  return ended;
}

std::vector<std::string> Link::active_faults() const {
  std::vector<std::string> ids;
  ids.reserve(faults_.size());
  for (const ActiveFault& active : faults_) ids.push_back(active.fault.id);
  return ids;
}

bool Link::refuses() const {
  return to_gateway_.gate() == Gate::kRefusing || to_node_.gate() == Gate::kRefusing;
}

bool Link::restored() const {
  return faults_.empty() && to_gateway_.chain() == chain_ && to_node_.chain() == chain_;
}

LinkProbe Link::Probe(Instant now) const {
  LinkProbe probe;
  probe.as_made = restored();
  for (const Channel* channel : {&to_gateway_, &to_node_}) {
    const LinkDirection direction = channel == &to_gateway_ ? LinkDirection::kToGateway : LinkDirection::kToNode;
    const Met present = MetBy(channel->chain(), {name_, direction, carrier_, seed_}, now);
    const Met made = MetBy(chain_, {name_, direction, carrier_, seed_}, now);
    probe.as_made = probe.as_made && present == made;
    probe.text += DescriptionOf(present, direction, now) + ", ";
    std::ranges::copy(present.decisions, std::back_inserter(probe.met));
  }
  probe.text += probe.as_made ? "as made" : "not as made";
  return probe;
}

std::unique_ptr<Link> Link::Twin(Instant now) const {
  auto twin = std::make_unique<Link>(name_, carrier_, seed_, chain_, now);
  for (const ActiveFault& active : faults_) {
    LinkFault fault = active.fault;
    fault.lease = std::max(active.ends - leases_paused_at_.value_or(now), Duration{1});
    twin->StartFault(std::move(fault), now);
  }
  twin->TakeDecisions();
  twin->TakeConnectionEnd();
  return twin;
}

std::optional<Duration> Link::RoundTrip(Instant now) const {
  constexpr std::uint8_t kProbe = 0;
  const std::unique_ptr<Link> twin = Twin(now);
  Instant at = now + (carrier_ == LinkCarrier::kStream ? twin->OpenConnection() : Duration{0});
  for (Channel* channel : {&twin->to_gateway_, &twin->to_node_}) {
    channel->Offer(ByteView(&kProbe, 1), at);
    const auto due = channel->NextDue();
    if (!due) return std::nullopt;
    at = *due;
  }
  return at - now;
}

Duration Link::ClockError(Instant now) const {
  // A fault of both directions stands in both chains, and the node has one clock.
  const Duration error = to_gateway_.ClockError(now);
  return error != Duration{0} ? error : to_node_.ClockError(now);
}

std::optional<ConnectionEnd> Link::TakeConnectionEnd() {
  const auto up = to_gateway_.TakeConnectionEnd();
  const auto down = to_node_.TakeConnectionEnd();
  if (up == ConnectionEnd::kReset || down == ConnectionEnd::kReset) return ConnectionEnd::kReset;
  return up ? up : down;
}

Chain Link::ChainFor(LinkDirection direction) const {
  Chain chain = chain_;
  for (const ActiveFault& active : faults_) {
    if (!ActsOn(active.fault, direction)) continue;
    if (active.fault.in_place) {
      chain = InPlace(std::move(chain), active.fault.chain);
    } else {
      chain.insert(chain.end(), active.fault.chain.begin(), active.fault.chain.end());
    }
  }
  return chain;
}

void Link::Apply(Instant now) {
  to_gateway_.SetChain(ChainFor(LinkDirection::kToGateway), now);
  to_node_.SetChain(ChainFor(LinkDirection::kToNode), now);
}

void Link::PauseLeases(Instant now) {
  if (!leases_paused_at_) leases_paused_at_ = now;
}

void Link::ResumeLeases(Instant now) {
  if (!leases_paused_at_) return;
  for (ActiveFault& active : faults_) active.ends += now - *leases_paused_at_;
  leases_paused_at_.reset();
}

std::optional<Instant> Link::NextChange() const {
  std::optional<Instant> next = Earlier(to_gateway_.NextChange(), to_node_.NextChange());
  if (leases_paused_at_) return next;
  for (const ActiveFault& active : faults_) next = Earlier(next, active.ends);
  return next;
}

std::optional<Instant> Link::NextDeadline() const {
  return Earlier(NextChange(), Earlier(to_gateway_.NextDue(), to_node_.NextDue()));
}

std::vector<std::string> Link::OnDeadline(Instant now) {
  std::vector<std::string> ended;
  to_gateway_.Update(now);
  to_node_.Update(now);
  if (leases_paused_at_) return ended;
  for (const ActiveFault& active : faults_) {
    if (active.ends <= now) ended.push_back(active.fault.id);
  }
  for (const std::string& id : ended) EndFault(id, now);
  return ended;
}

std::vector<Decision> Link::TakeDecisions() {
  std::vector<Decision> decisions = to_gateway_.TakeDecisions();
  for (Decision& decision : to_node_.TakeDecisions()) decisions.push_back(decision);
  return decisions;
}

void Link::Reset() {
  to_gateway_.Reset();
  to_node_.Reset();
}

}  // namespace entente::harness
