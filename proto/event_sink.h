// SPDX-License-Identifier: Apache-2.0
#pragma once

// How every core hands what happened to the record: a callable, so that no core knows where the record is. The writer sets utc_ns
// and the event; the host sets `writer`.

#include <functional>

#include "entente/v1/record.pb.h"

namespace entente {

using EventSink = std::function<void(v1::RecordEvent)>;

}  // namespace entente
