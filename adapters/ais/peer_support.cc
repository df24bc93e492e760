// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/peer_support.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "adapters/ais/codec.h"
#include "adapters/ais/message_bits.h"
#include "adapters/ais/message_fields.h"
#include "adapters/ais/sentence.h"

namespace entente::ais {
namespace {

class Printer {
 public:
  explicit Printer(FieldValues& values) : values_(values) {}
  void Number(std::string_view name, std::uint32_t value, unsigned) { values_.emplace(name, std::to_string(value)); }
  void Signed(std::string_view name, std::int32_t value, unsigned) { values_.emplace(name, std::to_string(value)); }
  void Flag(std::string_view name, bool value) { values_.emplace(name, value ? "1" : "0"); }
  void Spare(std::uint32_t, unsigned) {}
  void Text(std::string_view name, const std::string& text, std::size_t) { values_.emplace(name, text); }
  void RestOfText(std::string_view name, const std::string& text, std::size_t) { values_.emplace(name, text); }
  void Continuation(const std::string&, std::size_t, std::size_t) {}
  void Part(unsigned part) { values_.emplace("part", part == 0 ? "A" : "B"); }

 private:
  FieldValues& values_;
};

class Randomiser {
 public:
  explicit Randomiser(Prng& prng) : prng_(prng) {}
  void Number(std::string_view, std::uint32_t& value, unsigned width) {
    value = static_cast<std::uint32_t>(prng_.Below(std::uint64_t{1} << width));
  }
  void Signed(std::string_view name, std::int32_t& value, unsigned width) {
    if (name == "turn") {
      value = static_cast<std::int32_t>(prng_.Below(256)) - 128;
      return;
    }
    // A place on the Earth: 28 and 18 bits are longitudes, 27 and 17 latitudes.
    const std::int32_t bound = (width % 2 == 0 ? 180 : 90) * (width > 20 ? 600'000 : 600);
    value = static_cast<std::int32_t>(prng_.Below(2 * static_cast<std::uint64_t>(bound) + 1)) - bound;
  }
  void Flag(std::string_view, bool& value) { value = prng_.Chance(0.5); }
  void Spare(std::uint32_t&, unsigned) {}
  void Text(std::string_view, std::string& text, std::size_t characters) { text = RandomText(prng_.Below(characters + 1)); }
  void RestOfText(std::string_view, std::string& text, std::size_t most) { text = RandomText(1 + prng_.Below(most)); }
  void Continuation(std::string& text, std::size_t before, std::size_t most) {
    if (text.size() == before) text += RandomText(prng_.Below(most + 1));
  }
  void Part(unsigned) {}

 private:
  // Letters, digits and signs that JSON and every peer leave alone; no space at the ends.
  std::string RandomText(std::size_t length) {
    static constexpr std::string_view kCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-/";
    std::string text;
    for (std::size_t i = 0; i < length; ++i) {
      const bool space = i > 0 && i + 1 < length && prng_.Chance(0.1);
      text += space ? ' ' : kCharacters[prng_.Below(kCharacters.size())];
    }
    return text;
  }

  Prng& prng_;
};

void Flatten(const google::protobuf::Struct& object, const std::string& prefix, FieldValues& values) {
  for (const auto& [name, value] : object.fields()) {
    switch (value.kind_case()) {
      case google::protobuf::Value::kNumberValue: {
        const double number = value.number_value();
        values[prefix + name] =
            number == std::floor(number) ? std::to_string(static_cast<std::int64_t>(number)) : std::to_string(number);
        break;
      }
      case google::protobuf::Value::kStringValue:
        values[prefix + name] = value.string_value();
        break;
      case google::protobuf::Value::kBoolValue:
        values[prefix + name] = value.bool_value() ? "1" : "0";
        break;
      case google::protobuf::Value::kStructValue:
        Flatten(value.struct_value(), prefix + name + '.', values);
        break;
      default:
        break;
    }
  }
}

struct Kind {
  std::uint32_t type;
  bool part_b;
};
constexpr Kind kKinds[] = {{1, false},  {2, false},  {3, false},  {4, false},  {5, false},  {9, false}, {11, false}, {12, false},
                           {14, false}, {18, false}, {19, false}, {21, false}, {24, false}, {24, true}, {27, false}};

}  // namespace

FieldValues ValuesOf(const Message& message) {
  FieldValues values{{"type", std::to_string(message.header.type)},
                     {"repeat", std::to_string(message.header.repeat)},
                     {"mmsi", std::to_string(message.header.mmsi)}};
  Printer printer(values);
  std::visit([&](const auto& body) { Fields(printer, message.header, body); }, message.body);
  return values;
}

Message RandomMessage(std::uint32_t type, bool part_b, Prng& prng) {
  Message message{
      {type, static_cast<std::uint32_t>(prng.Below(4)), static_cast<std::uint32_t>(200'000'000 + prng.Below(576'000'000))}, {}};
  if (type <= 3) message.body = PositionReport{};
  if (type == 4 || type == 11) message.body = BaseStationReport{};
  if (type == 5) message.body = StaticVoyageData{};
  if (type == 9) message.body = SarAircraftReport{};
  if (type == 12 || type == 14) message.body = SafetyText{};
  if (type == 18) message.body = ClassBPositionReport{};
  if (type == 19) message.body = ExtendedClassBReport{};
  if (type == 21) message.body = AidToNavigation{};
  if (type == 24) message.body = part_b ? Body(StaticDataB{}) : Body(StaticDataA{});
  if (type == 27) message.body = LongRangeReport{};
  Randomiser randomiser(prng);
  std::visit([&](auto& body) { Fields(randomiser, message.header, body); }, message.body);
  return message;
}

std::vector<Message> RandomMessages(int count, std::uint64_t seed) {
  std::vector<Message> messages;
  Prng prng = Prng::Derive(seed, {"ais random messages"});
  for (int i = 0; i < count; ++i) {
    for (const Kind& kind : kKinds) messages.push_back(RandomMessage(kind.type, kind.part_b, prng));
  }
  return messages;
}

FieldValues ParseJson(std::string_view line) {
  google::protobuf::Struct object;
  FieldValues values;
  const auto status = google::protobuf::util::JsonStringToMessage({line.data(), line.size()}, &object);
  EXPECT_TRUE(status.ok()) << line;
  Flatten(object, "", values);
  return values;
}

std::string RunWithInput(const std::string& command, std::string_view input) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / ("ais_peer_input_" + std::to_string(::getpid()));
  std::ofstream(path, std::ios::binary) << input;
  const std::string line = command + " < '" + path.string() + "' 2>/dev/null";
  std::string output;
  FILE* pipe = ::popen(line.c_str(), "r");
  if (pipe != nullptr) {
    char block[65'536];
    for (std::size_t got = 0; (got = std::fread(block, 1, sizeof(block), pipe)) > 0;) output.append(block, got);
    EXPECT_EQ(::pclose(pipe), 0) << line;
  }
  std::filesystem::remove(path);
  return output;
}

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::string_view line = WithoutLineEnd(TakeLine(text));
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

std::string Sentences(const Message& message) {
  const Armoured armoured = WriteMessage(message);
  return FormatSentences(armoured.characters, armoured.fill_bits, {});
}

}  // namespace entente::ais
