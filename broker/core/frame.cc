// SPDX-License-Identifier: Apache-2.0
#include "broker/core/frame.h"

#include "broker/core/wire_walk.h"

namespace entente::broker {
namespace {

constexpr std::uint8_t kEnvelopeTag = 1 << 3 | 2;  // field 1, length-delimited, in both frames

std::size_t VarintOctets(std::uint64_t value) {
  std::size_t octets = 1;
  for (; value >= 0x80; value >>= 7) ++octets;
  return octets;
}

std::unexpected<Error> Broken(std::string what) {
  return Fail(ErrorCode::kDataLoss, std::move(what), "bus frame", "both ends must speak entente.v1.Bus, version 1");
}

}  // namespace

Status SplitFrame(ByteView frame, std::size_t max_octets, FrameParts& parts) {
  parts.envelopes.clear();
  parts.control.clear();
  if (frame.size() > max_octets) {
    return Fail(ErrorCode::kExhausted,
                "a frame of " + std::to_string(frame.size()) + " octets, where " + std::to_string(max_octets) + " is the limit",
                "bus frame", "send smaller batches");
  }
  WireWalk walk(frame);
  WireField field;
  const std::uint8_t* start = frame.data();
  for (std::size_t fields = 0; walk.Next(field); ++fields) {
    if (fields == kFrameFields) return Broken("more than " + std::to_string(kFrameFields) + " fields in one frame");
    const ByteView whole(start, walk.position());
    start = walk.position();
    if (field.number != 1) {
      parts.control.append(AsText(whole));
    } else if (field.type == WireType::kLength) {
      parts.envelopes.push_back({whole, field.payload});
    } else {
      return Broken("an envelope that is not octets, at offset " + std::to_string(whole.data() - frame.data()));
    }
  }
  if (!walk.ok()) return Broken("framing broken at offset " + std::to_string(walk.offset()));
  return {};
}

std::size_t RecordOctets(std::size_t envelope_octets) {
  return 1 + VarintOctets(envelope_octets) + envelope_octets;
}

void AppendRecord(Bytes& frame, ByteView envelope) {
  frame.push_back(kEnvelopeTag);
  std::size_t length = envelope.size();
  for (; length >= 0x80; length >>= 7) frame.push_back(static_cast<std::uint8_t>(length | 0x80));
  frame.push_back(static_cast<std::uint8_t>(length));
  frame.insert(frame.end(), envelope.begin(), envelope.end());
}

void AppendControl(Bytes& frame, const google::protobuf::MessageLite& control) {
  const std::size_t before = frame.size();
  const std::size_t octets = control.ByteSizeLong();
  frame.resize(before + octets);
  control.SerializeWithCachedSizesToArray(frame.data() + before);
}

Bytes GoodbyeFrame(std::string_view reason) {
  v1::BrokerFrame control;
  control.mutable_goodbye()->set_reason(std::string(reason));
  Bytes frame;
  AppendControl(frame, control);
  return frame;
}

}  // namespace entente::broker
