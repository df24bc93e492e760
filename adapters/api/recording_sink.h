// SPDX-License-Identifier: Apache-2.0
#pragma once

// A SessionSink that keeps everything it is told, for tests of sessions.

#include <string>
#include <utility>
#include <vector>

#include "adapters/api/session.h"

namespace entente::adapter {

class RecordingSink final : public SessionSink {
 public:
  struct Unit {
    std::uint64_t number = 0;
    Bytes octets;
    v1::UnitRole role = v1::UNIT_ROLE_UNSPECIFIED;
    std::string native_type;

    bool operator==(const Unit&) const = default;
  };
  struct Message {
    DecodedMessage decoded;
    std::vector<Bytes> units;
  };
  struct Refused {
    std::uint64_t number = 0;
    Bytes octets;
    DecodeError error;

    bool operator==(const Refused&) const = default;
  };

  void OnUnit(const ReceivedUnit& unit) override {
    units.push_back({unit.number, ToBytes(unit.octets), unit.role, std::string(unit.native_type)});
    log.push_back("unit " + std::to_string(unit.number) + ' ' + std::string(unit.native_type) + ' ' + ToHex(unit.octets));
  }
  void OnMessage(DecodedMessage message, std::span<const ByteView> octets) override {
    log.push_back("message " + message.envelope.SerializeAsString());
    Message kept{std::move(message), {}};
    for (const ByteView unit : octets) kept.units.push_back(ToBytes(unit));
    messages.push_back(std::move(kept));
  }
  void OnRefused(const RefusedUnit& unit) override {
    refused.push_back({unit.number, ToBytes(unit.octets), unit.error});
    log.push_back("refused " + std::to_string(unit.number) + ' ' + unit.error.text);
  }
  void OnState(SessionState state, std::string_view detail) override {
    states.emplace_back(state, detail);
    log.push_back("state " + std::to_string(static_cast<int>(state)) + ' ' + std::string(detail));
  }

  std::vector<Unit> units;
  std::vector<Message> messages;
  std::vector<Refused> refused;
  std::vector<std::pair<SessionState, std::string>> states;
  std::vector<std::string> log;  // everything, in order, one line each
};

}  // namespace entente::adapter
