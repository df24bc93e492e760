// SPDX-License-Identifier: Apache-2.0
#include "tests/durability/witness.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "broker/record/log_reader.h"
#include "proto/message_id.h"

namespace entente::durability {
namespace {

std::uint64_t NumberIn(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Up to the next space, taken off the front.
std::string_view Word(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

// What the record says of one node.
struct Recorded {
  std::map<std::uint64_t, std::uint64_t> acknowledged;                                  // per precedence, so far
  std::map<std::uint64_t, std::map<std::uint64_t, std::uint64_t>> acknowledged_before;  // its first attachment, per incarnation
};

}  // namespace

void Witness::Begin(const std::string& node, std::uint64_t incarnation, bool kept_cursors) {
  Life& life = nodes_[node].lives.emplace_back();
  life.incarnation = incarnation;
  life.kept_cursors = kept_cursors;
}

void Witness::Note(const std::string& name, std::string_view line) {
  ++lines_;
  Node& node = nodes_.at(name);
  Life& life = node.lives.back();
  const std::string_view what = Word(line);
  if (what == "accepted" || what == "refused") {
    ++node.receipts;
    if (what == "accepted") accepted_[name].emplace(line);
    if (what == "refused") ++node.refused;
  } else if (what == "delivered") {
    const std::uint64_t precedence = NumberIn(Word(line));
    const std::uint64_t number = NumberIn(Word(line));
    life.delivered.emplace_back(line);
    life.numbers.push_back({precedence, number});
    node.cursors[precedence] = std::max(node.cursors[precedence], number);
    delivered_[name].emplace(line);
  } else if (what == "done") {
    life.done = true;
  }
}

bool Witness::Settled() const {
  return std::ranges::all_of(nodes_, [](const auto& node) { return node.second.lives.back().done; }) && Missing().empty();
}

std::vector<std::string> Witness::Missing() const {
  std::vector<std::string> missing;
  for (const auto& [name, node] : nodes_) {
    if (!node.lives.back().done) missing.push_back("receipts for " + name);
  }
  for (const auto& [origin, ids] : accepted_) {
    for (const auto& [receiver, node] : nodes_) {
      if (receiver == origin) continue;
      const auto got = delivered_.find(receiver);
      for (const std::string& id : ids) {
        if (got == delivered_.end() || !got->second.contains(id)) missing.push_back(fmt::format("{} at {}", id, receiver));
      }
    }
  }
  return missing;
}

std::vector<std::string> Witness::Faults(const std::filesystem::path& record, Repeats repeats) const {
  std::vector<std::string> faults = Missing();
  for (const auto& [name, node] : nodes_) {
    if (node.refused > 0) faults.push_back(fmt::format("{} of {} were refused", node.refused, name));
    for (const Life& life : node.lives) CheckOrder(name, life, faults);
    CheckOnce(name, node, faults);
  }
  CheckAgainstRecord(record, repeats, faults);
  return faults;
}

// Of one origin and precedence, one process gets each message once, and in order.
void Witness::CheckOrder(const std::string& node, const Life& life, std::vector<std::string>& faults) const {
  std::map<std::string, std::uint64_t, std::less<>> last;
  for (const std::string& id : life.delivered) {
    const std::size_t dot = id.rfind('.');
    std::uint64_t& sequence = last[id.substr(0, dot)];
    const std::uint64_t next = NumberIn(std::string_view(id).substr(dot + 1));
    if (next <= sequence) faults.push_back(fmt::format("{} came to {} after its {}th", id, node, sequence));
    sequence = next;
  }
}

// A node that keeps its cursors gets nothing twice, however often it or the broker is killed.
void Witness::CheckOnce(const std::string& name, const Node& node, std::vector<std::string>& faults) const {
  std::set<std::string_view> before;
  for (const Life& life : node.lives) {
    for (const std::string& id : life.delivered) {
      if (!before.insert(id).second && life.kept_cursors) faults.push_back(fmt::format("{} came twice to {}", id, name));
    }
  }
}

// A process that kept nothing goes on behind what the record says was acknowledged before it came, and everything that anybody was
// sent or promised is in the record.
void Witness::CheckAgainstRecord(const std::filesystem::path& record, Repeats repeats, std::vector<std::string>& faults) const {
  record::LogReader reader(record, {}, {});
  std::map<std::string, Recorded> recorded;
  std::map<std::string, std::string> accepted;  // envelopes by id
  for (;;) {
    const auto next = reader.Next();
    if (!next) faults.push_back(next.error().Text());
    if (!next || !next->has_value()) break;
    const v1::RecordEvent& event = (*next)->event;
    if (event.has_message_accepted()) {
      const std::string id = ToText(event.message_accepted().id());
      const auto [known, first] = accepted.emplace(id, event.message_accepted().envelope());
      if (!first && repeats == Repeats::kNone) faults.push_back(id + " is in the record twice");
      if (known->second != event.message_accepted().envelope()) faults.push_back(id + " is in the record with two contents");
    } else if (event.has_delivery_acknowledged()) {
      const v1::DeliveryAcknowledged& said = event.delivery_acknowledged();
      std::uint64_t& cursor = recorded[said.node()].acknowledged[static_cast<std::uint64_t>(said.precedence())];
      cursor = std::max(cursor, said.delivery());
    } else if (event.has_node_attached()) {
      Recorded& node = recorded[event.node_attached().node()];
      node.acknowledged_before.try_emplace(event.node_attached().incarnation(), node.acknowledged);
    } else if (event.has_message_dropped()) {
      faults.push_back(fmt::format("{} was dropped: {}", ToText(event.message_dropped().id()), event.message_dropped().reason()));
    }
  }
  for (const auto& [origin, ids] : accepted_) {
    for (const std::string& id : ids) {
      if (!accepted.contains(id)) faults.push_back(id + " was acknowledged and is not in the record");
    }
  }
  for (const auto& [name, node] : nodes_) {
    for (const Life& life : node.lives) {
      for (std::size_t i = 0; i < life.delivered.size(); ++i) {
        if (!accepted.contains(life.delivered[i])) faults.push_back(life.delivered[i] + " was delivered and is not in the record");
        const auto [precedence, number] = life.numbers[i];
        const auto& before = recorded[name].acknowledged_before[life.incarnation];
        const auto cursor = before.find(precedence);
        if (cursor != before.end() && number <= cursor->second) {
          faults.push_back(fmt::format("{} came again to {} although it had acknowledged it", life.delivered[i], name));
        }
      }
    }
  }
}

}  // namespace entente::durability
