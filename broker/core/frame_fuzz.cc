// SPDX-License-Identifier: Apache-2.0
// Whatever SplitFrame accepts and the protobuf parser too holds the same envelopes.

#include "base/invariant.h"
#include "broker/core/frame.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace entente;
  broker::FrameParts parts;
  if (!broker::SplitFrame({data, size}, 1024 * 1024, parts)) return 0;
  v1::ClientFrame parsed;
  if (!parsed.ParseFromArray(data, static_cast<int>(size))) return 0;
  ENTENTE_INVARIANT(static_cast<std::size_t>(parsed.envelope_size()) == parts.envelopes.size());
  for (int i = 0; i < parsed.envelope_size(); ++i) {
    ENTENTE_INVARIANT(parsed.envelope(i) == AsText(parts.envelopes[static_cast<std::size_t>(i)].envelope));
  }
  v1::ClientFrame control;
  ENTENTE_INVARIANT(control.ParseFromString(parts.control));
  parsed.clear_envelope();
  ENTENTE_INVARIANT(control.SerializeAsString() == parsed.SerializeAsString());
  return 0;
}
