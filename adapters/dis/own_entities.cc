// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/own_entities.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/dis/dead_reckoning.h"
#include "adapters/dis/pdu_reader.h"
#include "adapters/dis/pdu_writer.h"
#include "adapters/dis/timestamp.h"
#include "adapters/dis/vocabulary.h"
#include "base/invariant.h"

namespace entente::dis {
namespace {

// All that dead reckoning does not foresee.
bool SaysTheSame(const EntityState& a, const EntityState& b) {
  return a.force == b.force && a.type == b.type && a.alternative_type == b.alternative_type && a.appearance == b.appearance &&
         a.dead_reckoning.algorithm == b.dead_reckoning.algorithm && a.marking == b.marking && a.capabilities == b.capabilities &&
         std::ranges::equal(a.variable_parameters, b.variable_parameters);
}

// The state at a later time, by its own dead reckoning; its timestamp moves along.
Bytes Moved(ByteView pdu, Duration elapsed) {
  auto state = ReadEntityState(pdu);
  ENTENTE_INVARIANT(state.has_value());
  const Pose pose = DeadReckon(*state, elapsed);
  if (geo::IsFinite(pose.location)) state->location = {pose.location.x, pose.location.y, pose.location.z};
  if (pose.orientation != PoseOf(*state).orientation) {
    state->orientation = {static_cast<float>(pose.orientation.psi), static_cast<float>(pose.orientation.theta),
                          static_cast<float>(pose.orientation.phi)};
  }
  const bool absolute = IsAbsolute(state->header.timestamp);
  state->header.timestamp = ToTimestamp(UtcTime(PastHour(state->header.timestamp) + elapsed), absolute);
  return *Write(*state);
}

}  // namespace

std::string OwnEntities::WithinReckoning(const EntityState& state, const Options& options) const {
  const auto known = entities_.find(state.entity);
  if (known == entities_.end()) return {};
  const auto last = ReadEntityState(known->second->pdu);
  if (!last || !SaysTheSame(*last, state)) return {};
  const Pose reckoned = DeadReckon(*last, Between(last->header.timestamp, state.header.timestamp));
  const Pose said = PoseOf(state);
  const double distance = geo::Norm(said.location - reckoned.location);
  const double angle = AngleBetweenDeg(said.orientation, reckoned.orientation);
  if (!(distance < options.threshold_m && angle < options.threshold_deg)) return {};
  return fmt::format("{:.2f} m and {:.2f} degrees from where receivers reckon it (thresholds {} m, {} degrees)", distance, angle,
                     options.threshold_m, options.threshold_deg);
}

bool OwnEntities::Repeats(const EntityState& state, ByteView pdu, std::int64_t stale_at_ns) {
  constexpr std::size_t kTimestampAt = 4;
  constexpr std::size_t kTimestampEnd = 8;
  if (state.velocity != Vector32{} || state.dead_reckoning.angular_velocity != Vector32{}) return false;
  const auto known = entities_.find(state.entity);
  if (known == entities_.end()) return false;
  const Bytes& last = known->second->pdu;
  if (last.size() != pdu.size() || !std::ranges::equal(ByteView(last).first(kTimestampAt), pdu.first(kTimestampAt)) ||
      !std::ranges::equal(ByteView(last).subspan(kTimestampEnd), pdu.subspan(kTimestampEnd))) {
    return false;
  }
  known->second->stale_at_ns = stale_at_ns;
  return true;
}

void OwnEntities::Said(const EntityState& state, ByteView pdu, std::int64_t stale_at_ns, Now now) {
  if (const auto known = entities_.find(state.entity); known != entities_.end()) {
    by_age_.erase(known->second);
    entities_.erase(known);
  }
  if ((state.appearance & kDeactivated) != 0 || entities_.size() >= kOwnEntitiesLimit) return;
  by_age_.push_back({state.entity, ToBytes(pdu), now.instant, now.instant, stale_at_ns});
  entities_.emplace(state.entity, std::prev(by_age_.end()));
}

std::optional<Instant> OwnEntities::NextDue(Duration heartbeat) const {
  return by_age_.empty() ? std::nullopt : std::optional(by_age_.front().issued + heartbeat);
}

std::vector<Bytes> OwnEntities::TakeDue(Duration heartbeat, Now now) {
  std::vector<Bytes> due;
  while (!by_age_.empty() && by_age_.front().issued + heartbeat <= now.instant) {
    Entity& entity = by_age_.front();
    if (entity.stale_at_ns != 0 && entity.stale_at_ns <= ToNanoseconds(now.utc)) {
      entities_.erase(entity.id);
      by_age_.pop_front();
      continue;
    }
    due.push_back(Moved(entity.pdu, now.instant - entity.said));
    entity.issued = now.instant;
    by_age_.splice(by_age_.end(), by_age_, by_age_.begin());
  }
  return due;
}

}  // namespace entente::dis
