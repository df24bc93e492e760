// SPDX-License-Identifier: Apache-2.0
#pragma once

// AIS as a codec: a unit is the sentences of one message, each with its TAG block and line end, as they came. Stateless.

#include "adapters/ais/sentence.h"
#include "adapters/api/codec.h"

namespace entente::ais {

class AisCodec final : public adapter::Codec {
 public:
  [[nodiscard]] adapter::DecodeResult<adapter::DecodedUnit> Decode(ByteView unit,
                                                                   const adapter::DecodeContext& context) const override;
  [[nodiscard]] std::expected<adapter::Encoded, adapter::CannotSay> Encode(const v1::Envelope& message,
                                                                           const adapter::EncodeContext& context) const override;
};

const AisCodec& TheCodec();

// The same for sentences that are parsed already: all of one message, in order. `unit`: their octets.
adapter::DecodeResult<adapter::DecodedUnit> DecodeSentences(std::span<const Sentence> sentences, ByteView unit, const Now& now);

// The next line of `text`, with its line end, taken off it; all of it when there is no line end.
std::string_view TakeLine(std::string_view& text);
// The line without CR and LF.
std::string_view WithoutLineEnd(std::string_view line);

}  // namespace entente::ais
