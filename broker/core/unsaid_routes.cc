// SPDX-License-Identifier: Apache-2.0
#include "broker/core/unsaid_routes.h"

#include <algorithm>

namespace entente::broker {
namespace {

std::size_t LaneOf(const v1::MessageId& id) {
  return static_cast<std::size_t>(std::clamp<int>(id.precedence(), 1, 4) - 1);
}

}  // namespace

void UnsaidRoutes::Add(v1::MessageRouted routed) {
  routes_.push_back(std::move(routed));
}

void UnsaidRoutes::Said(const v1::MessageRouted& routed) {
  SaidUpTo& said = said_[routed.first().origin()];
  if (said.incarnation != routed.first().incarnation()) said = {.incarnation = routed.first().incarnation(), .sequence = {}};
  std::uint64_t& sequence = said.sequence[LaneOf(routed.first())];
  sequence = std::max(sequence, routed.first().sequence() + routed.count() - 1);
  while (!routes_.empty() && IsSaid(routes_.front())) routes_.pop_front();
}

std::vector<v1::MessageRouted> UnsaidRoutes::Take() {
  std::erase_if(routes_, [this](const v1::MessageRouted& routed) { return IsSaid(routed); });
  std::vector<v1::MessageRouted> routes{std::make_move_iterator(routes_.begin()), std::make_move_iterator(routes_.end())};
  routes_.clear();
  said_.clear();
  return routes;
}

bool UnsaidRoutes::IsSaid(const v1::MessageRouted& routed) const {
  const auto said = said_.find(routed.first().origin());
  return said != said_.end() && said->second.incarnation == routed.first().incarnation() &&
         routed.first().sequence() + routed.count() - 1 <= said->second.sequence[LaneOf(routed.first())];
}

}  // namespace entente::broker
