// SPDX-License-Identifier: Apache-2.0
#include "proto/routed_span.h"

#include <gmock/gmock.h>

namespace entente {
namespace {

using ::testing::ElementsAre;

v1::RouteDecision Released(const std::string& node, std::uint64_t first_delivery) {
  v1::RouteDecision decision;
  decision.set_node(node);
  decision.set_released(true);
  decision.set_first_delivery(first_delivery);
  return decision;
}

v1::RouteDecision Withheld(const std::string& node) {
  v1::RouteDecision decision;
  decision.set_node(node);
  decision.set_reason("above clearance");
  return decision;
}

// "5x2: FRA/hq 10, NOR/hq withheld" per run.
std::vector<std::string> Runs(const v1::SpanRouted& span, bool sound = true) {
  std::vector<std::string> texts;
  EXPECT_EQ(sound, ForEachRun(span, [&](const v1::MessageRouted& run) {
              std::string text = std::to_string(run.first().sequence()) + "x" + std::to_string(run.count()) + ":";
              for (const v1::RouteDecision& decision : run.decisions()) {
                text += " " + decision.node() + " " +
                        (decision.released() ? std::to_string(decision.first_delivery()) : decision.reason());
              }
              texts.push_back(text);
            }));
  return texts;
}

// To both, to the first alone, to nobody that subscribed.
v1::SpanRouted Span() {
  v1::SpanRouted span;
  span.mutable_first()->set_origin("DEU/brigade");
  span.mutable_first()->set_sequence(5);
  v1::SpanRoute& both = *span.add_routes();
  *both.add_decisions() = Released("FRA/hq", 10);
  *both.add_decisions() = Released("NOR/hq", 70);
  v1::SpanRoute& one = *span.add_routes();
  *one.add_decisions() = Released("FRA/hq", 10);
  *one.add_decisions() = Withheld("NOR/hq");
  span.add_routes();
  return span;
}

TEST(RoutedSpan, CountsEachNodesDeliveriesAcrossTheRoutes) {
  v1::SpanRouted span = Span();
  span.set_route_of(std::string("\1\0\0\1\2\0", 6));
  EXPECT_THAT(Runs(span), ElementsAre("5x1: FRA/hq 10 NOR/hq above clearance", "6x2: FRA/hq 11 NOR/hq 70",
                                      "8x1: FRA/hq 13 NOR/hq above clearance", "9x1:", "10x1: FRA/hq 14 NOR/hq 72"));
}

TEST(RoutedSpan, RunHasTheOriginOfTheSpan) {
  v1::SpanRouted span = Span();
  span.set_route_of(std::string(1, '\0'));
  EXPECT_TRUE(ForEachRun(span, [](const v1::MessageRouted& run) { EXPECT_EQ(run.first().origin(), "DEU/brigade"); }));
}

TEST(RoutedSpan, StopsAtARouteThatItDoesNotHave) {
  v1::SpanRouted span = Span();
  span.set_route_of(std::string("\2\3\2", 3));
  EXPECT_THAT(Runs(span, false), ElementsAre("5x1:"));
}

TEST(RoutedSpan, EmptySpanSaysNothing) {
  EXPECT_THAT(Runs({}), ElementsAre());
}

}  // namespace
}  // namespace entente
