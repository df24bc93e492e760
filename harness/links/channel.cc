// SPDX-License-Identifier: Apache-2.0
#include "harness/links/channel.h"

#include <algorithm>

namespace entente::harness {
namespace {

constexpr std::string_view kOutageRule = "outage";
constexpr std::string_view kQueueRule = "queue";
// Stream octets given out at once.
constexpr std::size_t kTakenOctets = 64UL * 1024;

std::uint64_t NextBlock(std::uint64_t offset) {
  return (offset + kBlockOctets - 1) / kBlockOctets * kBlockOctets;
}

}  // namespace

Channel::Channel(ChannelConfig config)
    : stream_{std::move(config.link), config.direction, config.carrier, config.seed},
      limit_octets_(config.limit_octets),
      chain_(MakeChain()) {}

std::vector<Decision> Channel::Offer(ByteView octets, Instant now) {
  if (stream_.carrier == LinkCarrier::kDatagram) {
    OfferDatagram(octets, now);
  } else {
    OfferStream(octets, now);
  }
  return TakeDecisions();
}

void Channel::OfferDatagram(ByteView octets, Instant now) {
  const Transit transit{datagrams_++, octets.size(), true, now, now};
  if (cut_) {
    decisions_.push_back(Decide(stream_, kOutageRule, transit, DecisionKind::kLost));
  } else if (octets_under_way_ + octets.size() > limit_octets_) {
    decisions_.push_back(Decide(stream_, kQueueRule, transit, DecisionKind::kLost));
  } else if (const auto due = Impair(transit)) {
    Enqueue(*due, octets);
  }
}

void Channel::OfferStream(ByteView octets, Instant now) {
  if (cut_) {
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
    const Transit transit{.unit = held_until_ / kBlockOctets, .octets = kBlockOctets};
    decisions_.push_back(Decide(stream_, kOutageRule, transit, DecisionKind::kHeld));
  }
}

void Channel::Advance(ByteView octets, Instant now) {
  while (!octets.empty()) {
    const std::uint64_t in_block = offset_ % kBlockOctets;
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(octets.size(), kBlockOctets - in_block));
    const auto due = Impair({offset_ / kBlockOctets, size, in_block == 0, now, now});
    last_due_ = std::max(last_due_, due.value_or(now));
    Enqueue(last_due_, octets.first(size));
    offset_ += size;
    octets = octets.subspan(size);
  }
}

std::optional<Instant> Channel::Impair(Transit transit) {
  for (const auto& impairment : chain_) {
    if (auto decision = impairment->Apply(stream_, conditions_, transit)) decisions_.push_back(*std::move(decision));
  }
  return transit.lost ? std::nullopt : std::optional(transit.due);
}

void Channel::Enqueue(Instant due, ByteView octets) {
  queue_.emplace(QueueKey{due, arrivals_++}, ToBytes(octets));
  octets_under_way_ += octets.size();
}

std::optional<Instant> Channel::NextDue() const {
  return queue_.empty() ? std::nullopt : std::optional(queue_.begin()->first.first);
}

std::optional<Bytes> Channel::Take(Instant now) {
  const auto is_due = [&] { return !queue_.empty() && queue_.begin()->first.first <= now; };
  if (!is_due()) return std::nullopt;
  Bytes taken = std::move(queue_.begin()->second);
  queue_.erase(queue_.begin());
  while (stream_.carrier == LinkCarrier::kStream && is_due() && taken.size() + queue_.begin()->second.size() <= kTakenOctets) {
    const Bytes& next = queue_.begin()->second;
    taken.insert(taken.end(), next.begin(), next.end());
    queue_.erase(queue_.begin());
  }
  octets_under_way_ -= taken.size();
  return taken;
}

void Channel::SetCut(bool cut, Instant now) {
  cut_ = cut;
  if (cut || held_.empty()) return;
  const Bytes held = std::exchange(held_, {});
  octets_under_way_ -= held.size();
  Advance(held, now);
}

void Channel::Reset() {
  offset_ = NextBlock(offset_ + held_.size());
  queue_.clear();
  held_.clear();
  octets_under_way_ = 0;
  last_due_ = {};
}

}  // namespace entente::harness
