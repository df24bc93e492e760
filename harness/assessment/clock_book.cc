// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/clock_book.h"

namespace entente::harness {

std::int64_t UncertaintyBetween(const ClockReading& a, const ClockReading& b) {
  return a.clock == b.clock ? 0 : a.error_ns + b.error_ns;
}

void ClockBook::On(const std::string& writer, const v1::ClockEstimated& event) {
  if (clocks_.size() >= kClocks && !clocks_.contains(writer)) return;
  const auto [at, fresh] = clocks_.try_emplace(writer);
  if (fresh) at->second.number = static_cast<std::uint32_t>(clocks_.size());
  at->second.offset_ns = event.offset_ns();
  at->second.error_ns = event.error_ns();
  at->second.node = event.node();
}

void ClockBook::On(const v1::NodeAttached& event) {
  if (event.broker().empty() || (brokers_.size() >= kClocks && !brokers_.contains(event.node()))) return;
  brokers_[event.node()] = event.broker();
}

ClockReading ClockBook::Read(std::int64_t utc_ns, std::string_view writer) const {
  ClockReading reading{.at_ns = utc_ns, .error_ns = 0, .clock = 0};
  const auto clock = clocks_.find(writer);
  if (clock == clocks_.end()) return reading;
  reading.at_ns += clock->second.offset_ns;
  reading.error_ns = clock->second.error_ns;
  reading.clock = clock->second.number;
  // From the broker's time to the record's.
  const auto broker = brokers_.find(clock->second.node);
  const auto reference = broker == brokers_.end() ? clocks_.end() : clocks_.find(broker->second);
  if (clock->second.node.empty() || reference == clocks_.end() || reference == clock) return reading;
  reading.at_ns += reference->second.offset_ns;
  reading.error_ns += reference->second.error_ns;
  return reading;
}

}  // namespace entente::harness
