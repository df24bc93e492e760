// SPDX-License-Identifier: Apache-2.0
// The steps of an Entity State: octets to a filled struct, to the canonical message, and back. What peers need for the first step
// stands in the folder's README.
#include <benchmark/benchmark.h>

#include "adapters/dis/pdu_reader.h"
#include "adapters/dis/pdu_writer.h"
#include "adapters/dis/test_vectors.h"

namespace entente::dis {
namespace {

const Bytes& Unit() {
  static const Bytes octets = FindVector("entity_state_aircraft_v6").octets;
  return octets;
}

void ReadStruct(benchmark::State& bench) {
  for (auto _ : bench) benchmark::DoNotOptimize(ReadEntityState(Unit()));
}
BENCHMARK(ReadStruct);

void WriteStruct(benchmark::State& bench) {
  const auto state = ReadEntityState(Unit());
  for (auto _ : bench) benchmark::DoNotOptimize(Write(*state));
}
BENCHMARK(WriteStruct);

void DecodeMessage(benchmark::State& bench) {
  const auto options = adapter::NodeOptions::Defaults(Info().node_options);
  for (auto _ : bench) benchmark::DoNotOptimize(Info().codec->Decode(Unit(), {"v6", options, VectorTime()}));
}
BENCHMARK(DecodeMessage);

void EncodeMessage(benchmark::State& bench) {
  const auto options = adapter::NodeOptions::Defaults(Info().node_options);
  adapter::HashedObjectIds ids;
  const v1::Envelope& message = FindVector("entity_state_aircraft_v6").message;
  for (auto _ : bench) benchmark::DoNotOptimize(Info().codec->Encode(message, {"v6", options, ids}));
}
BENCHMARK(EncodeMessage);

}  // namespace
}  // namespace entente::dis
