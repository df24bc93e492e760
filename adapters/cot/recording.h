// SPDX-License-Identifier: Apache-2.0
#pragma once

// A file of XML events, one after another as on a stream.

#include <vector>

#include "adapters/api/adapter_info.h"

namespace entente::cot {

// One chunk per event, with the event's own time; what is no event comes without a time, for the session to refuse.
std::vector<adapter::AdapterInfo::RecordedChunk> SplitRecording(ByteView file);

}  // namespace entente::cot
