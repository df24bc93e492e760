// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a receiver remembers of the entities it heard: the last Entity State of each, to tell a heartbeat from news, and when it was
// heard, to notice that it is gone. Bounded: beyond kHeardEntitiesLimit further entities are not remembered (each of their states
// is then news, and their silence goes unnoticed). Owned by one session.

#include <list>
#include <map>
#include <optional>
#include <vector>

#include "adapters/dis/pdu.h"
#include "base/time.h"

namespace entente::dis {

inline constexpr std::size_t kHeardEntitiesLimit = 10'000;

class HeardEntities {
 public:
  // True when `pdu`, an Entity State, is the entity's last one but for the timestamp: a heartbeat.
  [[nodiscard]] bool IsHeartbeat(const EntityId& id, ByteView pdu) const;
  void Hear(const EntityId& id, ByteView pdu, Instant at);
  void Forget(const EntityId& id);
  // The last Entity State; empty when the entity is not known.
  [[nodiscard]] ByteView LastState(const EntityId& id) const;
  // Since when the longest unheard one has not been heard.
  [[nodiscard]] std::optional<Instant> oldest() const;
  // Forgets, and gives the last states of, entities not heard since `before` or earlier; oldest first.
  std::vector<Bytes> TakeUnheardSince(Instant before);
  [[nodiscard]] std::size_t size() const { return entities_.size(); }

 private:
  struct Entity {
    EntityId id;
    Bytes last;
    Instant at;
  };
  std::list<Entity> by_age_;  // longest unheard first
  std::map<EntityId, std::list<Entity>::iterator> entities_;
};

}  // namespace entente::dis
