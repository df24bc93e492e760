// SPDX-License-Identifier: Apache-2.0
// What deciding a route costs that is not in the cache, with ever more subscriptions that do not match: 1,000 nodes, eight of which
// asked for the message.

#include <benchmark/benchmark.h>

#include "broker/core/router.h"
#include "broker/core/test_envelope.h"

namespace entente::broker {
namespace {

constexpr std::size_t kNodes = 1000;
constexpr std::size_t kRecipients = 8;
constexpr auto kOrigin = "DEU/brigade";

v1::Subscription To(std::string origin) {
  v1::Subscription subscription;
  subscription.add_origin_nodes(std::move(origin));
  subscription.add_families(v1::FAMILY_TRACK);
  return subscription;
}

void RouteAmongSubscriptions(benchmark::State& state) {
  const PolicyGuard guard(testing::TestPolicy());
  Router router(guard, 0);
  const NodeIndex origin = router.AddNode(kOrigin);
  const auto each = static_cast<std::size_t>(state.range(0)) / kNodes;
  for (std::size_t i = 0; i < kNodes; ++i) {
    const NodeIndex node = router.AddNode("FRA/n" + std::to_string(i));
    std::vector<v1::Subscription> subscriptions;
    for (std::size_t s = 0; s < each; ++s) subscriptions.push_back(To("NOR/n" + std::to_string(i * each + s)));
    if (i < kRecipients) subscriptions.push_back(To(kOrigin));
    router.Subscribe(node, std::move(subscriptions));
  }
  const Bytes octets = testing::Octets(testing::TestTrack(kOrigin, 7, v1::PRECEDENCE_ROUTINE, 1));
  const auto header = WalkRoutingHeader(octets);
  if (router.RouteOf(origin, *header)->size() != kRecipients) state.SkipWithError("not the route that was asked for");
  for (auto _ : state) benchmark::DoNotOptimize(router.RouteOf(origin, *header));
  state.SetItemsProcessed(state.iterations());
  state.SetLabel("routes/s");
}
BENCHMARK(RouteAmongSubscriptions)->ArgName("subscriptions")->Arg(1'000)->Arg(10'000)->Arg(100'000);

}  // namespace
}  // namespace entente::broker
