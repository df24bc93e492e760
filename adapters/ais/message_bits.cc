// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/message_bits.h"

#include <algorithm>
#include <array>

#include "adapters/ais/message_fields.h"
#include "adapters/ais/six_bit_text.h"
#include "base/bit_reader.h"
#include "base/bit_writer.h"
#include "base/invariant.h"

namespace entente::ais {
namespace {

using adapter::DecodeCode;
using adapter::DecodeError;

class Reader {
 public:
  explicit Reader(BitReader& bits) : bits_(bits) {}
  template <typename T>
  void Number(std::string_view, T& value, unsigned width) {
    value = static_cast<T>(bits_.Unsigned(width));
  }
  void Signed(std::string_view, std::int32_t& value, unsigned width) { value = static_cast<std::int32_t>(bits_.Signed(width)); }
  void Flag(std::string_view, bool& value) { value = bits_.Flag(); }
  void Spare(std::uint32_t& value, unsigned width) { value = static_cast<std::uint32_t>(bits_.Unsigned(width)); }
  void Text(std::string_view, std::string& text, std::size_t characters) { text = ReadSixBitText(bits_, characters); }
  void RestOfText(std::string_view, std::string& text, std::size_t most) {
    text = ReadSixBitText(bits_, std::min(most, bits_.remaining_bits() / 6));
  }
  // More characters of a text that filled its first field whole.
  void Continuation(std::string& text, std::size_t before, std::size_t most) {
    const std::string more = ReadSixBitText(bits_, std::min(most, bits_.remaining_bits() / 6));
    if (more.empty()) return;
    text.resize(before, ' ');
    text += more;
  }
  void Part(unsigned) { bits_.Skip(2); }

 private:
  BitReader& bits_;
};

class Writer {
 public:
  explicit Writer(BitWriter& bits) : bits_(bits) {}
  void Number(std::string_view, std::uint32_t value, unsigned width) { bits_.Unsigned(value, width); }
  void Signed(std::string_view, std::int32_t value, unsigned width) { bits_.Signed(value, width); }
  void Flag(std::string_view, bool value) { bits_.Flag(value); }
  void Spare(std::uint32_t value, unsigned width) { bits_.Unsigned(value, width); }
  void Text(std::string_view, const std::string& text, std::size_t characters) {
    WriteSixBitText(bits_, std::string_view(text).substr(0, characters), characters);
  }
  void RestOfText(std::string_view, const std::string& text, std::size_t most) {
    const std::string_view fitting = std::string_view(text).substr(0, most);
    WriteSixBitText(bits_, fitting, fitting.size());
  }
  void Continuation(const std::string& text, std::size_t before, std::size_t most) {
    if (text.size() <= before) return;
    RestOfText({}, text.substr(before), most);
    // The standard keeps this message on octet boundaries: spare bits of 0, 2, 4 or 6.
    while (bits_.size_bits() % 8 != 0) bits_.Unsigned(0, 2);
  }
  void Part(unsigned part) { bits_.Unsigned(part, 2); }

 private:
  BitWriter& bits_;
};

// What the standard says of a type's length, and the shortest that holds every field worth having.
struct Length {
  std::size_t least = 0;     // fewer: refused
  std::size_t shortest = 0;  // fewer: a finding
  std::size_t longest = 0;   // more: a finding
};

Length LengthOf(std::uint32_t type, bool part_b) {
  switch (type) {
    case 1:
    case 2:
    case 3:
    case 4:
    case 11:
      // Wrong fill bits eat into the communication state, which nothing here depends on.
      return {149, 168, 168};
    case 9:
    case 18:
      return {148, 168, 168};
    case 5:
      return {420, 424, 424};
    case 12:
      return {72, 72, 1008};
    case 14:
      return {40, 40, 1008};
    case 19:
      return {308, 312, 312};
    case 21:
      return {271, 272, 360};
    case 24:
      // Both parts fill one slot of 168 bits; part A's last 8 are spare and often left out.
      return part_b ? Length{162, 168, 168} : Length{160, 160, 168};
    case 27:
      return {95, 96, 96};
    default:
      return {38, 38, MessageBits::kMaxCharacters * 6};
  }
}

template <typename B>
void ReadBody(BitReader& bits, Message& message) {
  Reader reader(bits);
  Fields(reader, message.header, message.body.emplace<B>());
}

void ReadBody(BitReader& bits, Message& message, bool part_b) {
  switch (message.header.type) {
    case 1:
    case 2:
    case 3:
      return ReadBody<PositionReport>(bits, message);
    case 4:
    case 11:
      return ReadBody<BaseStationReport>(bits, message);
    case 5:
      return ReadBody<StaticVoyageData>(bits, message);
    case 9:
      return ReadBody<SarAircraftReport>(bits, message);
    case 12:
    case 14:
      return ReadBody<SafetyText>(bits, message);
    case 18:
      return ReadBody<ClassBPositionReport>(bits, message);
    case 19:
      return ReadBody<ExtendedClassBReport>(bits, message);
    case 21:
      return ReadBody<AidToNavigation>(bits, message);
    case 24:
      return part_b ? ReadBody<StaticDataB>(bits, message) : ReadBody<StaticDataA>(bits, message);
    case 27:
      return ReadBody<LongRangeReport>(bits, message);
    default:
      return;
  }
}

// std::nullopt: the length is right, or can be lived with.
std::optional<DecodeError> CheckLength(std::size_t length, std::uint32_t type, bool part_b,
                                       std::vector<adapter::Finding>& findings) {
  const Length wanted = LengthOf(type, part_b);
  if (length >= wanted.shortest && length <= wanted.longest) return std::nullopt;
  std::string text = "message " + std::to_string(type) + " has " + std::to_string(length) + " bits, but must have " +
                     std::to_string(wanted.shortest);
  if (wanted.longest != wanted.shortest) text += " to " + std::to_string(wanted.longest);
  if (length < wanted.least) return DecodeError{DecodeCode::kTruncated, 0, "length", Clause(type), std::move(text)};
  findings.push_back({v1::FINDING_SEVERITY_DEVIATION, 0, "length", Clause(type), std::move(text)});
  return std::nullopt;
}

constexpr std::size_t kHeaderBits = 38;
constexpr std::uint32_t kGreatestMmsi = 999'999'999;

// std::nullopt: the header is right.
std::optional<DecodeError> ReadHeader(BitReader& bits, Header& header) {
  if (bits.remaining_bits() < kHeaderBits) {
    return DecodeError{
        DecodeCode::kTruncated, 0, "length", Clause(0),
        "the message has " + std::to_string(bits.remaining_bits()) + " bits, but type, repeat indicator and MMSI need 38"};
  }
  header.type = static_cast<std::uint32_t>(bits.Unsigned(6));
  header.repeat = static_cast<std::uint32_t>(bits.Unsigned(2));
  header.mmsi = static_cast<std::uint32_t>(bits.Unsigned(30));
  if (header.type == 0 || header.type > kLastType) {
    return DecodeError{DecodeCode::kUnknownType, 0, "message ID", Clause(header.type),
                       "message " + std::to_string(header.type) + ", but the standard has 1 to 27"};
  }
  if (header.mmsi > kGreatestMmsi) {
    return DecodeError{DecodeCode::kOutOfRange, 0, "user ID", Clause(header.type),
                       "MMSI " + std::to_string(header.mmsi) + " has more than nine digits"};
  }
  return std::nullopt;
}

// std::nullopt: the message is read.
std::optional<DecodeError> Read(BitReader bits, Message& message, std::vector<adapter::Finding>& findings) {
  const std::size_t length = bits.remaining_bits();
  if (auto error = ReadHeader(bits, message.header)) return error;
  const std::uint32_t type = message.header.type;
  bool part_b = false;
  if (type == 24) {
    const std::uint64_t part = BitReader(bits).Unsigned(2);
    if (part > 1) {
      return DecodeError{DecodeCode::kOutOfRange, 0, "part number", Clause(type),
                         "part " + std::to_string(part) + ", but there are 0 (A) and 1 (B) only"};
    }
    part_b = part == 1;
  }
  if (auto error = CheckLength(length, type, part_b, findings)) return error;
  ReadBody(bits, message, part_b);
  return std::nullopt;
}

}  // namespace

std::string Clause(std::uint32_t type) {
  const std::uint32_t section = type <= 3 ? 1 : type - 2;
  return "ITU-R M.1371-5 Annex 8 §3" + (type == 0 || type > kLastType ? std::string() : '.' + std::to_string(section));
}

adapter::DecodeResult<Message> ReadMessage(const MessageBits& bits, std::vector<adapter::Finding>& findings) {
  adapter::DecodeResult<Message> message;
  if (auto error = Read({bits.octets(), bits.length_bits()}, *message, findings)) message = std::unexpected(*std::move(error));
  return message;
}

Armoured WriteMessage(const Message& message) {
  ENTENTE_INVARIANT(!std::holds_alternative<OtherMessage>(message.body));
  BitWriter bits;
  bits.Unsigned(message.header.type, 6);
  bits.Unsigned(message.header.repeat, 2);
  bits.Unsigned(message.header.mmsi, 30);
  Writer writer(bits);
  std::visit([&](const auto& body) { Fields(writer, message.header, body); }, message.body);
  return Armour(bits.view(), bits.size_bits());
}

std::string_view TypeName(std::uint32_t type) {
  static constexpr std::array<std::string_view, kLastType + 1> kNames = {
      "reserved",
      "position report (class A, scheduled)",
      "position report (class A, assigned)",
      "position report (class A, interrogated)",
      "base station report",
      "static and voyage related data",
      "addressed binary message",
      "binary acknowledgement",
      "binary broadcast message",
      "SAR aircraft position report",
      "UTC and date inquiry",
      "UTC and date response",
      "addressed safety related message",
      "safety related acknowledgement",
      "safety related broadcast message",
      "interrogation",
      "assignment mode command",
      "DGNSS binary broadcast message",
      "position report (class B)",
      "extended position report (class B)",
      "data link management",
      "aid to navigation report",
      "channel management",
      "group assignment command",
      "static data report (class B)",
      "single slot binary message",
      "multiple slot binary message",
      "long-range position report",
  };
  return type < kNames.size() ? kNames[type] : kNames[0];
}

}  // namespace entente::ais
