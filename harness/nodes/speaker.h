// SPDX-License-Identifier: Apache-2.0
#pragma once

// How a simulated node says something: completes the message as the truth, puts it into the node's protocol, hands it to the
// session and records what was meant and what became of it.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "adapters/api/adapter_info.h"
#include "adapters/api/object_ids.h"
#include "entente/v1/exercise.pb.h"
#include "harness/nodes/node_setting.h"
#include "proto/event_sink.h"

namespace entente::harness {

class Speaker {
 public:
  // `setting` and `ids` outlive this.
  Speaker(const NodeSetting& setting, adapter::ObjectIds& ids, EventSink events)
      : setting_(setting), ids_(ids), events_(std::move(events)) {}

  // `session` is nullptr while the link is down.
  void Say(v1::Envelope message, v1::Precedence precedence, const v1::Label& label, adapter::Session* session, Now now);
  // How the node's protocol spells the object that the message is about; std::nullopt when it cannot say the message, or gives
  // objects no id. Found by putting the message into the protocol and reading it back.
  std::optional<v1::NativeId> NativeIdOf(const v1::Envelope& message, std::string_view form, Now now);

 private:
  void Complete(v1::Precedence precedence, const v1::Label& label, std::string_view form, Now now, v1::Envelope& message);
  void Send(const v1::Envelope& truth, adapter::Session& session, Now now, v1::MessageComposed& composed);
  // `said`: the truth but for what the node leaves out.
  void SendAs(const v1::Envelope& said, adapter::Session& session, Now now, v1::MessageComposed& composed);

  const NodeSetting& setting_;
  adapter::ObjectIds& ids_;
  EventSink events_;
  v1::RecordEvent composed_;                                    // filled anew for each message, since it keeps its room
  std::array<std::uint64_t, v1::Precedence_ARRAYSIZE> said_{};  // per precedence
  std::map<std::string, std::optional<v1::NativeId>, std::less<>> native_ids_;
};

}  // namespace entente::harness
