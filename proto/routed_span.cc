// SPDX-License-Identifier: Apache-2.0
#include "proto/routed_span.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

namespace entente {
namespace {

// One route: its run, filled in again and again, and where its recipients' deliveries are counted.
class RunOfRoute {
 public:
  RunOfRoute(const v1::SpanRouted& span, const v1::SpanRoute& route, std::map<std::string_view, std::uint64_t>& next_delivery) {
    *run_.mutable_first() = span.first();
    *run_.mutable_decisions() = route.decisions();
    for (const v1::RouteDecision& decision : route.decisions()) {
      const bool released = decision.released();
      next_.push_back(released ? &next_delivery.try_emplace(decision.node(), decision.first_delivery()).first->second : nullptr);
    }
  }
  const v1::MessageRouted& At(std::uint64_t sequence, std::uint64_t count) {
    run_.mutable_first()->set_sequence(sequence);
    run_.set_count(count);
    for (std::size_t i = 0; i < next_.size(); ++i) {
      if (next_[i] == nullptr) continue;
      run_.mutable_decisions(static_cast<int>(i))->set_first_delivery(*next_[i]);
      *next_[i] += count;
    }
    return run_;
  }

 private:
  v1::MessageRouted run_;
  std::vector<std::uint64_t*> next_;  // nullptr: withheld
};

}  // namespace

bool ForEachRun(const v1::SpanRouted& span, const std::function<void(const v1::MessageRouted&)>& visit) {
  std::map<std::string_view, std::uint64_t> next_delivery;
  std::vector<RunOfRoute> runs;
  for (const v1::SpanRoute& route : span.routes()) runs.emplace_back(span, route, next_delivery);
  const std::string& route_of = span.route_of();
  for (auto begin = route_of.begin(); begin != route_of.end();) {
    const auto end = std::find_if(begin, route_of.end(), [begin](char route) { return route != *begin; });
    const auto route = static_cast<std::uint8_t>(*begin);
    if (route >= runs.size()) return false;
    const auto offset = static_cast<std::uint64_t>(begin - route_of.begin());
    visit(runs[route].At(span.first().sequence() + offset, static_cast<std::uint64_t>(end - begin)));
    begin = end;
  }
  return true;
}

}  // namespace entente
