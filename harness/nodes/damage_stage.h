// SPDX-License-Identifier: Apache-2.0
#pragma once

// Malformed traffic between a session and its transport: wraps either end of an access link and, while a damage fault is active,
// breaks a share of the units that it sends, by rules of its protocol or by blind mutation. Which units and how comes from the
// seed, the node, the fault and the unit's number alone. The session's own units (negotiation, ping) pass unharmed. A recording has
// no sending end that could be wrapped: the stage around the access point that hears it is asked for each chunk of the file.
// Single-threaded.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/api/adapter_info.h"
#include "adapters/api/link_end.h"
#include "base/result.h"
#include "entente/v1/exercise.pb.h"
#include "proto/event_sink.h"

namespace entente::harness {

struct DamageStageConfig {
  std::string node;                                    // whose access link it is
  const adapter::AdapterInfo* adapter = nullptr;       // not null
  v1::Direction direction = v1::DIRECTION_TO_GATEWAY;  // of what the inner end sends
  std::uint64_t seed = 0;
  bool of_recording = false;  // the inner end hears a recording: what it says passes unharmed, Replace is asked
};

class DamageStage final : public adapter::LinkEnd {
 public:
  // `inner` outlives this.
  DamageStage(adapter::LinkEnd& inner, DamageStageConfig config, EventSink events);

  // kNotFound when a rule is not one of the protocol's. A fault for the other direction alone is no concern of this stage.
  Status StartFault(const v1::FaultPlan& fault);
  // False when no such fault was active.
  bool EndFault(std::string_view id);

  // The next unit, or the next chunk of a recording: what goes on in its place, recorded; std::nullopt: it goes on unharmed.
  std::optional<Bytes> Replace(ByteView unit, Now now);

  void OnConnected(std::string_view peer, Now now) override { inner_.OnConnected(peer, now); }
  void OnReceived(ByteView octets, Now now) override { inner_.OnReceived(octets, now); }
  void OnDisconnected(std::string_view reason, Now now) override { inner_.OnDisconnected(reason, now); }
  std::optional<adapter::Output> NextOutput(Now now) override;
  void OnWritten(Now now) override { inner_.OnWritten(now); }
  [[nodiscard]] std::optional<Instant> NextDeadline() const override { return inner_.NextDeadline(); }
  void OnDeadline(Now now) override { inner_.OnDeadline(now); }
  [[nodiscard]] std::string_view wants_close() const override { return inner_.wants_close(); }
  [[nodiscard]] bool wants_input() const override { return inner_.wants_input(); }
  void SetWakeUp(std::function<void()> wake_up) override { inner_.SetWakeUp(std::move(wake_up)); }

 private:
  struct ActiveFault {
    std::string id;
    double share = 0;
    std::vector<const adapter::DamageRule*> rules;  // nullptr: mutation
  };
  struct Damaged;
  std::optional<Damaged> Damage(const ActiveFault& fault, ByteView unit) const;

  adapter::LinkEnd& inner_;
  DamageStageConfig config_;
  EventSink events_;
  std::vector<ActiveFault> faults_;
  std::uint64_t unit_ = 0;  // of those with a message in them, over all connections
};

}  // namespace entente::harness
