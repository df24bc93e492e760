// SPDX-License-Identifier: Apache-2.0
#include "broker/core/unsaid_routes.h"

#include <algorithm>

namespace entente::broker {
namespace {

const v1::MessageId& FirstOf(const v1::RecordEvent& routed) {
  return routed.has_span_routed() ? routed.span_routed().first() : routed.message_routed().first();
}

std::uint64_t LastSequenceOf(const v1::RecordEvent& routed) {
  const std::uint64_t count = routed.has_span_routed() ? routed.span_routed().route_of().size() : routed.message_routed().count();
  return FirstOf(routed).sequence() + count - 1;
}

std::size_t LaneOf(const v1::MessageId& id) {
  return static_cast<std::size_t>(std::clamp<int>(id.precedence(), 1, 4) - 1);
}

}  // namespace

void UnsaidRoutes::Add(v1::RecordEvent routed) {
  routes_.push_back(std::move(routed));
}

void UnsaidRoutes::Said(const v1::RecordEvent& routed) {
  const v1::MessageId& first = FirstOf(routed);
  SaidUpTo& said = said_[first.origin()];
  if (said.incarnation != first.incarnation()) said = {.incarnation = first.incarnation(), .sequence = {}};
  std::uint64_t& sequence = said.sequence[LaneOf(first)];
  sequence = std::max(sequence, LastSequenceOf(routed));
  while (!routes_.empty() && IsSaid(routes_.front())) routes_.pop_front();
}

std::vector<v1::RecordEvent> UnsaidRoutes::Take() {
  std::erase_if(routes_, [this](const v1::RecordEvent& routed) { return IsSaid(routed); });
  std::vector<v1::RecordEvent> routes{std::make_move_iterator(routes_.begin()), std::make_move_iterator(routes_.end())};
  routes_.clear();
  said_.clear();
  return routes;
}

bool UnsaidRoutes::IsSaid(const v1::RecordEvent& routed) const {
  const v1::MessageId& first = FirstOf(routed);
  const auto said = said_.find(first.origin());
  return said != said_.end() && said->second.incarnation == first.incarnation() &&
         LastSequenceOf(routed) <= said->second.sequence[LaneOf(first)];
}

}  // namespace entente::broker
