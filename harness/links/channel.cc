// SPDX-License-Identifier: Apache-2.0
#include "harness/links/channel.h"

#include <algorithm>

namespace entente::harness {
namespace {

constexpr std::string_view kQueueRule = "queue";
// Stream octets given out at once.
constexpr std::size_t kTakenOctets = 64UL * 1024;
// Memory that a queued piece takes beside its octets: counts when a stream comes out in very small ones.
constexpr std::size_t kPieceOctets = 64;

std::uint64_t NextBlock(std::uint64_t offset) {
  return (offset + kBlockOctets - 1) / kBlockOctets * kBlockOctets;
}

void Earliest(std::optional<Instant>& earliest, std::optional<Instant> candidate) {
  if (candidate && (!earliest || *candidate < *earliest)) earliest = candidate;
}

}  // namespace

Channel::Channel(ChannelConfig config)
    : stream_{std::move(config.link), config.direction, config.carrier, config.seed}, limit_octets_(config.limit_octets) {}

void Channel::SetChain(const Chain& chain, Instant now) {
  Update(now);
  std::vector<std::unique_ptr<Impairment>> impairments;
  impairments.reserve(chain.size());
  for (const ImpairmentSpec& spec : chain) {
    const auto same = std::ranges::find(chain_, spec);
    const auto index = static_cast<std::size_t>(same - chain_.begin());
    if (same != chain_.end() && impairments_[index]) {
      impairments.push_back(std::move(impairments_[index]));
    } else {
      impairments.push_back(spec.kind->make({spec.settings, stream_, spec.rule, now}));
      if (impairments.back()->NextReset(now - Duration(1)) == now) ResetConnection(spec.rule);
    }
  }
  const auto holds_back = [](const auto& impairment) { return impairment && impairment->HoldsBack(); };
  if (std::ranges::any_of(impairments_, holds_back) && std::ranges::none_of(impairments, holds_back)) LetGo(now);
  for (const auto& ended : impairments_) {
    if (ended && ended->SpoilsConnection()) ResetConnection(ended->rule());
  }
  chain_ = chain;
  impairments_ = std::move(impairments);
  Update(now);
}

void Channel::LetGo(Instant now) {
  std::map<QueueKey, Queued> queue;
  for (auto& [key, queued] : queue_) queue.emplace(QueueKey{std::min(key.first, now), key.second}, std::move(queued));
  queue_ = std::move(queue);
  last_due_ = std::min(last_due_, now);
}

void Channel::Update(Instant now) {
  const Instant since = std::exchange(updated_, std::max(updated_, now));
  const bool was_shut = gate_ != Gate::kOpen;
  gate_ = Gate::kOpen;
  next_change_.reset();
  for (const auto& impairment : impairments_) {
    const GateState state = impairment->GateAt(now);
    if (state.gate > gate_) {
      gate_ = state.gate;
      gate_rule_ = impairment->rule();
    }
    Earliest(next_change_, state.until);
    if (const auto reset = impairment->NextReset(since); reset && *reset <= now) ResetConnection(impairment->rule());
    Earliest(next_change_, impairment->NextReset(now));
  }
  if (!was_shut || gate_ != Gate::kOpen || held_.empty()) return;
  const Bytes held = std::exchange(held_, {});
  octets_under_way_ -= held.size();
  Advance(held, now);
}

std::vector<Decision> Channel::Offer(ByteView octets, Instant now) {
  if (next_change_) Update(now);
  if (stream_.carrier == LinkCarrier::kDatagram) {
    OfferDatagram(octets, now);
  } else {
    OfferStream(octets, now);
  }
  return TakeDecisions();
}

void Channel::OfferDatagram(ByteView octets, Instant now) {
  const std::uint64_t unit = datagrams_++;
  if (gate_ != Gate::kOpen) return DecideHere(gate_rule_, unit, DecisionKind::kLost, octets.size());
  if (octets_under_way_ + octets.size() > limit_octets_) {
    return DecideHere(kQueueRule, unit, DecisionKind::kLost, octets.size());
  }
  if (impairments_.empty()) return Enqueue(now, {ToBytes(octets), unit});
  Passage passage{.unit = unit, .octets = octets.size(), .arrived = now};
  passage.parcels.push_back({0, ToBytes(octets), now});
  Walk(passage);
  for (Parcel& parcel : passage.parcels) Enqueue(parcel.due, {std::move(parcel.octets), unit});
}

void Channel::OfferStream(ByteView octets, Instant now) {
  if (gate_ != Gate::kOpen) {
    Hold(octets);
  } else {
    Advance(octets, now);
  }
}

void Channel::Hold(ByteView octets) {
  held_.insert(held_.end(), octets.begin(), octets.end());
  octets_under_way_ += octets.size();
  const std::uint64_t end = offset_ + held_.size();
  for (held_until_ = std::max(held_until_, NextBlock(offset_)); held_until_ < end; held_until_ += kBlockOctets) {
    DecideHere(gate_rule_, held_until_ / kBlockOctets, DecisionKind::kHeld, kBlockOctets);
  }
}

void Channel::Advance(ByteView octets, Instant now) {
  while (!octets.empty()) {
    const std::uint64_t in_block = offset_ % kBlockOctets;
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(octets.size(), kBlockOctets - in_block));
    const std::uint64_t unit = offset_ / kBlockOctets;
    if (impairments_.empty()) {
      last_due_ = std::max(last_due_, now);
      Enqueue(last_due_, {ToBytes(octets.first(size)), unit});
    } else {
      const auto at = static_cast<std::size_t>(in_block);
      Passage passage{.unit = unit, .at = at, .octets = size, .arrived = now, .connection_octets = offset_ - connection_};
      passage.parcels.push_back({at, ToBytes(octets.first(size)), now});
      Walk(passage);
      for (Parcel& parcel : passage.parcels) {
        last_due_ = std::max(last_due_, parcel.due);
        Enqueue(last_due_, {std::move(parcel.octets), unit, parcel.alone});
      }
    }
    offset_ += size;
    octets = octets.subspan(size);
  }
}

void Channel::Walk(Passage& passage) {
  for (const auto& impairment : impairments_) impairment->Apply(passage);
  for (const Withdrawal& withdrawal : passage.withdrawn) Withdraw(withdrawal);
  if (passage.end && end_ != ConnectionEnd::kReset) end_ = passage.end;
  std::ranges::move(passage.decisions, std::back_inserter(decisions_));
}

void Channel::Withdraw(const Withdrawal& withdrawal) {
  std::map<QueueKey, Queued> queue;
  for (auto& [key, queued] : queue_) {
    if (queued.unit == withdrawal.unit) {
      octets_under_way_ -= queued.octets.size();
    } else {
      const Duration sooner = queued.unit > withdrawal.unit ? withdrawal.sooner : Duration{0};
      queue.emplace(QueueKey{key.first - sooner, key.second}, std::move(queued));
    }
  }
  queue_ = std::move(queue);
}

void Channel::Enqueue(Instant due, Queued queued) {
  octets_under_way_ += queued.octets.size();
  queue_.emplace(QueueKey{due, arrivals_++}, std::move(queued));
}

void Channel::DecideHere(std::string_view rule, std::uint64_t unit, DecisionKind kind, std::size_t octets, Duration delay) {
  decisions_.push_back({stream_.direction, std::string(rule), unit, kind, delay, octets});
}

std::uint64_t Channel::next_block() const {
  return NextBlock(offset_) / kBlockOctets;
}

void Channel::ResetConnection(std::string_view rule) {
  end_ = ConnectionEnd::kReset;
  DecideHere(rule, next_block(), DecisionKind::kReset, 0);
}

std::optional<Instant> Channel::NextDue() const {
  return queue_.empty() ? std::nullopt : std::optional(queue_.begin()->first.first);
}

std::optional<Bytes> Channel::Take(Instant now) {
  if (next_change_) Update(now);
  const auto is_due = [&] { return !queue_.empty() && queue_.begin()->first.first <= now; };
  if (!is_due()) return std::nullopt;
  const bool alone = queue_.begin()->second.alone || stream_.carrier == LinkCarrier::kDatagram;
  Bytes taken = std::move(queue_.begin()->second.octets);
  queue_.erase(queue_.begin());
  while (!alone && is_due() && !queue_.begin()->second.alone &&
         taken.size() + queue_.begin()->second.octets.size() <= kTakenOctets) {
    const Bytes& next = queue_.begin()->second.octets;
    taken.insert(taken.end(), next.begin(), next.end());
    queue_.erase(queue_.begin());
  }
  octets_under_way_ -= taken.size();
  return taken;
}

std::optional<ConnectionEnd> Channel::TakeConnectionEnd() {
  if (end_ == ConnectionEnd::kClose && !empty()) return std::nullopt;
  return std::exchange(end_, std::nullopt);
}

Duration Channel::OpenConnection() {
  Duration delay{0};
  for (const auto& impairment : impairments_) {
    const Duration later = impairment->OpenDelay();
    if (later > Duration{0}) DecideHere(impairment->rule(), next_block(), DecisionKind::kDelayed, 0, later);
    delay += later;
  }
  return delay;
}

void Channel::NoteClose() {
  for (const auto& impairment : impairments_) {
    const Duration later = impairment->CloseDelay();
    if (later == Duration{0}) continue;
    const bool never = later == Duration::max();
    DecideHere(impairment->rule(), next_block(), never ? DecisionKind::kLost : DecisionKind::kDelayed, 0,
               never ? Duration{0} : later);
  }
}

Duration Channel::CloseDelay() const {
  Duration delay{0};
  for (const auto& impairment : impairments_) delay = std::max(delay, impairment->CloseDelay());
  return delay;
}

Duration Channel::ClockError(Instant now) const {
  Duration error{0};
  for (const auto& impairment : impairments_) error += impairment->ClockError(now);
  return error;
}

bool Channel::full() const {
  const std::size_t pieces = queue_.size() <= 1 ? 0 : queue_.size() * kPieceOctets;
  return octets_under_way_ + pieces >= limit_octets_;
}

void Channel::Reset() {
  offset_ = NextBlock(offset_ + held_.size());
  connection_ = offset_;
  queue_.clear();
  held_.clear();
  octets_under_way_ = 0;
  last_due_ = {};
  end_.reset();
  for (const auto& impairment : impairments_) impairment->OnConnection();
}

}  // namespace entente::harness
