// SPDX-License-Identifier: Apache-2.0
#include "harness/run/message_probe.h"

#include <fmt/format.h>

namespace entente::harness {

void MessageProbes::Add(std::string_view node, const MessageProbe& probe) {
  messages_ += probe.sent;
  places_ += probe.sent > 0 ? 1 : 0;
  if (met_.empty() && !probe.met.empty()) met_ = fmt::format("at {} {}", node, probe.met);
}

v1::LinkProbe MessageProbes::Found() const {
  v1::LinkProbe found;
  found.set_link("messages");
  found.set_restored(met_.empty());
  const std::string sent = fmt::format("{} messages at {} access points", messages_, places_);
  found.set_found(met_.empty() ? sent + " pass, as made" : fmt::format("of {} not all pass: {}, not as made", sent, met_));
  return found;
}

}  // namespace entente::harness
