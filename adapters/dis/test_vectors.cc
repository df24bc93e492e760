// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/test_vectors.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include "base/invariant.h"

namespace entente::dis {
namespace {

std::filesystem::path Folder() {
  return std::filesystem::path(ENTENTE_SOURCE_DIR) / "adapters/dis/vectors";
}

std::vector<Vector> ReadAll() {
  std::vector<Vector> vectors;
  for (const auto& entry : std::filesystem::directory_iterator(Folder())) {
    if (entry.path().extension() != ".hex") continue;
    Vector vector;
    vector.name = entry.path().stem();
    vector.form = vector.name.substr(vector.name.size() - 2);
    vector.octets = ReadHex(ReadTextFile(entry.path()));
    auto message_path = entry.path();
    message_path.replace_extension(".textproto");
    ENTENTE_INVARIANT(google::protobuf::TextFormat::ParseFromString(ReadTextFile(message_path), &vector.message));
    vectors.push_back(std::move(vector));
  }
  std::ranges::sort(vectors, {}, &Vector::name);
  return vectors;
}

}  // namespace

const std::vector<Vector>& Vectors() {
  static const std::vector<Vector> vectors = ReadAll();
  return vectors;
}

const Vector& FindVector(std::string_view name) {
  const auto found = std::ranges::find(Vectors(), name, &Vector::name);
  ENTENTE_INVARIANT(found != Vectors().end());
  return *found;
}

Now VectorTime() {
  return {Instant(std::chrono::seconds(1000)), ParseUtc("2026-01-01T12:30:00Z")->time};
}

Bytes ReadHex(const std::string& text) {
  std::string digits;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    for (const char c : line.substr(0, line.find('#'))) {
      if (c != ' ') digits += c;
    }
  }
  return FromHex(digits);
}

std::string ReadTextFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

adapter::NodeOptions OptionsWith(const std::map<std::string, std::string>& values) {
  adapter::NodeOptions options = adapter::NodeOptions::Defaults(Info().node_options);
  for (const auto& [name, text] : values) {
    const Status set = options.Set(Info().node_options, name, text);
    EXPECT_TRUE(set.has_value()) << (set ? "" : set.error().Text());
  }
  return options;
}

void CollectingSink::OnUnit(const adapter::ReceivedUnit& unit) {
  units.push_back({unit.number, ToBytes(unit.octets), unit.role, std::string(unit.native_type)});
}

void CollectingSink::OnMessage(adapter::DecodedMessage message, std::span<const ByteView> carried_by) {
  messages.push_back(std::move(message));
  message_octets.push_back(carried_by.empty() ? Bytes{} : ToBytes(carried_by.front()));
}

void CollectingSink::OnRefused(const adapter::RefusedUnit& unit) {
  refused.push_back({unit.number, ToBytes(unit.octets), unit.error});
}

void CollectingSink::OnState(adapter::SessionState state, std::string_view /*detail*/) {
  states.push_back(state);
}

}  // namespace entente::dis
