// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/waiting_queue.h"

namespace entente::gateway {
namespace {

constexpr std::size_t kOverheadOctets = 256;  // of one entry beside its envelope and names

std::size_t Cost(const WaitingDelivery& delivery) {
  return delivery.envelope.size() + 2 * delivery.track.size() + delivery.id.origin.size() + kOverheadOctets;
}

std::size_t LaneOf(const WaitingDelivery& delivery) {
  return v1::Precedence_IsValid(delivery.id.precedence) ? static_cast<std::size_t>(delivery.id.precedence) : 0;
}

}  // namespace

WaitingDelivery MakeWaiting(std::uint64_t delivery, const v1::Envelope& message, ByteView envelope) {
  return {delivery, KeyOf(message.id()), message.family() == v1::FAMILY_TRACK ? message.object_id() : std::string(),
          ToBytes(envelope)};
}

void WaitingQueue::PutLast(WaitingDelivery delivery, const OnGivenUp& given_up) {
  const std::size_t lane = LaneOf(delivery);
  octets_ += Cost(delivery);
  ++size_;
  lanes_[lane].push_back({std::move(delivery), {}, {}});
  const auto entry = std::prev(lanes_[lane].end());
  if (const std::string& track = entry->delivery.track; !track.empty()) {
    const auto [latest, is_first] = latest_[lane].try_emplace(track, entry);
    if (!is_first) Supersede(std::exchange(latest->second, entry), entry->delivery);
  }
  Trim(given_up);
}

void WaitingQueue::PutFirst(WaitingDelivery delivery, const OnGivenUp& given_up) {
  const std::size_t lane = LaneOf(delivery);
  octets_ += Cost(delivery);
  ++size_;
  lanes_[lane].push_front({std::move(delivery), {}, {}});
  const auto entry = lanes_[lane].begin();
  if (const std::string& track = entry->delivery.track; !track.empty()) {
    const auto [latest, is_only] = latest_[lane].try_emplace(track, entry);
    if (!is_only) Supersede(entry, latest->second->delivery);
  }
  Trim(given_up);
}

std::optional<WaitingDelivery> WaitingQueue::TakeFirst() {
  for (std::size_t lane = kLanes; lane-- > 0;) {
    if (!lanes_[lane].empty()) return Remove(lanes_[lane].begin());
  }
  return std::nullopt;
}

void WaitingQueue::Supersede(Lane::iterator older, const WaitingDelivery& by) {
  older->superseded_by = ToText(by.id);
  conflatable_.push_back(older);
  older->conflatable = std::prev(conflatable_.end());
}

WaitingDelivery WaitingQueue::Remove(Lane::iterator entry) {
  const std::size_t lane = LaneOf(entry->delivery);
  if (entry->conflatable) conflatable_.erase(*entry->conflatable);
  if (const auto latest = latest_[lane].find(entry->delivery.track); latest != latest_[lane].end() && latest->second == entry) {
    latest_[lane].erase(latest);
  }
  octets_ -= Cost(entry->delivery);
  --size_;
  WaitingDelivery removed = std::move(entry->delivery);
  lanes_[lane].erase(entry);
  return removed;
}

void WaitingQueue::Trim(const OnGivenUp& given_up) {
  while (octets_ > limit_octets_ && !conflatable_.empty()) {
    const std::string reason = "conflated by " + conflatable_.front()->superseded_by;
    given_up(Remove(conflatable_.front()), reason);
  }
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    while (octets_ > limit_octets_ && !lanes_[lane].empty()) given_up(Remove(lanes_[lane].begin()), "queue full");
  }
}

}  // namespace entente::gateway
