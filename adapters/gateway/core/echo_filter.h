// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tells what a node hears of us and only says back: the same octets, or the same content about an object that it has from us. Such
// an echo ends at the gateway; else two bridges between two networks would feed each other for ever. Bounded: the oldest are
// forgotten.

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>

#include "adapters/api/codec.h"
#include "adapters/gateway/core/encode_cache.h"
#include "proto/message_id.h"

namespace entente::gateway {

class EchoFilter {
 public:
  static constexpr std::size_t kUnits = 8192;
  static constexpr std::size_t kObjects = 4096;

  explicit EchoFilter(const adapter::Codec& codec) : codec_(codec) {}

  void RememberUnit(const std::string& unit_hash, const MessageKey& message);
  // `encoded` holds units.
  void RememberObject(const std::string& object_id, const MessageKey& message, std::shared_ptr<const EncodeResult> encoded,
                      std::string_view form);

  // The message that this one says back; std::nullopt: it is no echo.
  [[nodiscard]] std::optional<MessageKey> OriginalOf(const v1::Envelope& said, std::span<const std::string> unit_hashes,
                                                     const adapter::NodeOptions& options, Now now) const;

 private:
  struct Sent {
    MessageKey message;
    std::shared_ptr<const EncodeResult> encoded;
    std::string form;
  };

  [[nodiscard]] bool SaysTheSame(const v1::Envelope& said, const Sent& sent, const adapter::NodeOptions& options, Now now) const;

  const adapter::Codec& codec_;
  std::unordered_map<std::string, MessageKey> units_;
  std::deque<std::string> unit_order_;
  std::unordered_map<std::string, Sent> objects_;
  std::deque<std::string> object_order_;
};

}  // namespace entente::gateway
