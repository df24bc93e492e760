// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include "adapters/gateway/core/access_point.h"
#include "adapters/gateway/core/test/line_protocol.h"

namespace entente::gateway {
namespace {

class EndlessBus final : public BusPort {
 public:
  bool Publish(const v1::MessageId&, SharedBytes envelope) override {
    benchmark::DoNotOptimize(envelope);
    return true;
  }
  void Acknowledge(v1::Precedence, std::uint64_t) override {}
};

AccessPointConfig Config(const std::string& node) {
  AccessPointConfig config{.node = *NodeId::Parse(node)};
  config.adapter = &test::LineProtocol();
  config.form = "labelled";
  config.options = adapter::NodeOptions::Defaults(test::LineProtocol().node_options);
  return config;
}

// One unit in; one envelope and two events out.
void Ingress(benchmark::State& state) {
  EndlessBus bus;
  GatewayShared shared([](const v1::RecordEvent& event) { benchmark::DoNotOptimize(&event); });
  AccessPoint point(Config("DEU/a"), bus, shared);
  const Now now{};
  point.OnConnected("bench", now);
  const std::string line = test::TrackLine("alpha", "52.5", 1);
  for (auto _ : state) point.OnReceived(AsBytes(line), now);
  state.SetItemsProcessed(state.iterations());
  state.SetLabel("units/s");
}
BENCHMARK(Ingress);

// One delivery to as many nodes of one form as the argument says.
void Egress(benchmark::State& state) {
  EndlessBus bus;
  GatewayShared shared([](const v1::RecordEvent& event) { benchmark::DoNotOptimize(&event); });
  const Now now{};
  std::vector<std::unique_ptr<AccessPoint>> points;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    points.push_back(std::make_unique<AccessPoint>(Config("DEU/n" + std::to_string(i)), bus, shared));
    points.back()->OnConnected("bench", now);
  }
  v1::Envelope message = test::TrackEnvelope("mmsi:1", 52.5, 1);
  message.mutable_id()->set_origin("FRA/hq");
  message.mutable_id()->set_precedence(v1::PRECEDENCE_ROUTINE);
  std::uint64_t delivery = 0;
  for (auto _ : state) {
    message.mutable_id()->set_sequence(++delivery);
    const std::string octets = message.SerializeAsString();
    for (const auto& point : points) {
      point->OnDelivery(v1::PRECEDENCE_ROUTINE, delivery, AsBytes(octets), now);
      while (point->NextOutput(now)) {
      }
      point->OnWritten(now);
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetLabel("deliveries/s");
}
BENCHMARK(Egress)->ArgName("nodes")->Arg(1)->Arg(8);

}  // namespace
}  // namespace entente::gateway
