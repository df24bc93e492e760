// SPDX-License-Identifier: Apache-2.0
#pragma once

// What an issuer remembers of the entities it says: the last Entity State of each, for heartbeats, and to know where receivers
// reckon it by now. Bounded: beyond kOwnEntitiesLimit further entities get no heartbeat. Owned by one session.

#include <list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/dis/options.h"
#include "adapters/dis/pdu.h"
#include "base/time.h"

namespace entente::dis {

inline constexpr std::size_t kOwnEntitiesLimit = 10'000;

class OwnEntities {
 public:
  // Empty: the state is news to receivers. Else why it is not: it stays within the thresholds of where they reckon the entity.
  [[nodiscard]] std::string WithinReckoning(const EntityState& state, const Options& options) const;
  // True when it is the Entity State of a resting entity that was said last, but for its timestamp: the heartbeat repeats that anyway,
  // from now on until this `stale_at_ns`. Receivers would take it for a heartbeat.
  bool Repeats(const EntityState& state, ByteView pdu, std::int64_t stale_at_ns);
  // After an Entity State was sent; a deactivated one ends the entity. No heartbeat after `stale_at_ns` (0: never stale).
  void Said(const EntityState& state, ByteView pdu, std::int64_t stale_at_ns, Now now);
  // When the next heartbeat is due.
  [[nodiscard]] std::optional<Instant> NextDue(Duration heartbeat) const;
  // Entity States to send again, moved to where they are by now.
  std::vector<Bytes> TakeDue(Duration heartbeat, Now now);
  [[nodiscard]] std::size_t size() const { return entities_.size(); }

 private:
  struct Entity {
    EntityId id;
    Bytes pdu;
    Instant said;    // first time
    Instant issued;  // last time, heartbeats included
    std::int64_t stale_at_ns = 0;
  };
  std::list<Entity> by_age_;  // longest unsaid first
  std::map<EntityId, std::list<Entity>::iterator> entities_;
};

}  // namespace entente::dis
