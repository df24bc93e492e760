// SPDX-License-Identifier: Apache-2.0
#include "broker/record/record.h"

#include <algorithm>

#include "base/byte_writer.h"

namespace entente::record {

bool EventFilter::Admits(const v1::RecordEvent& event) const {
  if (!events.empty() && std::ranges::find(events, event.event_case()) == events.end()) return false;
  return writers.empty() || std::ranges::find(writers, event.writer()) != writers.end();
}

Digest RecordDigest(std::uint64_t frames, const Digest& head) {
  ByteWriter covered(64);
  covered.Text("entente record 1\n");
  covered.U32Le(static_cast<std::uint32_t>(frames));
  covered.U32Le(static_cast<std::uint32_t>(frames >> 32));
  covered.Octets(head);
  return Sha256(covered.view());
}

}  // namespace entente::record
