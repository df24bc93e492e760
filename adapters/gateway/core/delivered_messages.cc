// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/delivered_messages.h"

#include <algorithm>

namespace entente::gateway {

std::shared_ptr<DeliveredMessage> DeliveredMessage::Read(ByteView octets) {
  std::shared_ptr<DeliveredMessage> message(new DeliveredMessage(octets));
  if (!message->envelope_->ParseFromArray(octets.data(), static_cast<int>(octets.size()))) return nullptr;
  message->key_ = KeyOf(message->envelope_->id());
  return message;
}

std::shared_ptr<DeliveredMessage> DeliveredMessages::Take(ByteView octets) {
  if (const auto known = by_octets_.find(AsText(octets)); known != by_octets_.end()) return known->second;
  auto message = DeliveredMessage::Read(octets);
  if (!message) return nullptr;
  order_.push_back(message);
  by_octets_.emplace(AsText(message->octets()), message);
  octets_ += octets.size();
  MakeRoom();
  return message;
}

std::shared_ptr<Rendering> DeliveredMessages::Encode(DeliveredMessage& message, const adapter::Codec& codec,
                                                     std::string_view recipe, const adapter::EncodeContext& context) {
  const auto known = std::ranges::find(message.renderings_, recipe, [](const auto& each) { return std::string_view(each.first); });
  if (known != message.renderings_.end()) return known->second;
  auto rendering = std::make_shared<Rendering>(codec.Encode(message.envelope(), context), context.form);
  message.renderings_.emplace_back(recipe, rendering);
  if (message.kept_) {
    octets_ += rendering->octets();
    MakeRoom();
  }
  return rendering;
}

void DeliveredMessages::MakeRoom() {
  while (order_.size() > message_limit_ || (octets_ > octet_limit_ && !order_.empty())) {
    DeliveredMessage& oldest = *order_.front();
    octets_ -= oldest.octets().size();
    for (const auto& [recipe, rendering] : oldest.renderings_) octets_ -= rendering->octets();
    oldest.kept_ = false;
    by_octets_.erase(AsText(oldest.octets()));
    order_.pop_front();
  }
}

}  // namespace entente::gateway
