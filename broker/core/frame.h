// SPDX-License-Identifier: Apache-2.0
#pragma once

// Frames of the bus (ClientFrame, BrokerFrame) without re-encoding envelopes. Both put `repeated bytes envelope` in field 1, so
// that a record (tag, length, envelope) of a frame received is a record of a frame sent, and concatenated records are a frame.

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "broker/core/shared_slice.h"
#include "entente/v1/bus.pb.h"

namespace entente::broker {

// Fields of one frame, all kinds together. More: the stream is closed with the reason.
inline constexpr std::size_t kFrameFields = 16 * 1024;

struct EnvelopeRecord {
  ByteView record;  // tag, length, envelope
  ByteView envelope;
};

// Reused from frame to frame: it keeps its capacity.
struct FrameParts {
  std::vector<EnvelopeRecord> envelopes;
  std::string control;  // all other fields, as octets of the same message
};

// Splits a frame. Errors: larger than `max_octets`, framing broken, more than kFrameFields fields.
Status SplitFrame(ByteView frame, std::size_t max_octets, FrameParts& parts);

// Octets of a record around an envelope of this size.
std::size_t RecordOctets(std::size_t envelope_octets);
void AppendRecord(Bytes& frame, ByteView envelope);
// Appends the fields of a frame message that holds no envelopes.
void AppendControl(Bytes& frame, const google::protobuf::MessageLite& control);

Bytes GoodbyeFrame(std::string_view reason);

}  // namespace entente::broker
