// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/entity_name.h"

#include <fmt/format.h>

#include <charconv>

namespace entente::dis {

std::string ToText(const EntityId& id) {
  return fmt::format("{}:{}:{}", id.site, id.application, id.entity);
}

std::optional<EntityId> ParseEntityId(std::string_view text) {
  EntityId id;
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  for (std::uint16_t* part : {&id.site, &id.application, &id.entity}) {
    const auto [stopped, error] = std::from_chars(at, end, *part);
    if (error != std::errc{}) return std::nullopt;
    at = stopped;
    if (part == &id.entity) break;
    if (at == end || *at != ':') return std::nullopt;
    ++at;
  }
  return at == end ? std::optional(id) : std::nullopt;
}

v1::NativeId ToNative(const EntityId& id) {
  v1::NativeId native;
  native.set_scheme(std::string(kEntityScheme));
  native.set_value(ToText(id));
  return native;
}

std::optional<EntityId> FromNative(const v1::NativeId& native) {
  return native.scheme() == kEntityScheme ? ParseEntityId(native.value()) : std::nullopt;
}

std::optional<EntityId> EntityOf(const v1::NativeId& native, const std::string& object_id, const EntityId& self,
                                 adapter::ObjectIds& ids) {
  if (const auto born_here = FromNative(native)) return born_here;
  const std::string& key = object_id.empty() ? native.value() : object_id;
  if (key.empty()) return std::nullopt;
  const std::string space = fmt::format("{} {}:{}", kEntityScheme, self.site, self.application);
  return EntityId{self.site, self.application, static_cast<std::uint16_t>(ids.Number(space, key, 1, kLastEntity))};
}

}  // namespace entente::dis
