// SPDX-License-Identifier: Apache-2.0
// The steps of an Entity State of 144 octets: octets to a filled struct, to the canonical message, and back. open-dis-cpp's figures
// are quoted: 345 ns to unmarshal into a new PDU, 379 ns to marshal one.
#include <benchmark/benchmark.h>

#include <optional>

#include "adapters/dis/pdu_reader.h"
#include "adapters/dis/pdu_writer.h"
#include "adapters/dis/test_vectors.h"

namespace entente::dis {
namespace {

const Bytes& Unit() {
  static const Bytes octets = FindVector("entity_state_aircraft_v6").octets;
  return octets;
}

constexpr double kOpenDisReadNs = 345;
constexpr double kOpenDisWriteNs = 379;

// The row of scripts/bench: nanoseconds of processor time per PDU, beside the peer's where it has that step.
void SayNanoseconds(benchmark::State& bench, std::optional<double> peer_ns = std::nullopt) {
  const double nanoseconds = static_cast<double>(bench.iterations()) * 1e-9;
  const auto per_pdu = benchmark::Counter::kIsRate | benchmark::Counter::kInvert;
  bench.counters["value"] = benchmark::Counter(nanoseconds, per_pdu);
  bench.SetLabel(peer_ns ? "ns; open-dis-cpp, quoted" : "ns");
  if (!peer_ns) return;
  bench.counters["peer_value"] = *peer_ns;
  bench.counters["ratio"] = benchmark::Counter(nanoseconds * *peer_ns, per_pdu);
}

void ReadStruct(benchmark::State& bench) {
  for (auto _ : bench) benchmark::DoNotOptimize(ReadEntityState(Unit()));
  SayNanoseconds(bench, kOpenDisReadNs);
  bench.counters["goal_at_most"] = 0.4;
}
BENCHMARK(ReadStruct);

void WriteStruct(benchmark::State& bench) {
  const auto state = ReadEntityState(Unit());
  for (auto _ : bench) benchmark::DoNotOptimize(Write(*state));
  SayNanoseconds(bench, kOpenDisWriteNs);
}
BENCHMARK(WriteStruct);

void DecodeMessage(benchmark::State& bench) {
  const auto options = adapter::NodeOptions::Defaults(Info().node_options);
  for (auto _ : bench) benchmark::DoNotOptimize(Info().codec->Decode(Unit(), {"v6", options, VectorTime()}));
  SayNanoseconds(bench);
}
BENCHMARK(DecodeMessage);

void EncodeMessage(benchmark::State& bench) {
  const auto options = adapter::NodeOptions::Defaults(Info().node_options);
  adapter::HashedObjectIds ids;
  const v1::Envelope& message = FindVector("entity_state_aircraft_v6").message;
  for (auto _ : bench) benchmark::DoNotOptimize(Info().codec->Encode(message, {"v6", options, ids}));
  SayNanoseconds(bench);
}
BENCHMARK(EncodeMessage);

}  // namespace
}  // namespace entente::dis
