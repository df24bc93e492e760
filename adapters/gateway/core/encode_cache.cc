// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/encode_cache.h"

#include "proto/message_id.h"

namespace entente::gateway {
std::shared_ptr<Rendering> EncodeCache::Encode(const adapter::Codec& codec, const v1::Envelope& message, std::string_view recipe,
                                               const adapter::EncodeContext& context) {
  std::string key = ToText(message.id());
  key += '\n';
  key += recipe;
  if (const auto known = index_.find(key); known != index_.end()) {
    ++hits_;
    order_.splice(order_.begin(), order_, known->second);
    return known->second->rendering;
  }
  auto rendering = std::make_shared<Rendering>(codec.Encode(message, context), context.form);
  const std::size_t octets = rendering->octets();
  octets_ += octets;
  order_.push_front({std::move(key), rendering, octets});
  index_.emplace(order_.front().key, order_.begin());
  MakeRoom();
  return rendering;
}

void EncodeCache::MakeRoom() {
  while (order_.size() > entry_limit_ || (octets_ > octet_limit_ && !order_.empty())) {
    octets_ -= order_.back().octets;
    index_.erase(order_.back().key);
    order_.pop_back();
  }
}

}  // namespace entente::gateway
