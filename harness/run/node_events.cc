// SPDX-License-Identifier: Apache-2.0
#include "harness/run/node_events.h"

#include <fmt/format.h>

#include <utility>

#include "harness/run/prepared_run.h"

namespace entente::harness {
namespace {

// As a broker or the harness nobody signs but they themselves.
bool MaySignAs(std::string_view writer) {
  return !writer.empty() && !writer.starts_with("broker") && writer != "harness";
}

}  // namespace

void NodeEvents::Append(std::string_view node, const std::string& octets) {
  if (recorder_.Full()) {
    ++lost_;
    return;
  }
  if (lost_ > 0) Say(fmt::format("{} events of nodes were lost while the record took nothing", std::exchange(lost_, 0)));
  google::protobuf::Arena arena(arena_.data(), arena_.size());
  auto& event = *google::protobuf::Arena::CreateMessage<v1::RecordEvent>(&arena);
  if (!event.ParseFromString(octets)) return Say(fmt::format("an event of {} that is none", node));
  if (MaySignAs(event.writer())) return recorder_.AppendSigned(octets, event);
  recorder_.Append(node, event);
}

void NodeEvents::Say(std::string_view text) {
  recorder_.Append(writer_, ProcessFaultEvent("record", text, clock_.Read()));
}

}  // namespace entente::harness
