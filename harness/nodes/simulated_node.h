// SPDX-License-Identifier: Apache-2.0
#pragma once

// A national command node that really speaks its protocol: through its adapter's Session in the node's role, at its end of an
// access link, over real sockets or simulated links alike. It moves its units along their routes, reports them, carries out
// injects, and reads what it is sent. What it meant to say (the truth) and what it understood go to the record. Sans-I/O,
// single-threaded.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/api/adapter_info.h"
#include "adapters/api/link_end.h"
#include "base/result.h"
#include "entente/v1/exercise.pb.h"
#include "entente/v1/label.pb.h"
#include "proto/event_sink.h"

namespace entente::harness {

struct SimulatedNodeConfig {
  v1::NodePlan plan;
  const adapter::AdapterInfo* adapter = nullptr;  // that of plan.protocol(); not null
  v1::Label default_label;                        // from the policy; for what the plan gives no label of its own
  std::uint64_t seed = 0;                         // of the exercise
  std::string exercise;                           // its name
  std::uint64_t incarnation = 1;                  // of the ids of what it composes
};

class SimulatedNode final : public adapter::LinkEnd {
 public:
  // kInvalidArgument when the plan does not fit the adapter (form, transport, options).
  static Result<std::unique_ptr<SimulatedNode>> Make(SimulatedNodeConfig config, const EventSink& events);
  ~SimulatedNode() override;

  [[nodiscard]] const std::string& node() const;

  // STARTEX and RESUMEX: true; PAUSEX and ENDEX: false. Units move, report and answer only while it runs; the session's own timers
  // go on.
  void SetRunning(bool running, Now now);
  // An inject of this node. Records what was composed; nothing while it does not run.
  void Fire(const v1::Inject& inject, Now now);

  void OnConnected(std::string_view peer, Now now) override;
  void OnReceived(ByteView octets, Now now) override;
  void OnDisconnected(std::string_view reason, Now now) override;
  std::optional<adapter::Output> NextOutput(Now now) override;
  [[nodiscard]] std::optional<Instant> NextDeadline() const override;
  void OnDeadline(Now now) override;
  [[nodiscard]] std::string_view wants_close() const override;
  [[nodiscard]] bool wants_input() const override;  // never, of a deaf node
  void SetWakeUp(std::function<void()> wake_up) override;

 private:
  class Impl;
  explicit SimulatedNode(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace entente::harness
