// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the tests of this folder share: the vectors (one annotated hexadecimal PDU and the message that it says, each), their clock,
// and a collecting sink.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "adapters/api/session.h"
#include "adapters/dis/info.h"

namespace entente::dis {

struct Vector {
  std::string name;  // "fire_v7"
  std::string form;  // "v7"
  Bytes octets;
  v1::Envelope message;
};

// By name, all of vectors/.
const std::vector<Vector>& Vectors();
const Vector& FindVector(std::string_view name);
// Where the vectors were said: 2026-01-01T12:30:00Z.
Now VectorTime();
// Hexadecimal digits; blanks and what follows '#' in a line do not count.
Bytes ReadHex(const std::string& text);
std::string ReadTextFile(const std::filesystem::path& path);

adapter::NodeOptions OptionsWith(const std::map<std::string, std::string>& values);

struct CollectingSink final : adapter::SessionSink {
  struct Unit {
    std::uint64_t number;
    Bytes octets;
    v1::UnitRole role;
    std::string native_type;
  };
  struct Refused {
    std::uint64_t number;
    Bytes octets;
    adapter::DecodeError error;
  };
  void OnUnit(const adapter::ReceivedUnit& unit) override;
  void OnMessage(adapter::DecodedMessage message, std::span<const ByteView> carried_by) override;
  void OnRefused(const adapter::RefusedUnit& unit) override;
  void OnState(adapter::SessionState state, std::string_view detail) override;

  std::vector<Unit> units;
  std::vector<adapter::DecodedMessage> messages;
  std::vector<Bytes> message_octets;
  std::vector<Refused> refused;
  std::vector<adapter::SessionState> states;
};

}  // namespace entente::dis
