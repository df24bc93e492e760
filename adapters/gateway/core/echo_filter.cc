// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/echo_filter.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <cstring>

#include "base/invariant.h"

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

}  // namespace

EchoFilter::UnitKey EchoFilter::KeyOf(std::string_view hash) {
  UnitKey key;
  ENTENTE_INVARIANT(hash.size() == sizeof(key));
  std::memcpy(key.data(), hash.data(), sizeof(key));
  return key;
}

void EchoFilter::Remember(const MessageKey& message, const std::string& object_id, const Rendering& rendering) {
  SentUnits& sent = sent_.emplace_back(SentUnits{message, {}});
  for (const std::string& hash : rendering.unit_hashes()) {
    sent.units.push_back(KeyOf(hash));
    by_unit_.insert_or_assign(sent.units.back(), &sent.message);
  }
  units_sent_ += sent.units.size();
  while (units_sent_ > kUnits && sent_.size() > 1) ForgetOldest();
  if (object_id.empty()) return;
  const auto [object, fresh] = objects_.try_emplace(object_id);
  if (fresh) object_order_.push_back(object_id);
  object->second = {message, rendering.form(), rendering.encoded()->units};
  if (object_order_.size() > kObjects) {
    objects_.erase(object_order_.front());
    object_order_.pop_front();
  }
}

void EchoFilter::ForgetOldest() {
  const SentUnits& oldest = sent_.front();
  for (const UnitKey& unit : oldest.units) {
    const auto found = by_unit_.find(unit);
    if (found != by_unit_.end() && found->second == &oldest.message) by_unit_.erase(found);
  }
  units_sent_ -= oldest.units.size();
  sent_.pop_front();
}

std::optional<MessageKey> EchoFilter::OriginalOf(const v1::Envelope& said, std::span<const std::string> unit_hashes,
                                                 const adapter::NodeOptions& options, Now now) const {
  for (const std::string& hash : unit_hashes) {
    if (const auto unit = by_unit_.find(KeyOf(hash)); unit != by_unit_.end()) return *unit->second;
  }
  const auto object = objects_.find(said.object_id());
  if (object == objects_.end() || !SaysTheSame(said, object->second, options, now)) return std::nullopt;
  return object->second.message;
}

bool EchoFilter::SaysTheSame(const v1::Envelope& said, const Sent& sent, const adapter::NodeOptions& options, Now now) const {
  const adapter::DecodeContext context{sent.form, options, now};
  return std::ranges::any_of(sent.units, [&](const SharedBytes& octets) {
    const auto unit = codec_.Decode(*octets, context);
    return unit && std::ranges::any_of(unit->messages, [&](const auto& message) { return SameContent(said, message.envelope); });
  });
}

}  // namespace entente::gateway
