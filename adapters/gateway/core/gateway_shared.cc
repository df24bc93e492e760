// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/gateway_shared.h"

#include <charconv>

namespace entente::gateway {
namespace {

// A number space is named by a scheme alone ("mmsi"), or by a scheme and the leading parts of its ids ("dis-entity 7:1", whose
// number 9 is the native id "dis-entity", "7:1:9").
struct Numbered {
  std::string space;
  std::uint64_t number = 0;
};

std::optional<Numbered> NumberOf(const v1::NativeId& native) {
  const std::string& value = native.value();
  const std::size_t colon = value.rfind(':');
  const std::size_t first_digit = colon == std::string::npos ? 0 : colon + 1;
  Numbered numbered;
  const char* const end = value.data() + value.size();
  const auto [rest, error] = std::from_chars(value.data() + first_digit, end, numbered.number);
  if (error != std::errc{} || rest != end) return std::nullopt;
  numbered.space = native.scheme();
  if (colon != std::string::npos) numbered.space += ' ' + value.substr(0, colon);
  return numbered;
}

v1::NativeId NativeOf(const adapter::HashedObjectIds::Assignment& assignment) {
  v1::NativeId native;
  const std::size_t space = assignment.scheme.find(' ');
  native.set_scheme(assignment.scheme.substr(0, space));
  const std::string leading = space == std::string::npos ? "" : assignment.scheme.substr(space + 1) + ':';
  native.set_value(leading + std::to_string(assignment.number));
  return native;
}

}  // namespace

GatewayShared::GatewayShared(EventSink record, std::size_t message_limit)
    : ids([this](const adapter::HashedObjectIds::Assignment& assignment) { assigned_.push_back(assignment); }),
      messages(message_limit),
      record_(std::move(record)) {}

std::string GatewayShared::ObjectIdOf(const v1::NativeId& native) const {
  if (const auto numbered = NumberOf(native)) {
    const std::string_view object = ids.ObjectOf(numbered->space, numbered->number);
    if (!object.empty()) return std::string(object);
  }
  if (names.Knows(native.value())) return native.value();
  return native.scheme() + ':' + native.value();
}

void GatewayShared::Record(v1::RecordEvent& event, Now now) const {
  event.set_utc_ns(ToNanoseconds(now.utc));
  record_(event);
}

void GatewayShared::Record(EgressedMessage message, Now now) const {
  message.utc_ns = ToNanoseconds(now.utc);
  record_(message);
}

void GatewayShared::RecordAssignments(Now now) {
  for (const auto& assignment : assigned_) {
    v1::RecordEvent event;
    v1::IdentityAssigned& said = *event.mutable_identity_assigned();
    said.set_object_id(assignment.object_id);
    *said.mutable_native() = NativeOf(assignment);
    said.set_collision(assignment.collision);
    Record(std::move(event), now);
  }
  assigned_.clear();
}

}  // namespace entente::gateway
