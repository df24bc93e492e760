// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/heard_entities.h"

#include <algorithm>

namespace entente::dis {
namespace {

constexpr std::size_t kTimestampOffset = 4;
constexpr std::size_t kTimestampEnd = 8;

bool EqualButForTimestamp(ByteView a, ByteView b) {
  return a.size() == b.size() && a.size() >= kHeaderOctets &&
         std::ranges::equal(a.first(kTimestampOffset), b.first(kTimestampOffset)) &&
         std::ranges::equal(a.subspan(kTimestampEnd), b.subspan(kTimestampEnd));
}

}  // namespace

bool HeardEntities::IsHeartbeat(const EntityId& id, ByteView pdu) const {
  return EqualButForTimestamp(LastState(id), pdu);
}

void HeardEntities::Hear(const EntityId& id, ByteView pdu, Instant at) {
  if (const auto known = entities_.find(id); known != entities_.end()) {
    Entity& entity = *known->second;
    entity.last.assign(pdu.begin(), pdu.end());
    entity.at = at;
    by_age_.splice(by_age_.end(), by_age_, known->second);
    return;
  }
  if (entities_.size() >= kHeardEntitiesLimit) return;
  by_age_.push_back({id, ToBytes(pdu), at});
  entities_.emplace(id, std::prev(by_age_.end()));
}

void HeardEntities::Forget(const EntityId& id) {
  const auto known = entities_.find(id);
  if (known == entities_.end()) return;
  by_age_.erase(known->second);
  entities_.erase(known);
}

ByteView HeardEntities::LastState(const EntityId& id) const {
  const auto known = entities_.find(id);
  return known == entities_.end() ? ByteView{} : ByteView(known->second->last);
}

std::optional<Instant> HeardEntities::oldest() const {
  return by_age_.empty() ? std::nullopt : std::optional(by_age_.front().at);
}

std::vector<Bytes> HeardEntities::TakeUnheardSince(Instant before) {
  std::vector<Bytes> gone;
  while (!by_age_.empty() && by_age_.front().at <= before) {
    gone.push_back(std::move(by_age_.front().last));
    entities_.erase(by_age_.front().id);
    by_age_.pop_front();
  }
  return gone;
}

}  // namespace entente::dis
