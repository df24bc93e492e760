// SPDX-License-Identifier: Apache-2.0
#pragma once

// What this folder's tests share: the codec with default options, files, and a sink that keeps everything.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "adapters/cot/codec.h"
#include "adapters/cot/info.h"
#include "adapters/cot/session.h"

namespace entente::cot {

inline adapter::NodeOptions DefaultOptions() {
  return adapter::NodeOptions::Defaults(Info().node_options);
}

inline Now TestNow() {
  return {Instant{}, FromNanoseconds(1'767'225'600'000'000'000)};  // 2026-01-01T00:00:00Z
}

inline adapter::DecodeResult<adapter::DecodedUnit> Decode(ByteView unit, std::string_view form = kFormXml) {
  static const adapter::NodeOptions options = DefaultOptions();
  return Info().codec->Decode(unit, {form, options, TestNow()});
}
inline adapter::DecodeResult<adapter::DecodedUnit> Decode(std::string_view unit, std::string_view form = kFormXml) {
  return Decode(AsBytes(unit), form);
}

inline std::expected<adapter::Encoded, adapter::CannotSay> Encode(const v1::Envelope& message, std::string_view form = kFormXml) {
  static const adapter::NodeOptions options = DefaultOptions();
  adapter::HashedObjectIds ids;
  return Info().codec->Encode(message, {form, options, ids});
}
// The one unit of a message that can be said; empty (and a failed test) otherwise.
inline Bytes EncodeUnit(const v1::Envelope& message, std::string_view form = kFormXml) {
  auto encoded = Encode(message, form);
  EXPECT_TRUE(encoded.has_value()) << (encoded ? "" : encoded.error().reason);
  return encoded ? *encoded->units.front() : Bytes{};
}
// The one message of a unit that can be read.
inline v1::Envelope DecodeMessage(ByteView unit, std::string_view form = kFormXml) {
  auto decoded = Decode(unit, form);
  EXPECT_TRUE(decoded.has_value()) << (decoded ? "" : decoded.error().text) << "\n" << AsText(unit);
  if (!decoded || decoded->messages.size() != 1) return {};
  return std::move(decoded->messages.front().envelope);
}

inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
inline std::vector<std::filesystem::path> FilesIn(const std::filesystem::path& folder, std::string_view extension) {
  std::vector<std::filesystem::path> files;
  if (!std::filesystem::exists(folder)) return files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == extension) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}
inline std::filesystem::path VectorFolder() {
  return std::filesystem::path(ENTENTE_SOURCE_DIR) / "adapters/cot/vectors";
}
inline std::filesystem::path SampleFolder() {
  return std::filesystem::path(ENTENTE_SHARED_DATA);
}

// A whole event of one's own choice: attributes, inside.
inline std::string EventText(std::string_view type = "a-f-G-U-C", std::string_view detail = "",
                             std::string_view more_attributes = "") {
  std::ostringstream text;
  text << "<event version=\"2.0\" uid=\"U-1\" type=\"" << type
       << "\" time=\"2026-01-01T00:00:00.000Z\" start=\"2026-01-01T00:00:00.000Z\" stale=\"2026-01-01T00:02:00.000Z\" how=\"m-g\""
       << more_attributes << "><point lat=\"48.1\" lon=\"11.6\" hae=\"520.0\" ce=\"9999999.0\" le=\"9999999.0\"/><detail>" << detail
       << "</detail></event>";
  return text.str();
}

// Keeps what a session tells, with its octets.
class KeepingSink final : public adapter::SessionSink {
 public:
  void OnUnit(const adapter::ReceivedUnit& unit) override {
    units.push_back(ToBytes(unit.octets));
    roles.push_back(unit.role);
    native_types.emplace_back(unit.native_type);
    numbers.push_back(unit.number);
  }
  void OnMessage(adapter::DecodedMessage message, std::span<const ByteView>) override { messages.push_back(std::move(message)); }
  void OnRefused(const adapter::RefusedUnit& unit) override {
    refused.push_back(unit.error);
    refused_octets.push_back(ToBytes(unit.octets));
    numbers.push_back(unit.number);
  }
  void OnState(adapter::SessionState state, std::string_view detail) override {
    states.push_back(state);
    details.emplace_back(detail);
  }

  std::vector<Bytes> units;
  std::vector<v1::UnitRole> roles;
  std::vector<std::string> native_types;
  std::vector<std::uint64_t> numbers;
  std::vector<adapter::DecodedMessage> messages;
  std::vector<adapter::DecodeError> refused;
  std::vector<Bytes> refused_octets;
  std::vector<adapter::SessionState> states;
  std::vector<std::string> details;
};

}  // namespace entente::cot
