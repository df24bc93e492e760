// SPDX-License-Identifier: Apache-2.0
#pragma once

// A span: consecutive messages of one origin, incarnation and precedence within one frame, with the route of each. What a span
// costs counts in its routes and in the sets of nodes that these make, not in how often the route changes. Pure.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "broker/core/delivery_run.h"
#include "broker/core/router.h"
#include "broker/core/routing_header.h"
#include "broker/core/shared_slice.h"

namespace entente::broker {

// Some of a span's routes: bit by bit, in their order.
using RouteSet = std::uint64_t;

class RoutingSpan {
 public:
  static constexpr std::size_t kRoutes = 64;  // of one span

  [[nodiscard]] bool empty() const { return messages_.empty(); }
  // False: it is not the next of the span, or takes one route more than a span can have; an empty span takes any. `record` lasts as
  // long as the span's frame.
  bool Add(const RoutingHeader& header, ByteView record, const std::shared_ptr<const Route>& route);
  void Clear();

  [[nodiscard]] std::uint64_t incarnation() const { return incarnation_; }
  [[nodiscard]] v1::Precedence precedence() const { return precedence_; }
  [[nodiscard]] std::uint64_t first_sequence() const { return messages_.front().entry.sequence; }
  [[nodiscard]] std::size_t size() const { return messages_.size(); }
  // Different from one another, in the order of their first messages.
  [[nodiscard]] const std::vector<std::shared_ptr<const Route>>& routes() const { return routes_; }
  [[nodiscard]] std::size_t MessagesOf(std::size_t route) const { return messages_of_[route]; }
  // Of each message, which of the routes it takes.
  [[nodiscard]] std::string RouteOfEach() const;

  // The messages that take one of these routes. The slice shares the frame where they stand side by side in it, unless it is so
  // small a part of the frame that queues would keep its octets alive for little; else it is a copy.
  [[nodiscard]] std::shared_ptr<const Run> RunOf(RouteSet routes, std::string_view stable_origin, const SharedSlice& frame,
                                                 UtcTime queued_at) const;

 private:
  struct Message {
    ByteView record;
    RunEntry entry;  // but for its place in a run
    std::uint8_t route;
  };
  // routes().size(): it is none of them.
  [[nodiscard]] std::size_t Find(const std::shared_ptr<const Route>& route) const;

  std::uint64_t incarnation_ = 0;
  v1::Precedence precedence_ = v1::PRECEDENCE_UNSPECIFIED;
  std::vector<Message> messages_;
  std::vector<std::shared_ptr<const Route>> routes_;
  std::vector<std::size_t> messages_of_;  // by route
};

}  // namespace entente::broker
