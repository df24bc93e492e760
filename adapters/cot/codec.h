// SPDX-License-Identifier: Apache-2.0
#pragma once

// CoT events, in XML and in TAK protocol v1, to canonical messages and back.

#include "adapters/api/codec.h"
#include "adapters/cot/event.h"

namespace entente::cot {

// Names of the forms.
inline constexpr std::string_view kFormXml = "xml";
inline constexpr std::string_view kFormXmlMesh = "xml-mesh";
inline constexpr std::string_view kFormTakV1 = "tak-v1";
inline constexpr std::string_view kFormTakV1Mesh = "tak-v1-mesh";

class CotCodec final : public adapter::Codec {
 public:
  [[nodiscard]] adapter::DecodeResult<adapter::DecodedUnit> Decode(ByteView unit,
                                                                   const adapter::DecodeContext& context) const override;
  [[nodiscard]] std::expected<adapter::Encoded, adapter::CannotSay> Encode(const v1::Envelope& message,
                                                                           const adapter::EncodeContext& context) const override;
};

const CotCodec& Codec();

// The unit as an event, in the notation of the form.
adapter::DecodeResult<void> ReadEvent(ByteView unit, std::string_view form, Event& event);
Bytes WriteEvent(const EventHead& head, std::string_view detail, std::string_view form);

}  // namespace entente::cot
