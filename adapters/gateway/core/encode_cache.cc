// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/encode_cache.h"

#include "proto/message_id.h"

namespace entente::gateway {
namespace {

std::size_t OctetsOf(const EncodeResult& result) {
  std::size_t octets = 0;
  if (result) {
    for (const SharedBytes& unit : result->units) octets += unit->size();
  }
  return octets;
}

}  // namespace

std::shared_ptr<const EncodeResult> EncodeCache::Encode(const adapter::Codec& codec, const v1::Envelope& message,
                                                        std::string_view recipe, const adapter::EncodeContext& context) {
  std::string key = ToText(message.id());
  key += '\n';
  key += recipe;
  if (const auto known = index_.find(key); known != index_.end()) {
    ++hits_;
    order_.splice(order_.begin(), order_, known->second);
    return known->second->result;
  }
  auto result = std::make_shared<const EncodeResult>(codec.Encode(message, context));
  const std::size_t octets = OctetsOf(*result);
  octets_ += octets;
  order_.push_front({std::move(key), result, octets});
  index_.emplace(order_.front().key, order_.begin());
  MakeRoom();
  return result;
}

void EncodeCache::MakeRoom() {
  while (order_.size() > entry_limit_ || (octets_ > octet_limit_ && !order_.empty())) {
    octets_ -= order_.back().octets;
    index_.erase(order_.back().key);
    order_.pop_back();
  }
}

}  // namespace entente::gateway
