// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a message as it stands on the air to canonical messages. A sentinel never becomes a value: it becomes a field note.

#include <string_view>
#include <vector>

#include "adapters/ais/message.h"
#include "adapters/api/codec.h"

namespace entente::ais {

// What times within the minute are completed from.
struct TimeBase {
  UtcTime utc;
  v1::ClockSource clock = v1::CLOCK_SOURCE_GATEWAY;  // RELAY: a TAG block's c:
};

// The latest time not more than five seconds after `base` that has this second of its minute.
UtcTime CompleteSecond(UtcTime base, std::uint32_t second);

// "012345678": nine digits.
std::string MmsiText(std::uint32_t mmsi);

// `payload`: the armoured characters and fill bits, kept for AIS receivers. `unit`: the octets as they came, for types that are not
// taken apart. Gives one message; two (track and identity) for type 19.
adapter::DecodeResult<std::vector<adapter::DecodedMessage>> ToCanonical(const Message& message, const TimeBase& base,
                                                                        std::string payload, ByteView unit);

// Namespace of the extension that holds the armoured payload: "<fill bits><characters>", one line per message.
inline constexpr std::string_view kPayloadNamespace = "ais-payload";

}  // namespace entente::ais
