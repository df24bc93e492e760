// SPDX-License-Identifier: Apache-2.0
#pragma once

// The XML notation: <event ...><point .../><detail>...</detail></event>. CoT Base-Event Schema 2.0.

#include "adapters/cot/event.h"
#include "base/bytes.h"

namespace entente::cot {

// The unit may have an XML declaration and white space around the event. `event` keeps views of `unit`.
adapter::DecodeResult<void> ReadXml(ByteView unit, Event& event);

// `detail`: children of <detail> as XML. No declaration in front, nothing behind: exactly the event.
std::string WriteXml(const EventHead& head, std::string_view detail);

// Appends ` name="value"`.
void AppendAttribute(std::string& out, std::string_view name, std::string_view value);
void AppendAttribute(std::string& out, std::string_view name, double value);

}  // namespace entente::cot
