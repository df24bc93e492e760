// SPDX-License-Identifier: Apache-2.0
#include "adapters/cot/recording.h"

#include "adapters/cot/event_xml.h"
#include "adapters/cot/stream_framer.h"

namespace entente::cot {

std::vector<adapter::AdapterInfo::RecordedChunk> SplitRecording(ByteView file) {
  std::vector<adapter::AdapterInfo::RecordedChunk> chunks;
  StreamFramer framer;
  framer.Append(file);
  while (auto piece = framer.Next()) {
    Event event;
    auto& chunk = chunks.emplace_back(ToBytes(piece->octets), std::nullopt);
    if (!piece->error && ReadXml(piece->octets, event)) chunk.time = event.head.time.time;
  }
  if (auto rest = framer.Rest()) chunks.emplace_back(ToBytes(rest->octets), std::nullopt);
  return chunks;
}

}  // namespace entente::cot
