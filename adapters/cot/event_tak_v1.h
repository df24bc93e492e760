// SPDX-License-Identifier: Apache-2.0
#pragma once

// TAK protocol version 1: a TakMessage behind one of two headers. Stream: 0xBF, length as a varint, message. Mesh datagram: 0xBF,
// version as a varint (1), 0xBF, message.

#include "adapters/cot/event.h"
#include "base/bytes.h"

namespace entente::cot {

inline constexpr std::uint8_t kTakMagic = 0xBF;

enum class TakHeader { kStream, kMesh };

// Which notation these octets begin with, whatever was expected; std::nullopt: none of ours.
enum class Notation { kXml, kTakStream, kTakMesh };
std::optional<Notation> NotationOf(ByteView unit);

// `event.head.type` stays empty when the message carries no event, only a contact's announcement. `event` keeps views of its own
// fragment.
adapter::DecodeResult<void> ReadTakV1(ByteView unit, TakHeader header, Event& event);

Bytes WriteTakV1(const EventHead& head, std::string_view detail, TakHeader header);

}  // namespace entente::cot
