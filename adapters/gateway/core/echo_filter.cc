// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/echo_filter.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>

namespace entente::gateway {
namespace {

std::string BodyOctets(const v1::Envelope& message) {
  const auto* const descriptor = v1::Envelope::descriptor();
  const auto* const reflection = v1::Envelope::GetReflection();
  const auto* const body = reflection->GetOneofFieldDescriptor(message, descriptor->FindOneofByName("body"));
  return body == nullptr ? std::string() : reflection->GetMessage(message, body).SerializeAsString();
}

bool SameContent(const v1::Envelope& a, const v1::Envelope& b) {
  return a.body_case() == b.body_case() && a.times().observed().utc_ns() == b.times().observed().utc_ns() &&
         BodyOctets(a) == BodyOctets(b);
}

template <typename Map>
void ForgetOldest(Map& map, std::deque<std::string>& order, std::size_t limit) {
  while (order.size() > limit) {
    map.erase(order.front());
    order.pop_front();
  }
}

}  // namespace

void EchoFilter::RememberUnit(const std::string& unit_hash, const MessageKey& message) {
  if (units_.insert_or_assign(unit_hash, message).second) unit_order_.push_back(unit_hash);
  ForgetOldest(units_, unit_order_, kUnits);
}

void EchoFilter::RememberObject(const std::string& object_id, const MessageKey& message,
                                std::shared_ptr<const EncodeResult> encoded, std::string_view form) {
  if (object_id.empty()) return;
  const bool is_new = objects_.insert_or_assign(object_id, Sent{message, std::move(encoded), std::string(form)}).second;
  if (is_new) object_order_.push_back(object_id);
  ForgetOldest(objects_, object_order_, kObjects);
}

std::optional<MessageKey> EchoFilter::OriginalOf(const v1::Envelope& said, std::span<const std::string> unit_hashes,
                                                 const adapter::NodeOptions& options, Now now) const {
  for (const std::string& hash : unit_hashes) {
    if (const auto unit = units_.find(hash); unit != units_.end()) return unit->second;
  }
  const auto object = objects_.find(said.object_id());
  if (object == objects_.end() || !SaysTheSame(said, object->second, options, now)) return std::nullopt;
  return object->second.message;
}

bool EchoFilter::SaysTheSame(const v1::Envelope& said, const Sent& sent, const adapter::NodeOptions& options, Now now) const {
  const adapter::DecodeContext context{sent.form, options, now};
  return std::ranges::any_of((*sent.encoded)->units, [&](const SharedBytes& octets) {
    const auto unit = codec_.Decode(*octets, context);
    return unit && std::ranges::any_of(unit->messages, [&](const auto& message) { return SameContent(said, message.envelope); });
  });
}

}  // namespace entente::gateway
