// SPDX-License-Identifier: Apache-2.0
// Saturated append rate, acknowledgement latency in groups, and what a simulated run and its projection cost.

#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <algorithm>
#include <future>

#include "base/invariant.h"
#include "base/io/system_clock.h"
#include "broker/record/log_reader.h"
#include "broker/record/projection.h"
#include "broker/record/segment_log.h"

namespace entente::record {
namespace {

constexpr std::size_t kEnvelopeOctets = 198;

class Folder {
 public:
  Folder() {
    // Beside the binary, since /tmp may be memory.
    std::string pattern = (std::filesystem::current_path() / "record-bench-XXXXXX").string();
    ENTENTE_INVARIANT(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::vector<v1::RecordEvent> AcceptedBatch(std::int64_t messages) {
  std::vector<v1::RecordEvent> events(static_cast<std::size_t>(messages));
  for (std::size_t i = 0; i < events.size(); ++i) {
    events[i].set_utc_ns(1'767'268'800'000'000'000);
    v1::MessageAccepted& accepted = *events[i].mutable_message_accepted();
    accepted.mutable_id()->set_origin("DEU/brigade");
    accepted.mutable_id()->set_sequence(i + 1);
    accepted.set_envelope(std::string(kEnvelopeOctets, 'e'));
  }
  return events;
}

std::unique_ptr<SegmentLog> Open(const std::filesystem::path& folder, bool simulated, const Clock& clock) {
  Result<std::unique_ptr<SegmentLog>> log = SegmentLog::Open({.directory = folder, .simulated = simulated}, clock);
  ENTENTE_INVARIANT(log.has_value());
  return std::move(*log);
}

// Messages per second through Append to the disk; Append waits when the disk lags.
void BM_AppendSaturated(benchmark::State& state) {
  const SystemClock clock;
  const Folder folder;
  const bool simulated = state.range(1) != 0;
  auto log = Open(folder.path(), simulated, clock);
  const std::vector<v1::RecordEvent> batch = AcceptedBatch(state.range(0));
  for (auto _ : state) ENTENTE_INVARIANT(log->Append(batch).has_value());
  ENTENTE_INVARIANT(log->Close().has_value());
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetLabel("messages/s");
}
BENCHMARK(BM_AppendSaturated)->ArgNames({"batch", "simulated"})->ArgsProduct({{1, 16, 128}, {0, 1}})->UseRealTime();

// The row of scripts/bench is the median.
void SayWaits(benchmark::State& state, std::vector<double> waits_ms) {
  std::ranges::sort(waits_ms);
  state.counters["value"] = waits_ms[waits_ms.size() / 2];
  state.counters["p99_ms"] = waits_ms[waits_ms.size() * 99 / 100];
  state.SetLabel("ms");
}

// From Append to durable, one at a time: a group's wait and one sync.
void BM_DurableLatency(benchmark::State& state) {
  const SystemClock clock;
  const Folder folder;
  auto log = Open(folder.path(), false, clock);
  const std::vector<v1::RecordEvent> batch = AcceptedBatch(16);
  std::vector<double> waits_ms;
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    std::promise<void> durable;
    ENTENTE_INVARIANT(log->Append(batch, [&](const Status&) { durable.set_value(); }).has_value());
    durable.get_future().wait();
    waits_ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
  }
  SayWaits(state, std::move(waits_ms));
}
BENCHMARK(BM_DurableLatency)->UseRealTime();

// At 100,000 messages per second in batches of 100, as performance.md §2 offers them.
void BM_DurableLatencyAt100k(benchmark::State& state) {
  const SystemClock clock;
  const Folder folder;
  auto log = Open(folder.path(), false, clock);
  const std::vector<v1::RecordEvent> batch = AcceptedBatch(100);
  std::vector<double> waits_ms;  // written by the log's thread only
  auto due = std::chrono::steady_clock::now();
  for (auto _ : state) {
    due += std::chrono::milliseconds(1);
    while (std::chrono::steady_clock::now() < due) std::this_thread::yield();
    ENTENTE_INVARIANT(log->Append(batch,
                                  [&, due](const Status&) {
                                    waits_ms.push_back(
                                        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - due).count());
                                  })
                          .has_value());
  }
  ENTENTE_INVARIANT(log->Close().has_value());
  SayWaits(state, std::move(waits_ms));
}
BENCHMARK(BM_DurableLatencyAt100k)->UseRealTime();

void BM_ReadAndProject(benchmark::State& state) {
  const SystemClock clock;
  const Folder folder;
  constexpr std::int64_t kEvents = 10'000;
  {
    auto log = Open(folder.path(), true, clock);
    std::vector<v1::RecordEvent> events = AcceptedBatch(kEvents);
    for (const v1::RecordEvent& event : events) ENTENTE_INVARIANT(log->Append(std::span(&event, 1)).has_value());
    ENTENTE_INVARIANT(log->Close().has_value());
  }
  for (auto _ : state) ENTENTE_INVARIANT(RebuildProjection(folder.path(), folder.path() / "record.db").has_value());
  state.SetItemsProcessed(state.iterations() * kEvents);
  state.SetLabel("events/s");
}
BENCHMARK(BM_ReadAndProject)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace entente::record
