// SPDX-License-Identifier: Apache-2.0
// What the relay costs without sockets: from a publisher's frame of 128 envelopes of 198 octets to frames for one or eight nodes.

#include <benchmark/benchmark.h>

#include <limits>

#include "broker/core/relay.h"
#include "broker/core/routing_header.h"
#include "broker/core/test_envelope.h"

namespace entente::broker {
namespace {

constexpr int kBatch = 128;
constexpr std::size_t kEnvelopeOctets = 198;
constexpr auto kOrigin = "DEU/brigade";

v1::Envelope BenchEnvelope(std::uint64_t sequence) {
  v1::Envelope envelope = testing::TestTrack(kOrigin, 7, v1::PRECEDENCE_ROUTINE, sequence, "object-17");
  *envelope.mutable_label() = testing::ReleasableTo(testing::TestLabel("RESTRICTED"), {"FRA", "NORTH"});
  envelope.set_stale_at_ns(std::numeric_limits<std::int64_t>::max());
  std::string padding;
  while (envelope.ByteSizeLong() < kEnvelopeOctets) envelope.set_conversation_id(padding += 'x');
  return envelope;
}

v1::Hello BenchHello(const std::string& node) {
  v1::Hello hello;
  hello.set_version(1);
  hello.set_node(node);
  hello.set_incarnation(7);
  if (node != kOrigin) hello.add_subscriptions();
  hello.set_credit_octets(std::uint64_t{1} << 40);
  return hello;
}

// Sequences are patched into the same octets: fixed width, far from its varint's next length.
class Publisher {
 public:
  SharedSlice NextFrame() {
    Bytes frame;
    frame.reserve(kBatch * (kEnvelopeOctets + 3));
    for (int i = 0; i < kBatch; ++i) {
      const std::uint64_t sequence = next_++;
      for (std::size_t octet = 0; octet < 5; ++octet) {
        octets_[at_ + octet] = static_cast<std::uint8_t>((sequence >> (7 * octet) & 0x7F) | (octet < 4 ? 0x80 : 0));
      }
      AppendRecord(frame, octets_);
    }
    return SharedSlice(std::move(frame));
  }

 private:
  std::uint64_t next_ = std::uint64_t{1} << 28;
  Bytes octets_ = testing::Octets(BenchEnvelope(next_));
  // The id: tag, length, origin, incarnation, precedence, then the sequence's tag and five octets at its end.
  std::size_t at_ = 2 + octets_[1] - 5U;
};

void WalkHeader(benchmark::State& state) {
  const Bytes octets = testing::Octets(BenchEnvelope(1));
  for (auto _ : state) benchmark::DoNotOptimize(WalkRoutingHeader(octets));
  state.SetItemsProcessed(state.iterations());
  state.SetLabel("envelopes/s");
  state.counters["octets"] = static_cast<double>(octets.size());
}
BENCHMARK(WalkHeader);

void RelayFanOut(benchmark::State& state, const EventSink& sink) {
  const PolicyGuard guard(testing::TestPolicy());
  Relay relay({.exercise = "bench"}, guard, sink);
  const Now now{};
  std::vector<std::string> nodes;
  for (int i = 0; i < state.range(0); ++i) nodes.push_back("FRA/node" + std::to_string(i));
  static_cast<void>(relay.Attach(BenchHello(kOrigin), {}, now));
  for (const std::string& node : nodes) static_cast<void>(relay.Attach(BenchHello(node), {}, now));
  Publisher publisher;
  std::uint64_t delivered = 0;
  for (auto _ : state) {
    static_cast<void>(relay.OnFrame(kOrigin, publisher.NextFrame(), now));
    for (const std::string_view node : relay.TakeReady()) {
      while (auto frame = relay.NextFrame(node, now)) benchmark::DoNotOptimize(frame);
    }
    delivered += kBatch;
    v1::ClientFrame acknowledge;
    acknowledge.add_acknowledgement()->set_precedence(v1::PRECEDENCE_ROUTINE);
    acknowledge.mutable_acknowledgement(0)->set_delivery(delivered);
    const SharedSlice octets(testing::Octets(acknowledge));
    for (const std::string& node : nodes) static_cast<void>(relay.OnFrame(node, octets, now));
  }
  if (relay.counters().delivered != delivered * nodes.size()) state.SkipWithError("not everything was delivered");
  state.SetItemsProcessed(state.iterations() * kBatch * state.range(0));
  state.SetLabel("deliveries/s");
}

void RelayOnly(benchmark::State& state) {
  RelayFanOut(state, {});
}
BENCHMARK(RelayOnly)->ArgName("nodes")->Arg(1)->Arg(8);

void RelayWithEvents(benchmark::State& state) {
  RelayFanOut(state, [](v1::RecordEvent event) { benchmark::DoNotOptimize(event); });
}
BENCHMARK(RelayWithEvents)->ArgName("nodes")->Arg(1)->Arg(8);

}  // namespace
}  // namespace entente::broker
