// SPDX-License-Identifier: Apache-2.0
#pragma once

// A log of AIVDM lines as what a session receives: one chunk per line, with the time of its TAG block, else that which a coast
// guard receiver writes behind the sentence (",r003669946,1325394060"), else none.

#include <vector>

#include "adapters/api/adapter_info.h"

namespace entente::ais {

std::vector<adapter::AdapterInfo::RecordedChunk> SplitRecording(ByteView file);

}  // namespace entente::ais
