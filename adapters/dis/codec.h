// SPDX-License-Identifier: Apache-2.0
#pragma once

// Translation of single PDUs: a wire unit of DIS is one PDU (a datagram may bundle several; framing.h parts them). Octets after the
// PDU are tolerated with a finding. Pure, thread-safe.

#include "adapters/api/codec.h"

namespace entente::dis {

class Codec final : public adapter::Codec {
 public:
  [[nodiscard]] adapter::DecodeResult<adapter::DecodedUnit> Decode(ByteView unit,
                                                                   const adapter::DecodeContext& context) const override;
  [[nodiscard]] std::expected<adapter::Encoded, adapter::CannotSay> Encode(const v1::Envelope& message,
                                                                           const adapter::EncodeContext& context) const override;
};

}  // namespace entente::dis
