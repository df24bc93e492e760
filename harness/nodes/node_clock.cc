// SPDX-License-Identifier: Apache-2.0
#include "harness/nodes/node_clock.h"

#include <utility>

namespace entente::harness {

Now NodeClock::At(Now now) {
  present_error_ = error_(now.instant);
  return {now.instant, now.utc + present_error_};
}

EventSink InRightTime(EventSink events, const std::unique_ptr<NodeClock>& clock) {
  return [events = std::move(events), &clock](v1::RecordEvent& event) {
    if (clock) event.set_utc_ns(event.utc_ns() - clock->present_error().count());
    events(event);
  };
}

}  // namespace entente::harness
