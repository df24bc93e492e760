// SPDX-License-Identifier: Apache-2.0
#include "adapters/cot/damaged_event.h"

#include <string>

namespace entente::cot {
namespace {

// Where ` name="..."` behind `from` lies.
struct Place {
  std::size_t name_at = 0;
  std::size_t value_at = 0;
  std::size_t value_length = 0;
};

std::optional<Place> FindAttribute(std::string_view text, std::string_view name, std::size_t from) {
  for (std::size_t at = text.find(name, from); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t quote = at + name.size() + 1;
    if (at == 0 || text[at - 1] > ' ' || quote >= text.size() || text[quote - 1] != '=') continue;
    const std::size_t end = text.find(text[quote], quote + 1);
    if (end == std::string_view::npos) return std::nullopt;
    return Place{at, quote + 1, end - quote - 1};
  }
  return std::nullopt;
}

std::optional<Place> FindIn(ByteView unit, std::string_view element, std::string_view name) {
  if (!IsXmlEvent(unit)) return std::nullopt;
  const std::string_view text = AsText(unit);
  const std::size_t start = text.find(element);
  if (start == std::string_view::npos) return std::nullopt;
  const auto found = FindAttribute(text, name, start);
  return found && found->name_at < text.find('>', start) ? found : std::nullopt;
}

}  // namespace

bool IsXmlEvent(ByteView unit) {
  return AsText(unit).starts_with("<event ") && AsText(unit).ends_with("</event>");
}

DamagedEvent Replaced(ByteView unit, std::size_t at, std::size_t length, std::string_view with) {
  std::string text(AsText(unit));
  text.replace(at, length, with);
  return ToBytes(text);
}

DamagedEvent WithValue(ByteView unit, std::string_view element, std::string_view name, std::string_view value) {
  const auto found = FindIn(unit, element, name);
  return found ? Replaced(unit, found->value_at, found->value_length, value) : std::nullopt;
}

DamagedEvent WithoutAttribute(ByteView unit, std::string_view element, std::string_view name) {
  const auto found = FindIn(unit, element, name);
  return found ? Replaced(unit, found->name_at, found->value_at + found->value_length + 1 - found->name_at, "") : std::nullopt;
}

DamagedEvent WithAttribute(ByteView unit, std::string_view element, std::string_view attribute) {
  const std::size_t start = AsText(unit).find(element);
  if (!IsXmlEvent(unit) || start == std::string_view::npos) return std::nullopt;
  return Replaced(unit, start + element.size(), 0, attribute);
}

DamagedEvent WithInside(ByteView unit, std::string_view closing, std::string_view text) {
  if (!IsXmlEvent(unit)) return std::nullopt;
  const std::size_t at = AsText(unit).rfind(closing);
  return at == std::string_view::npos ? std::nullopt : Replaced(unit, at, 0, text);
}

DamagedEvent WithoutElement(ByteView unit, std::string_view opening, std::string_view closing) {
  if (!IsXmlEvent(unit)) return std::nullopt;
  const std::size_t at = AsText(unit).find(opening);
  const std::size_t end = AsText(unit).find(closing, at);
  if (at == std::string_view::npos || end == std::string_view::npos) return std::nullopt;
  return Replaced(unit, at, end + closing.size() - at, "");
}

}  // namespace entente::cot
