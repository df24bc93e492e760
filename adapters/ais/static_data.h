// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a receiver knows of ships beside their positions: names and types come in messages of their own, some minutes apart.
// StaticMemory adds them to the tracks of the same MMSI; HalfIdentities joins parts A and B of message 24. Both are bounded.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/api/codec.h"
#include "base/time.h"

namespace entente::ais {

class StaticMemory {
 public:
  // More ships: the one with the smallest MMSI is forgotten.
  static constexpr std::size_t kMaxShips = 8192;

  void Learn(const v1::Identity& identity);
  // Adds name, radio callsign, IMO number and type of ship where the track has none and they are known.
  void Complete(adapter::DecodedMessage& track) const;

 private:
  struct Ship {
    std::string name;
    std::string radio_callsign;
    std::uint32_t imo = 0;
    std::uint32_t ship_type = 0;
  };
  std::map<std::uint32_t, Ship> ships_;
};

class HalfIdentities {
 public:
  static constexpr std::size_t kMaxHalves = 256;
  // Part B follows part A within a minute: ITU-R M.1371-5 Annex 8 §3.22.
  static constexpr Duration kTimeout = std::chrono::minutes(1);

  struct Half {
    Bytes octets;
    adapter::DecodedMessage message;
    Instant since;
  };

  // A part A is held; what it displaces (an older part A of the same ship, or the oldest of too many) comes back.
  std::optional<Half> Hold(std::uint32_t mmsi, Half part_a);
  // The part A that a part B completes.
  std::optional<Half> TakeFor(std::uint32_t mmsi);
  // A part A whose B did not come; every one that is held when `now` is not given.
  std::optional<Half> TakeExpired(std::optional<Instant> now);
  [[nodiscard]] std::optional<Instant> NextDeadline() const;

 private:
  using Halves = std::map<std::uint32_t, Half>;
  [[nodiscard]] Halves::const_iterator Oldest() const;
  Half Take(Halves::const_iterator half);

  Halves halves_;
};

// Part A's name into part B's identity; both payloads are kept.
adapter::DecodedMessage Join(const adapter::DecodedMessage& part_a, adapter::DecodedMessage part_b);

}  // namespace entente::ais
