// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tells what a node hears of us and only says back: the same octets, or the same content about an object that it has from us. Such
// an echo ends at the gateway; else two bridges between two networks would feed each other for ever. Bounded: the oldest are
// forgotten.

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "adapters/api/codec.h"
#include "adapters/gateway/core/rendering.h"
#include "proto/message_id.h"

namespace entente::gateway {

class EchoFilter {
 public:
  static constexpr std::size_t kUnits = 8192;  // at least one message's, however many those are
  static constexpr std::size_t kObjects = 4096;

  explicit EchoFilter(const adapter::Codec& codec) : codec_(codec) {}

  // The node was sent `message`, which is about this object (empty: none), so. `rendering` holds units.
  void Remember(const MessageKey& message, const std::string& object_id, const Rendering& rendering);

  // The message that this one says back; std::nullopt: it is no echo.
  [[nodiscard]] std::optional<MessageKey> OriginalOf(const v1::Envelope& said, std::span<const std::string> unit_hashes,
                                                     const adapter::NodeOptions& options, Now now) const;

 private:
  // The 16 octets of a unit's hash, each as good as random.
  using UnitKey = std::array<std::uint64_t, 2>;
  struct FirstOctets {
    std::size_t operator()(const UnitKey& key) const { return key[0]; }
  };

  // Of an object: the last that the node was sent about it. Not the rendering, whose ledger is most of it.
  struct Sent {
    MessageKey message;
    std::string form;
    std::vector<SharedBytes> units;
  };
  // All that is remembered of older ones: a rendering is a hundred times the size of its hashes.
  struct SentUnits {
    MessageKey message;
    std::vector<UnitKey> units;
  };

  static UnitKey KeyOf(std::string_view hash);
  void ForgetOldest();
  [[nodiscard]] bool SaysTheSame(const v1::Envelope& said, const Sent& sent, const adapter::NodeOptions& options, Now now) const;

  const adapter::Codec& codec_;
  std::deque<SentUnits> sent_;
  std::size_t units_sent_ = 0;                                           // in sent_
  std::unordered_map<UnitKey, const MessageKey*, FirstOctets> by_unit_;  // messages in sent_: the latest of equal units
  std::unordered_map<std::string, Sent> objects_;
  std::deque<std::string> object_order_;
};

}  // namespace entente::gateway
