// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a span's routing event says of its messages, for those who read the record: run by run, as if each run of messages with the
// same route had an event of its own. Pure.

#include <cstdint>
#include <functional>

#include "entente/v1/record.pb.h"

namespace entente {

// In the order of the span; the run lasts for the call. False: at this place a message takes a route that the span does not have,
// which no broker writes.
bool ForEachRun(const v1::SpanRouted& span, const std::function<void(const v1::MessageRouted&)>& visit);

}  // namespace entente
