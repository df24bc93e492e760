// SPDX-License-Identifier: Apache-2.0
#include "broker/record/jetstream/stream_verifier.h"

#include <fmt/format.h>

#include "broker/record/jetstream/stream_setup.h"

namespace entente::record {
namespace {

constexpr std::string_view kAdvice = "compare with another copy of the record; do not go by this one";

}  // namespace

Result<StreamVerifier::Taken> StreamVerifier::Take(const StreamSource::Message& message) {
  const std::string where = fmt::format("{}, message {}", where_, message.sequence);
  if (message.sequence != messages_ + 1) {
    return Fail(ErrorCode::kDataLoss, fmt::format("message {} is missing before it", messages_ + 1), where, std::string(kAdvice));
  }
  const std::string writer = WriterOf(stream_, message.subject);
  const Result<ChainFrame> frame = ParseChainFrame(message.octets, where);
  if (!frame) return std::unexpected(frame.error());
  const Placing placing = book_.Place(writer, *frame);
  if (placing == Placing::kForeign) {
    return Fail(ErrorCode::kDataLoss,
                fmt::format("frame {} of {} does not follow the frame before it: altered, moved, or another writer's",
                            frame->number, writer),
                where, std::string(kAdvice));
  }
  ++messages_;
  return Taken{placing, writer};
}

}  // namespace entente::record
