// SPDX-License-Identifier: Apache-2.0
#pragma once

// A recording as a schedule: which chunk is due when, and its octets given to an access point as if the node had sent them.
// Sans-I/O: a transport or a simulated host asks NextDue and calls Emit.

#include <functional>
#include <optional>
#include <vector>

#include "adapters/api/adapter_info.h"
#include "adapters/gateway/core/access_point.h"
#include "base/result.h"
#include "entente/v1/exercise.pb.h"

namespace entente::gateway {

using RecordedChunk = adapter::AdapterInfo::RecordedChunk;

struct ReplayPace {
  double speed = 1;           // of the recording's own timing; 0: as `interval` says
  Duration interval{};        // between chunks where there are no times or speed is 0, and between two rounds of a loop
  std::uint64_t at_most = 0;  // chunks, over all rounds; 0: all
  bool loop = false;
};

// kInvalidArgument with what would be right, e.g. a loop whose rounds would take no time.
Result<ReplayPace> PaceOf(const v1::Replay& plan);

// What a recorded file holds for the adapter: its own notation, or the UDP payloads of a pcap or pcapng capture.
Result<std::vector<RecordedChunk>> ReadRecording(ByteView file, const adapter::AdapterInfo& adapter);

// What goes on in the place of a chunk; std::nullopt, or no function: the chunk itself.
using AlterChunk = std::function<std::optional<Bytes>(ByteView chunk, Now now)>;

class Replay {
 public:
  // A loop has an interval, as PaceOf sees to.
  Replay(std::vector<RecordedChunk> chunks, ReplayPace pace);

  // The first chunk is due at once.
  void Start(Now now);
  // std::nullopt: not started, or at its end.
  [[nodiscard]] std::optional<Instant> NextDue() const;
  // Everything that is due by now. Stops early while the access point wants no input; what is due then waits.
  void Emit(Now now, AccessPoint& to, const AlterChunk& alter = {});
  [[nodiscard]] bool done() const;
  [[nodiscard]] std::uint64_t emitted() const { return emitted_; }

 private:
  [[nodiscard]] Duration GapAfter(std::size_t chunk) const;

  std::vector<RecordedChunk> chunks_;
  ReplayPace pace_;
  std::optional<Instant> due_;
  std::size_t next_ = 0;
  std::uint64_t emitted_ = 0;
};

}  // namespace entente::gateway
