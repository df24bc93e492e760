// SPDX-License-Identifier: Apache-2.0
#include "tests/durability/access_law.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "broker/record/log_reader.h"
#include "proto/message_id.h"
#include "proto/routed_span.h"
#include "tests/durability/kill_tablet.h"

namespace entente::durability {
namespace {

using Acknowledged = std::map<v1::Precedence, std::uint64_t>;

// What the record says of messages from one node to another.
struct Said {
  std::map<std::uint64_t, MessageKey> accepted;    // by event number
  std::map<MessageKey, std::uint64_t> deliveries;  // its number at the reader
  std::vector<Acknowledged> acknowledged_before;   // each incarnation of the reader, in order
  std::vector<std::string> faults;
};

void NoteRoute(const v1::MessageRouted& routed, const std::string& reader, Said& said) {
  for (const v1::RouteDecision& decision : routed.decisions()) {
    if (decision.node() != reader || !decision.released()) continue;
    MessageKey key = KeyOf(routed.first());
    for (std::uint64_t i = 0; i < routed.count(); ++i, ++key.sequence) said.deliveries[key] = decision.first_delivery() + i;
  }
}

Said Read(const std::filesystem::path& record, const std::string& sender, const std::string& reader) {
  Said said;
  Acknowledged acknowledged;
  std::set<std::uint64_t> incarnations;
  record::LogReader log(record, {}, {});
  for (;;) {
    const auto next = log.Next();
    if (!next) said.faults.push_back(next.error().Text());
    if (!next || !next->has_value()) return said;
    const v1::RecordEvent& event = (*next)->event;
    if (event.has_message_accepted() && event.message_accepted().id().origin() == sender) {
      const auto number = KillTablet::NumberIn(event.message_accepted().envelope());
      if (number) said.accepted.emplace(*number, KeyOf(event.message_accepted().id()));
    } else if (event.has_message_routed()) {
      NoteRoute(event.message_routed(), reader, said);
    } else if (event.has_span_routed()) {
      const auto note = [&](const v1::MessageRouted& run) { NoteRoute(run, reader, said); };
      if (!ForEachRun(event.span_routed(), note)) said.faults.emplace_back("a routing event lacks a route that it names");
    } else if (event.has_delivery_acknowledged() && event.delivery_acknowledged().node() == reader) {
      acknowledged[event.delivery_acknowledged().precedence()] = event.delivery_acknowledged().delivery();
    } else if (event.has_node_attached() && event.node_attached().node() == reader) {
      if (incarnations.insert(event.node_attached().incarnation()).second) said.acknowledged_before.push_back(acknowledged);
    } else if (event.has_message_dropped()) {
      said.faults.push_back(
          fmt::format("{} was dropped: {}", ToText(event.message_dropped().id()), event.message_dropped().reason()));
    }
  }
}

void CheckComplete(const Said& said, const std::vector<std::vector<std::uint64_t>>& understood, std::vector<std::string>& faults) {
  std::set<std::uint64_t> all;
  for (const auto& connection : understood) all.insert(connection.begin(), connection.end());
  for (const auto& [number, key] : said.accepted) {
    if (!all.contains(number))
      faults.push_back(fmt::format("event {}, {}, was accepted and never understood", number, ToText(key)));
  }
  for (const std::uint64_t number : all) {
    if (!said.accepted.contains(number)) faults.push_back(fmt::format("event {} was understood and is not in the record", number));
  }
}

// Of one incarnation of the sender and one precedence, one connection has each once, and in order.
void CheckOrder(const Said& said, const std::vector<std::uint64_t>& connection, std::vector<std::string>& faults) {
  std::map<std::pair<std::uint64_t, v1::Precedence>, std::uint64_t> last;
  for (const std::uint64_t number : connection) {
    const auto key = said.accepted.find(number);
    if (key == said.accepted.end()) continue;
    std::uint64_t& sequence = last[{key->second.incarnation, key->second.precedence}];
    if (key->second.sequence <= sequence) faults.push_back(fmt::format("{} came after the {}th", ToText(key->second), sequence));
    sequence = key->second.sequence;
  }
}

void CheckNotAgain(const Said& said, const Acknowledged& before, const std::vector<std::uint64_t>& connection,
                   std::vector<std::string>& faults) {
  for (const std::uint64_t number : connection) {
    const auto key = said.accepted.find(number);
    if (key == said.accepted.end()) continue;
    const auto delivery = said.deliveries.find(key->second);
    const auto cursor = before.find(key->second.precedence);
    if (delivery == said.deliveries.end() || cursor == before.end() || delivery->second > cursor->second) continue;
    faults.push_back(fmt::format("{} came again although it had been acknowledged", ToText(key->second)));
  }
}

}  // namespace

std::vector<std::string> AccessFaults(const std::filesystem::path& record, const std::string& sender, const std::string& reader,
                                      const std::vector<std::vector<std::uint64_t>>& understood) {
  const Said said = Read(record, sender, reader);
  std::vector<std::string> faults = said.faults;
  if (said.accepted.empty()) faults.emplace_back("nothing was accepted");
  CheckComplete(said, understood, faults);
  if (said.acknowledged_before.size() != understood.size()) {
    faults.push_back(
        fmt::format("{} connections, and {} incarnations attached", understood.size(), said.acknowledged_before.size()));
    return faults;
  }
  for (std::size_t i = 0; i < understood.size(); ++i) {
    CheckOrder(said, understood[i], faults);
    CheckNotAgain(said, said.acknowledged_before[i], understood[i], faults);
  }
  return faults;
}

}  // namespace entente::durability
