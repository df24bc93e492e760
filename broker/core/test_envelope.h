// SPDX-License-Identifier: Apache-2.0
#pragma once

// Envelopes and frames for the broker's tests and benchmarks.

#include <string>
#include <string_view>

#include "broker/core/frame.h"
#include "broker/policy/test_policy.h"
#include "entente/v1/message.pb.h"

namespace entente::broker::testing {

inline v1::Envelope TestTrack(std::string_view origin, std::uint64_t incarnation, v1::Precedence precedence, std::uint64_t sequence,
                              std::string_view object = {}) {
  v1::Envelope envelope;
  envelope.mutable_id()->set_origin(std::string(origin));
  envelope.mutable_id()->set_incarnation(incarnation);
  envelope.mutable_id()->set_precedence(precedence);
  envelope.mutable_id()->set_sequence(sequence);
  envelope.set_family(v1::FAMILY_TRACK);
  *envelope.mutable_label() = TestLabel("UNCLASSIFIED");
  envelope.set_object_id(std::string(object));
  envelope.mutable_track();
  return envelope;
}

inline Bytes Octets(const google::protobuf::MessageLite& message) {
  return ToBytes(message.SerializeAsString());
}

}  // namespace entente::broker::testing
