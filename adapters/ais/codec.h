// SPDX-License-Identifier: Apache-2.0
#pragma once

// AIS as a codec: a unit is the sentences of one message, each with its TAG block and line end, as they came. Stateless.

#include "adapters/ais/line.h"
#include "adapters/ais/message.h"
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

// Sentences of one message, in order, to its fields: without their canonical meaning. `unit`: their octets. Findings are added.
adapter::DecodeResult<Message> ReadSentences(std::span<const Sentence> sentences, ByteView unit,
                                             std::vector<adapter::Finding>& findings);

// The same as the codec does for sentences that are parsed already: all of one message, in order. `unit`: their octets.
adapter::DecodeResult<adapter::DecodedUnit> DecodeSentences(std::span<const Sentence> sentences, ByteView unit, const Now& now);

}  // namespace entente::ais
