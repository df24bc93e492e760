// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a simulated node makes of what its session hears: understood messages, refused units and session states go to the record;
// texts that want an answer are kept for the node.

#include <string>
#include <vector>

#include "adapters/api/session.h"
#include "entente/v1/record.pb.h"
#include "harness/nodes/node_setting.h"
#include "proto/event_sink.h"

namespace entente::harness {

class Listener final : public adapter::SessionSink {
 public:
  Listener(const NodeSetting& setting, EventSink events) : setting_(setting), events_(std::move(events)) {}

  // Time of the calls that follow.
  void SetNow(Now now) { now_ = now; }
  // An event of this node now, if the state is another than before.
  void SetState(v1::NodeState state, std::string_view reason, std::string_view endpoint = {}, std::string_view form = {});
  [[nodiscard]] std::vector<v1::Envelope> TakeTexts() { return std::exchange(texts_, {}); }

  void OnUnit(const adapter::ReceivedUnit&) override {}
  void OnMessage(adapter::DecodedMessage message, std::span<const ByteView> units) override;
  void OnRefused(const adapter::RefusedUnit& unit) override;
  void OnState(adapter::SessionState state, std::string_view detail) override;

 private:
  void Record(v1::RecordEvent& event) const;

  const NodeSetting& setting_;
  EventSink events_;
  v1::RecordEvent understood_;  // filled anew for each message, since it keeps its room
  Now now_{};
  v1::NodeState state_ = v1::NODE_STATE_UNSPECIFIED;
  std::vector<v1::Envelope> texts_;
};

}  // namespace entente::harness
