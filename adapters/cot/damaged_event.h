// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the damage rules of this folder share: an XML event edited as text. A rule is a function from a right unit to the broken
// one, std::nullopt where it does not apply: to another notation, or to an event without the part.

#include <optional>
#include <span>
#include <string_view>

#include "adapters/api/damage.h"

namespace entente::cot {

using DamagedEvent = std::optional<Bytes>;

// An XML event from its start tag to its end tag.
bool IsXmlEvent(ByteView unit);
// `length` octets from `at` on become `with`.
DamagedEvent Replaced(ByteView unit, std::size_t at, std::size_t length, std::string_view with);
// The first attribute of that name behind the first `element` ("<point").
DamagedEvent WithValue(ByteView unit, std::string_view element, std::string_view name, std::string_view value);
DamagedEvent WithoutAttribute(ByteView unit, std::string_view element, std::string_view name);
// A further attribute of the first `element`: " qos=\"1-r-c\"".
DamagedEvent WithAttribute(ByteView unit, std::string_view element, std::string_view attribute);
// Before the last `closing` tag ("</detail>").
DamagedEvent WithInside(ByteView unit, std::string_view closing, std::string_view text);
// Without the first element that starts with `opening` and ends with `closing`.
DamagedEvent WithoutElement(ByteView unit, std::string_view opening, std::string_view closing);

std::span<const adapter::DamageRule> XmlDamage();    // of XML itself
std::span<const adapter::DamageRule> EventDamage();  // of the event's schema
std::span<const adapter::DamageRule> TakDamage();    // of TAK protocol v1

}  // namespace entente::cot
