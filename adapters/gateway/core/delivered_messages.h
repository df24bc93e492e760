// SPDX-License-Identifier: Apache-2.0
#pragma once

// One message that the bus delivers to several nodes of a gateway is parsed once for all of them, and encoded once for all that
// take it in the same form with equal options. The oldest make room for new ones.

#include <google/protobuf/arena.h>

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "adapters/gateway/core/rendering.h"
#include "base/bytes.h"
#include "proto/message_id.h"

namespace entente::gateway {

class DeliveredMessage {
 public:
  // nullptr: the octets are no envelope.
  static std::shared_ptr<DeliveredMessage> Read(ByteView octets);
  DeliveredMessage(const DeliveredMessage&) = delete;
  DeliveredMessage& operator=(const DeliveredMessage&) = delete;

  [[nodiscard]] const v1::Envelope& envelope() const { return *envelope_; }
  [[nodiscard]] const MessageKey& key() const { return key_; }
  [[nodiscard]] ByteView octets() const { return octets_; }

 private:
  friend class DeliveredMessages;

  explicit DeliveredMessage(ByteView octets)
      : envelope_(google::protobuf::Arena::CreateMessage<v1::Envelope>(&arena_)), octets_(ToBytes(octets)) {}

  google::protobuf::Arena arena_;  // the envelope's parts are made and freed together
  v1::Envelope* const envelope_;
  MessageKey key_;
  const Bytes octets_;
  std::vector<std::pair<std::string, std::shared_ptr<Rendering>>> renderings_;  // by recipe
  bool kept_ = true;                                                            // by the DeliveredMessages that it came from
};

class DeliveredMessages {
 public:
  static constexpr std::size_t kMessages = 4096;
  static constexpr std::size_t kOctets = 16UL * 1024 * 1024;  // as delivered, as encoded, and what the record says of them

  explicit DeliveredMessages(std::size_t messages = kMessages, std::size_t octets = kOctets)
      : message_limit_(messages), octet_limit_(octets) {}
  DeliveredMessages(const DeliveredMessages&) = delete;
  DeliveredMessages& operator=(const DeliveredMessages&) = delete;

  // nullptr: the octets are no envelope.
  std::shared_ptr<DeliveredMessage> Take(ByteView octets);
  // `recipe`: adapter, form and options fingerprint.
  std::shared_ptr<Rendering> Encode(DeliveredMessage& message, const adapter::Codec& codec, std::string_view recipe,
                                    const adapter::EncodeContext& context);

  [[nodiscard]] std::size_t size() const { return order_.size(); }
  [[nodiscard]] std::size_t octets() const { return octets_; }

 private:
  void MakeRoom();

  const std::size_t message_limit_;
  const std::size_t octet_limit_;
  std::size_t octets_ = 0;
  std::deque<std::shared_ptr<DeliveredMessage>> order_;                                // the oldest first
  std::unordered_map<std::string_view, std::shared_ptr<DeliveredMessage>> by_octets_;  // views into those in order_
};

}  // namespace entente::gateway
