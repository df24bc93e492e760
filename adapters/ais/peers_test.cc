// SPDX-License-Identifier: Apache-2.0
// Agreement with decoders and an encoder that are not ours: gpsdecode, ais-stream-decoder, ggencoder. README.md tells where and why
// they disagree with the standard.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>

#include "adapters/ais/capability.h"
#include "adapters/ais/codec.h"
#include "adapters/ais/message_bits.h"
#include "adapters/ais/peer_support.h"
#include "adapters/ais/session.h"
#include "adapters/api/recording_sink.h"

namespace entente::ais {
namespace {

constexpr std::string_view kGpsdecode = ENTENTE_GPSDECODE;
constexpr std::string_view kNode = ENTENTE_NODE;
constexpr std::string_view kPeersDir = ENTENTE_PEERS_DIR;

std::string Gpsdecode() {
  // JSON, unscaled, parts A and B of message 24 apart.
  return std::string(kGpsdecode) + " -j -u -s";
}

std::string NodeScript(std::string_view script, std::string_view argument = {}) {
  return "ENTENTE_PEERS_DIR='" + std::string(kPeersDir) + "' '" + std::string(kNode) + "' '" +
         ENTENTE_SOURCE_DIR "/adapters/ais/peers/" + std::string(script) + "' " + std::string(argument);
}

bool PeersInstalled(std::string_view package) {
  return !kNode.empty() && std::ifstream(std::string(kPeersDir) + "/node_modules/" + std::string(package) + "/package.json").good();
}

// gpsdecode prints dates as text: "2009-05-22T02:22:40Z", "05-15T14:00Z".
void AddGpsdDates(FieldValues& values) {
  char text[64];
  const auto number = [&](const char* name) { return std::atoi(values[name].c_str()); };
  if (values["type"] == "4" || values["type"] == "11") {
    std::snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02dZ", number("year"), number("month"), number("day"),
                  number("hour"), number("minute"), number("second"));
    values["timestamp"] = text;
  }
  if (values["type"] == "5") {
    std::snprintf(text, sizeof(text), "%02d-%02dT%02d:%02dZ", number("month"), number("day"), number("hour"), number("minute"));
    values["eta"] = text;
  }
}

// Every field that both sides name must be equal; the count of those compared.
std::size_t ExpectEqualFields(const FieldValues& ours, const FieldValues& theirs, std::string_view what) {
  std::size_t compared = 0;
  for (const auto& [name, value] : theirs) {
    const auto found = ours.find(name);
    if (found == ours.end()) continue;
    ++compared;
    EXPECT_EQ(found->second, value) << name << " of " << what;
  }
  return compared;
}

// What gpsd 3.22 does otherwise than M.1371-5, per README.md.
void RemoveKnownGpsdDisagreements(FieldValues& theirs) {
  // The vendor id as before M.1371-4: seven characters, over the unit model and serial number as well.
  if (const auto vendor = theirs.find("vendorid"); vendor != theirs.end()) {
    vendor->second.resize(std::min<std::size_t>(vendor->second.size(), 3));
    vendor->second.erase(vendor->second.find_last_not_of(' ') + 1);
  }
}

std::size_t CompareWithGpsd(const Message& message, std::string_view line) {
  FieldValues ours = ValuesOf(message);
  AddGpsdDates(ours);
  FieldValues theirs = ParseJson(line);
  RemoveKnownGpsdDisagreements(theirs);
  return ExpectEqualFields(ours, theirs, line);
}

bool ReadsAlike(const Message& message, FieldValues theirs) {
  FieldValues ours = ValuesOf(message);
  AddGpsdDates(ours);
  RemoveKnownGpsdDisagreements(theirs);
  return std::ranges::all_of(theirs, [&](const auto& field) {
    const auto found = ours.find(field.first);
    return found == ours.end() || found->second == field.second;
  });
}

TEST(AisPeers, GpsdecodeReadsWhatWeWrite) {
  if (kGpsdecode.empty()) GTEST_SKIP() << "gpsdecode is not installed";
  const std::vector<Message> messages = RandomMessages(40, 7);
  std::string input;
  for (const Message& message : messages) input += Sentences(message);
  const std::string output = RunWithInput(Gpsdecode(), input);
  const auto lines = Lines(output);
  ASSERT_EQ(lines.size(), messages.size());
  std::size_t compared = 0;
  for (std::size_t i = 0; i < messages.size(); ++i) compared += CompareWithGpsd(messages[i], lines[i]);
  EXPECT_GT(compared, 10 * messages.size());
}

constexpr std::uint32_t kCutRadio = 1076;  // in sample.aivdm

// The message of a unit that a session handed over.
std::optional<Message> MessageOf(const adapter::RecordingSink::Unit& unit) {
  MessageBits bits;
  unsigned fill_bits = 0;
  std::string_view rest = AsText(unit.octets);
  while (!rest.empty()) {
    const auto sentence = ParseSentence(WithoutLineEnd(TakeLine(rest)));
    if (!sentence || !sentence->IsAis() || bits.AppendArmour(sentence->payload)) return std::nullopt;
    fill_bits = sentence->fill_bits;
  }
  std::vector<adapter::Finding> findings;
  if (!bits.RemoveFill(fill_bits)) return std::nullopt;
  auto message = ReadMessage(bits, findings);
  if (!message) return std::nullopt;
  // gpsdecode shows what is left of a cut communication state; here it is not read at all.
  if (auto* report = std::get_if<PositionReport>(&message->body); report != nullptr && bits.length_bits() < 168) {
    report->radio = kCutRadio;
  }
  return *std::move(message);
}

struct Recorded {
  std::vector<Message> messages;
  std::size_t refused = 0;
};

Recorded ReadRecording(const std::string& content) {
  adapter::SessionConfig config;
  config.options = adapter::NodeOptions::Defaults(Options());
  AisSession session(std::move(config));
  adapter::RecordingSink sink;
  const Now now{Instant{}, ParseUtc("2020-04-07T21:39:50Z")->time};
  session.Start(now, sink);
  session.Receive(AsBytes(content), now, sink);
  session.End(now, sink);
  Recorded recorded;
  recorded.refused = sink.refused.size();
  for (const auto& unit : sink.units) {
    if (auto message = MessageOf(unit)) recorded.messages.push_back(*std::move(message));
  }
  return recorded;
}

// Pairs each line of gpsdecode with the next of our messages of the same type and MMSI, a few places ahead at most: both leave out
// what they refuse, and not the same.
class GpsdAgreement : public testing::TestWithParam<const char*> {};

TEST_P(GpsdAgreement, EveryRecordedMessageIsReadAlike) {
  const std::string path = std::string(ENTENTE_SHARED_DATA) + "/ais/" + GetParam();
  std::ifstream file(path, std::ios::binary);
  if (kGpsdecode.empty() || !file) GTEST_SKIP() << "gpsdecode or " << path << " is not there";
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  const Recorded recorded = ReadRecording(content);
  std::size_t next = 0;
  std::size_t alike = 0;
  std::size_t compared = 0;
  std::size_t theirs_only = 0;
  const std::string output = RunWithInput(Gpsdecode(), content);
  for (const std::string_view line : Lines(output)) {
    const FieldValues theirs = ParseJson(line);
    if (theirs.at("class") != "AIS") continue;
    constexpr std::size_t kAhead = 40;
    std::size_t found = next;
    const std::size_t end = std::min(recorded.messages.size(), next + kAhead);
    const auto same = [&](const Header& header) {
      return std::to_string(header.type) == theirs.at("type") && std::to_string(header.mmsi) == theirs.at("mmsi");
    };
    while (found < end && !(same(recorded.messages[found].header) && ReadsAlike(recorded.messages[found], theirs))) ++found;
    for (std::size_t i = next; found == end && i < end; ++i) {
      if (same(recorded.messages[i].header)) found = i;
    }
    if (found == end) {
      ++theirs_only;
      std::cout << "gpsdecode only: " << line << '\n';
      continue;
    }
    for (; next < found; ++next)
      std::cout << "we only: message " << recorded.messages[next].header.type << " of " << recorded.messages[next].header.mmsi
                << '\n';
    ++alike;
    compared += CompareWithGpsd(recorded.messages[found], line);
    next = found + 1;
  }
  std::cout << GetParam() << ": " << alike << " messages alike in " << compared << " fields, " << theirs_only
            << " by gpsdecode only, " << recorded.messages.size() - alike << " by us only, " << recorded.refused
            << " refused by us\n";
  EXPECT_GT(alike, 0U);
  EXPECT_LE(theirs_only, recorded.refused);
}

INSTANTIATE_TEST_SUITE_P(Recordings, GpsdAgreement,
                         testing::Values("sample.aivdm", "ais-nmea.log", "typeexamples.nmea", "tagblock.nmea"),
                         [](const auto& instance) {
                           std::string name = instance.param;
                           std::ranges::replace_if(name, [](char c) { return c == '.' || c == '-'; }, '_');
                           return name;
                         });

// Peers give what they understand; each must be one of ours, in order.
std::size_t ExpectPeerReads(std::string_view peer, const std::vector<Message>& messages, std::size_t at_least) {
  std::string input;
  for (const Message& message : messages) input += Sentences(message);
  const std::string output = RunWithInput(NodeScript("decode.mjs", peer), input);
  std::size_t compared = 0;
  std::size_t next = 0;
  const auto lines = Lines(output);
  EXPECT_GE(lines.size(), at_least);
  for (const std::string_view line : lines) {
    const FieldValues theirs = ParseJson(line);
    while (next < messages.size() && std::to_string(messages[next].header.mmsi) != theirs.at("mmsi")) ++next;
    if (next == messages.size()) {
      ADD_FAILURE() << "not one of ours: " << line;
      break;
    }
    FieldValues ours = ValuesOf(messages[next++]);
    if (ours.contains("name")) ours["name20"] = ours["name"].substr(0, 20);
    compared += ExpectEqualFields(ours, theirs, line);
  }
  return compared;
}

TEST(AisPeers, AisStreamDecoderReadsWhatWeWrite) {
  if (!PeersInstalled("ais-stream-decoder")) GTEST_SKIP() << "npm ais-stream-decoder is not installed";
  const std::vector<Message> messages = RandomMessages(40, 11);
  // It takes apart 1 to 5, 18 and 24.
  EXPECT_GT(ExpectPeerReads("ais-stream-decoder", messages, 8 * 40), 8U * 40 * 7);
}

TEST(AisPeers, GgencoderReadsWhatWeWrite) {
  if (!PeersInstalled("ggencoder")) GTEST_SKIP() << "npm ggencoder is not installed";
  const std::vector<Message> messages = RandomMessages(40, 13);
  EXPECT_GT(ExpectPeerReads("ggencoder", messages, 8 * 40), 8U * 40 * 6);
}

TEST(AisPeers, WeReadWhatGgencoderWrites) {
  if (!PeersInstalled("ggencoder")) GTEST_SKIP() << "npm ggencoder is not installed";
  const std::string output = RunWithInput(NodeScript("encode.mjs"), "");
  const auto lines = Lines(output);
  ASSERT_EQ(lines.size(), 400U);
  for (const std::string_view line : lines) {
    FieldValues theirs = ParseJson(line);
    FieldValues wanted;
    for (const auto& [name, value] : theirs) {
      if (name.starts_with("fields.")) wanted.emplace(name.substr(7), value);
    }
    const auto sentence = ParseSentence(theirs.at("nmea"));
    ASSERT_TRUE(sentence.has_value()) << line << ": " << sentence.error().text;
    MessageBits bits;
    ASSERT_EQ(bits.AppendArmour(sentence->payload), std::nullopt);
    ASSERT_TRUE(bits.RemoveFill(sentence->fill_bits));
    std::vector<adapter::Finding> findings;
    const auto message = ReadMessage(bits, findings);
    ASSERT_TRUE(message.has_value()) << line << ": " << message.error().text;
    EXPECT_EQ(ExpectEqualFields(ValuesOf(*message), wanted, line), wanted.size());
  }
}

}  // namespace
}  // namespace entente::ais
