// SPDX-License-Identifier: Apache-2.0
// Every sentence of real recordings is understood or refused with a reason, and none is lost. Prints what became of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

#include "adapters/ais/capability.h"
#include "adapters/ais/codec.h"
#include "adapters/ais/peer_support.h"
#include "adapters/ais/recording.h"
#include "adapters/ais/session.h"
#include "adapters/api/decode_error.h"
#include "adapters/api/recording_sink.h"

namespace entente::ais {
namespace {

class RecordedData : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const std::string path = std::string(ENTENTE_SHARED_DATA) + "/ais/" + GetParam();
    std::ifstream file(path, std::ios::binary);
    if (!file) GTEST_SKIP() << path << " is not there";
    content_.assign(std::istreambuf_iterator<char>(file), {});
  }
  std::string content_;
};

std::size_t LineCount(const Bytes& octets) {
  return static_cast<std::size_t>(std::count(octets.begin(), octets.end(), '\n'));
}

TEST_P(RecordedData, IsUnderstoodOrRefusedWithAReason) {
  adapter::SessionConfig config;
  config.options = adapter::NodeOptions::Defaults(Options());
  AisSession session(std::move(config));
  adapter::RecordingSink sink;
  const Now now{Instant{}, ParseUtc("2020-04-07T21:39:50Z")->time};
  std::size_t fed = 0;
  for (const auto& chunk : SplitRecording(AsBytes(content_))) {
    fed += LineCount(chunk.octets);
    session.Receive(chunk.octets, {now.instant, chunk.time.value_or(now.utc)}, sink);
  }
  session.End(now, sink);

  std::map<std::string, std::size_t> table;
  std::size_t accounted = 0;
  for (const auto& unit : sink.units) {
    accounted += LineCount(unit.octets);
    ++table[unit.role == v1::UNIT_ROLE_CONTROL ? "not AIS: " + unit.native_type : "message " + unit.native_type];
  }
  for (const auto& unit : sink.refused) {
    accounted += LineCount(unit.octets);
    EXPECT_FALSE(unit.error.clause.empty());
    EXPECT_FALSE(unit.error.text.empty());
    ++table["refused, " + std::string(adapter::CodeName(unit.error.code)) + ", " + unit.error.field];
  }
  std::cout << GetParam() << ": " << fed << " lines\n";
  for (const auto& [what, count] : table) std::cout << "  " << what << ": " << count << '\n';
  for (const auto& unit : sink.refused)
    std::cout << "  refused: " << unit.error.text << ": " << WithoutLineEnd(AsText(unit.octets)) << '\n';
  EXPECT_EQ(accounted, fed) << "lines that were neither understood nor refused";
  EXPECT_FALSE(sink.messages.empty());
}

TEST_P(RecordedData, EveryMessageCanBeSaidAgainAndIsTheSame) {
  adapter::SessionConfig config;
  config.options = adapter::NodeOptions::Defaults(Options());
  const adapter::NodeOptions options = config.options;
  AisSession session(std::move(config));
  adapter::RecordingSink sink;
  const Now now{Instant{}, ParseUtc("2020-04-07T21:39:50Z")->time};
  session.Receive(AsBytes(content_), now, sink);
  adapter::HashedObjectIds ids;
  for (const auto& message : sink.messages) {
    const auto again = TheCodec().Encode(message.decoded.envelope, {"nmea", options, ids});
    ASSERT_TRUE(again.has_value()) << again.error().reason;
    ASSERT_FALSE(again->units.empty());
    EXPECT_TRUE(TheCodec().Decode(*again->units.front(), {"nmea", options, now}).has_value());
  }
}

INSTANTIATE_TEST_SUITE_P(Recordings, RecordedData,
                         testing::Values("sample.aivdm", "ais-nmea.log", "typeexamples.nmea", "tagblock.nmea"),
                         [](const auto& instance) {
                           std::string name = instance.param;
                           std::ranges::replace_if(name, [](char c) { return c == '.' || c == '-'; }, '_');
                           return name;
                         });

TEST(Recording, TakesTimesFromTagBlocksAndFromBehindTheSentence) {
  std::string sentence = Sentences({{1, 0, 211331640}, PositionReport{}});
  sentence.resize(sentence.size() - 2);
  const std::string tag_block = FormatTagBlock("rA", UtcTime(std::chrono::seconds(1418172113)));
  const std::string log =
      "# comment\n" + tag_block + sentence + "\r\n" + sentence + ",d-109,r003669946,1325394060\n" + sentence + '\n';
  const auto chunks = SplitRecording(AsBytes(log));
  ASSERT_EQ(chunks.size(), 3U);
  EXPECT_EQ(chunks[0].time, UtcTime(std::chrono::seconds(1418172113)));
  EXPECT_EQ(chunks[1].time, UtcTime(std::chrono::seconds(1325394060)));
  EXPECT_EQ(chunks[2].time, std::nullopt);
}

}  // namespace
}  // namespace entente::ais
