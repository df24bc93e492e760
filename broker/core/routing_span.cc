// SPDX-License-Identifier: Apache-2.0
#include "broker/core/routing_span.h"

#include <algorithm>

namespace entente::broker {
namespace {

// Below this share of the frame a run is copied out of it: a queue then keeps at most eight times its own octets alive.
constexpr std::size_t kSharedPartOfFrame = 8;

std::uint32_t OffsetIn(ByteView record, const void* at) {
  return static_cast<std::uint32_t>(static_cast<const std::uint8_t*>(at) - record.data());
}

RunEntry EntryOf(const RoutingHeader& header, ByteView record) {
  return {.sequence = header.sequence,
          .stale_at_ns = header.stale_at_ns,
          .length = static_cast<std::uint32_t>(record.size()),
          .object_offset = header.object_id.empty() ? 0 : OffsetIn(record, header.object_id.data()),
          .object_length = static_cast<std::uint32_t>(header.object_id.size()),
          .label_offset = header.label.empty() ? 0 : OffsetIn(record, header.label.data()),
          .label_length = static_cast<std::uint32_t>(header.label.size()),
          .has_label = header.has_label,
          .conflates = header.family == v1::FAMILY_TRACK && !header.object_id.empty()};
}

// Neighbours in the frame become one.
void AppendStretch(std::vector<ByteView>& stretches, ByteView record) {
  if (!stretches.empty() && stretches.back().data() + stretches.back().size() == record.data()) {
    stretches.back() = {stretches.back().data(), stretches.back().size() + record.size()};
  } else {
    stretches.push_back(record);
  }
}

}  // namespace

bool RoutingSpan::Add(const RoutingHeader& header, ByteView record, const std::shared_ptr<const Route>& route) {
  if (empty()) {
    incarnation_ = header.incarnation;
    precedence_ = header.precedence;
  } else if (header.sequence != first_sequence() + size() || header.incarnation != incarnation_) {
    return false;
  }
  const std::size_t place = Find(route);
  if (place == kRoutes) return false;
  if (place == routes_.size()) {
    routes_.push_back(route);
    messages_of_.push_back(0);
  }
  ++messages_of_[place];
  messages_.push_back({record, EntryOf(header, record), static_cast<std::uint8_t>(place)});
  return true;
}

// Most routes come from the router's cache, and are the same when they are equal.
std::size_t RoutingSpan::Find(const std::shared_ptr<const Route>& route) const {
  auto found = std::ranges::find(routes_, route);
  if (found == routes_.end()) found = std::ranges::find_if(routes_, [&](const auto& known) { return *known == *route; });
  return static_cast<std::size_t>(found - routes_.begin());
}

void RoutingSpan::Clear() {
  messages_.clear();
  routes_.clear();
  messages_of_.clear();
}

std::string RoutingSpan::RouteOfEach() const {
  std::string routes;
  routes.reserve(messages_.size());
  for (const Message& message : messages_) routes.push_back(static_cast<char>(message.route));
  return routes;
}

std::shared_ptr<const Run> RoutingSpan::RunOf(RouteSet routes, std::string_view stable_origin, const SharedSlice& frame,
                                              UtcTime queued_at) const {
  const auto run = std::make_shared<Run>();
  run->origin = stable_origin;
  run->incarnation = incarnation_;
  run->precedence = precedence_;
  run->queued_at = queued_at;
  run->entries.reserve(messages_.size());
  std::vector<ByteView> stretches;
  std::uint32_t octets = 0;
  for (const Message& message : messages_) {
    if ((routes >> message.route & 1) == 0) continue;
    RunEntry& entry = run->entries.emplace_back(message.entry);
    entry.offset = octets;
    octets += entry.length;
    if (entry.stale_at_ns != 0) run->first_stale_at_ns = std::min(run->first_stale_at_ns, entry.stale_at_ns);
    AppendStretch(stretches, message.record);
  }
  const bool shared = stretches.size() == 1 && octets * kSharedPartOfFrame >= frame.size();
  run->records = shared ? frame.Part(stretches.front()) : SharedSlice::Joined(stretches, octets);
  return run;
}

}  // namespace entente::broker
