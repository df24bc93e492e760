// SPDX-License-Identifier: Apache-2.0
#pragma once

// Numbers what a node says and puts it on the bus. While the bus is full, messages are held, bounded in octets; then the newest of
// the lowest precedence is refused with that reason. A number is given only when a message is offered to the bus, so that what was
// refused leaves no gap.

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "adapters/api/finding.h"
#include "adapters/api/loss_ledger.h"
#include "adapters/gateway/core/bus_port.h"
#include "adapters/gateway/core/gateway_shared.h"

namespace entente::gateway {

// A message of the node, complete but for its sequence, and what its MessageIngested will say besides.
struct Candidate {
  v1::Envelope envelope;
  std::vector<std::string> unit_hashes{};
  std::vector<adapter::Finding> findings{};
  adapter::LossLedger ledger{};
};

class Publisher {
 public:
  // Held while the bus is full.
  static constexpr std::size_t kHeldOctets = 4UL * 1024 * 1024;

  Publisher(BusPort& bus, GatewayShared& shared, std::size_t held_octets = kHeldOctets)
      : bus_(bus), shared_(shared), held_octets_limit_(held_octets) {}

  void Offer(Candidate candidate, Now now);
  void OnBusReady(Now now);
  // What is still held is refused with this reason.
  void GiveUp(std::string_view reason, Now now);
  // A MessageRefused; the id's sequence is 0, since none was given.
  void Refuse(const Candidate& candidate, std::string_view reason, Now now) const;

  [[nodiscard]] bool blocked() const { return blocked_at_.has_value(); }
  [[nodiscard]] std::size_t held() const { return held_; }

 private:
  struct Held {
    Candidate candidate;
    std::size_t cost = 0;
    SharedBytes octets;  // set once it is numbered
  };
  using Lane = std::deque<Held>;

  // Highest precedence first, until the bus is full.
  void Drain(Now now);
  bool Publish(Held& held, Now now);
  void Number(Held& held, Now now);
  void Trim(Now now);

  static constexpr std::size_t kLanes = v1::Precedence_ARRAYSIZE;
  BusPort& bus_;
  GatewayShared& shared_;
  std::array<Lane, kLanes> lanes_;
  std::array<std::uint64_t, kLanes> sequences_{};
  v1::RecordEvent ingested_;               // filled anew for each, since it keeps its room
  std::optional<std::size_t> blocked_at_;  // the lane that the bus refused last
  std::size_t held_octets_limit_;
  std::size_t held_octets_ = 0;
  std::size_t held_ = 0;
};

}  // namespace entente::gateway
