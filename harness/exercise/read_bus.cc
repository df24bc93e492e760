// SPDX-License-Identifier: Apache-2.0

// How the bus keeps what it accepts: its key, and what only all of it together can tell.

#include <fmt/format.h>

#include "harness/exercise/cross_check.h"
#include "harness/exercise/quantity.h"
#include "harness/exercise/read_sections.h"

namespace entente::harness {

v1::BusPlan ReadBus(const Section& bus) {
  v1::BusPlan plan;
  if (bus.Has("mode")) plan.set_mode(bus.Text("mode") == "relay" ? v1::BusPlan::RELAY : v1::BusPlan::DURABLE);
  if (!bus.Has("jetstream")) return plan;
  const Section section = bus.Sub("jetstream");
  v1::JetStream& jetstream = *plan.mutable_jetstream();
  for (const std::string& server : section.Texts("servers")) jetstream.add_servers(server);
  jetstream.set_stream(section.Text("stream"));
  jetstream.set_replicas(static_cast<std::uint32_t>(section.Value("replicas", &ParseInteger)));
  return plan;
}

void CheckBus(const v1::Exercise& exercise, const Places& places, Problems& problems) {
  const v1::BusPlan& bus = exercise.bus();
  if (bus.has_jetstream() && bus.mode() == v1::BusPlan::RELAY) {
    problems.Add(ErrorCode::kInvalidArgument, places.Of("bus.mode"),
                 "several brokers go by the order of their record, so that a message counts once it is there",
                 "leave out the mode, or the record on JetStream");
  }
}

}  // namespace entente::harness
