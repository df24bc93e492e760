// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/session.h"

#include <gtest/gtest.h>

#include "adapters/ais/capability.h"
#include "adapters/ais/checksum.h"
#include "adapters/ais/codec.h"
#include "adapters/ais/peer_support.h"
#include "adapters/api/recording_sink.h"
#include "adapters/api/sample_messages.h"

namespace entente::ais {
namespace {

const UtcTime kUtc = ParseUtc("2026-03-14T15:09:26.5Z")->time;

class AisSessionTest : public testing::Test {
 protected:
  AisSessionTest() { options_ = adapter::NodeOptions::Defaults(Options()); }

  void Receive(std::string_view text) { session().Receive(AsBytes(text), clock_.Read(), sink_); }
  void Pass(Duration time) {
    clock_.Advance(time);
    while (session().NextDeadline() && *session().NextDeadline() <= clock_.Read().instant)
      session().OnDeadline(clock_.Read(), sink_);
  }
  AisSession& session() {
    if (!session_) {
      adapter::SessionConfig config;
      config.carrier = carrier_;
      config.options = options_;
      session_ = std::make_unique<AisSession>(std::move(config));
    }
    return *session_;
  }
  adapter::SendResult Send(const v1::Envelope& message) {
    auto encoded = TheCodec().Encode(message, {"nmea", options_, ids_});
    EXPECT_TRUE(encoded.has_value());
    return session().Send(message, *encoded, clock_.Read());
  }

  adapter::Carrier carrier_ = adapter::Carrier::kStream;
  adapter::NodeOptions options_;
  adapter::HashedObjectIds ids_;
  VirtualClock clock_{kUtc};
  adapter::RecordingSink sink_;
  std::unique_ptr<AisSession> session_;
};

// Message 5 in its two sentences.
std::vector<std::string> TwoSentences(std::string_view name, std::uint32_t mmsi) {
  StaticVoyageData data;
  data.shipname = name;
  std::vector<std::string> sentences;
  const std::string text = Sentences({{5, 0, mmsi}, data});
  for (const std::string_view line : Lines(text)) sentences.push_back(std::string(line) + "\r\n");
  EXPECT_EQ(sentences.size(), 2U);
  return sentences;
}

std::string Tagged(std::string_view tag, std::string_view sentence) {
  return '\\' + std::string(tag) + '*' + ChecksumText(tag) + '\\' + std::string(sentence);
}

std::string Position(std::uint32_t mmsi) {
  PositionReport report;
  report.lat = 32'000'000;
  report.lon = 6'000'000;
  return Sentences({{1, 0, mmsi}, report});
}

TEST_F(AisSessionTest, PutsSentencesTogetherInEitherOrder) {
  const auto sentences = TwoSentences("ONE", 211000001);
  Receive(sentences[1] + sentences[0]);
  ASSERT_EQ(sink_.messages.size(), 1U);
  EXPECT_EQ(sink_.messages[0].decoded.envelope.identity().name(), "ONE");
  EXPECT_EQ(ToText(sink_.units.at(0).octets), sentences[0] + sentences[1]) << "the unit is in order";
}

TEST_F(AisSessionTest, KeepsGroupsOfDifferentReceiversApart) {
  const auto one = TwoSentences("ONE", 211000001);
  const auto two = TwoSentences("TWO", 211000002);
  Receive(Tagged("g:1-2-100,s:rA", one[0]) + Tagged("g:1-2-100,s:rB", two[0]) + Tagged("g:2-2-100,s:rB", two[1]) +
          Tagged("g:2-2-100,s:rA", one[1]));
  ASSERT_EQ(sink_.messages.size(), 2U);
  EXPECT_EQ(sink_.messages[0].decoded.envelope.identity().name(), "TWO");
  EXPECT_EQ(sink_.messages[1].decoded.envelope.identity().name(), "ONE");
}

TEST_F(AisSessionTest, ReadsOtherMessagesBetweenTheSentencesOfOne) {
  const auto sentences = TwoSentences("ONE", 211000001);
  Receive(sentences[0] + Position(211000009) + "$GPGLL,5426.10000,N,01010.20000,E,150926.00,A,A*66\r\n" + sentences[1]);
  ASSERT_EQ(sink_.messages.size(), 2U);
  EXPECT_TRUE(sink_.messages[0].decoded.envelope.has_track());
  EXPECT_TRUE(sink_.messages[1].decoded.envelope.has_identity());
  EXPECT_EQ(sink_.units.at(1).role, v1::UNIT_ROLE_CONTROL) << "GPGLL";
}

TEST_F(AisSessionTest, GivesUpAGroupWhoseRestDoesNotCome) {
  Receive(TwoSentences("ONE", 211000001)[0]);
  EXPECT_EQ(session().NextDeadline(), Instant{} + Assembler::kTimeout);
  Pass(Assembler::kTimeout);
  ASSERT_EQ(sink_.refused.size(), 1U);
  EXPECT_EQ(sink_.refused[0].error.code, adapter::DecodeCode::kTruncated);
  EXPECT_EQ(session().NextDeadline(), std::nullopt);
}

TEST_F(AisSessionTest, GivesUpAGroupWhenAnotherTakesItsIdentifier) {
  // The same group code from the same receiver, but another message.
  Receive(Tagged("g:1-2-7,s:rA", TwoSentences("ONE", 211000001)[0]));
  Receive(Tagged("g:1-2-7,s:rA", TwoSentences("TWO", 211000002)[0]));
  ASSERT_EQ(sink_.refused.size(), 1U);
  EXPECT_NE(sink_.refused[0].error.text.find("another message with the same identifier"), std::string::npos);
}

TEST_F(AisSessionTest, HoldsNoMoreUnfinishedGroupsThanItsLimit) {
  for (std::size_t i = 0; i < Assembler::kMaxGroups + 10; ++i) {
    Receive(Tagged("g:1-2-" + std::to_string(i) + ",s:rA", TwoSentences("ONE", 211000001)[0]));
  }
  EXPECT_EQ(sink_.refused.size(), 10U);
}

TEST_F(AisSessionTest, TakesASentenceHeardTwiceOnce) {
  const auto sentences = TwoSentences("ONE", 211000001);
  Receive(sentences[0] + sentences[0] + sentences[1]);
  EXPECT_EQ(sink_.messages.size(), 1U);
  EXPECT_TRUE(sink_.refused.empty());
}

TEST_F(AisSessionTest, NoiseBetweenSentencesCostsNoSentence) {
  Receive(Position(211000001) + "\x01\xFF~~noise\r\n\r\n# a comment\r\n!AIVDM,1,1,,A,broken,0*00\r\n" + Position(211000002));
  EXPECT_EQ(sink_.messages.size(), 2U);
  EXPECT_EQ(sink_.refused.size(), 3U);
}

TEST_F(AisSessionTest, RefusesAnEndlessLineOnceAndGoesOnBehindIt) {
  for (int i = 0; i < 100; ++i) Receive(std::string(1000, 'A'));
  EXPECT_EQ(sink_.refused.size(), 1U);
  EXPECT_EQ(sink_.refused[0].error.code, adapter::DecodeCode::kLimit);
  Receive("\r\n" + Position(211000002));
  EXPECT_EQ(sink_.messages.size(), 1U);
}

TEST_F(AisSessionTest, LoggersPrefixIsPassedOverWithAFinding) {
  Receive("2026-03-14 15:09:26 " + Position(211000001));
  ASSERT_EQ(sink_.messages.size(), 1U);
  EXPECT_EQ(sink_.messages[0].decoded.findings.at(0).severity, v1::FINDING_SEVERITY_DEVIATION);
}

TEST_F(AisSessionTest, JoinsPartsAAndB) {
  const std::string a = Sentences({{24, 0, 211331641}, StaticDataA{"SEA EAGLE"}});
  StaticDataB data;
  data.callsign = "DA1234";
  data.shiptype = 60;
  const std::string b = Sentences({{24, 0, 211331641}, data});
  Receive(a);
  EXPECT_TRUE(sink_.messages.empty()) << "part B follows within a minute";
  Receive(b);
  ASSERT_EQ(sink_.messages.size(), 1U);
  const v1::Identity& identity = sink_.messages[0].decoded.envelope.identity();
  EXPECT_EQ(identity.name(), "SEA EAGLE");
  EXPECT_EQ(identity.transponder_ids().radio_callsign(), "DA1234");
  ASSERT_EQ(sink_.messages[0].units.size(), 2U);
  EXPECT_EQ(sink_.units.at(0).role, v1::UNIT_ROLE_PARTIAL);
  const auto again = TheCodec().Encode(sink_.messages[0].decoded.envelope, {"nmea", options_, ids_});
  ASSERT_TRUE(again.has_value());
  ASSERT_EQ(again->units.size(), 2U);
  EXPECT_EQ(ToText(*again->units[0]) + ToText(*again->units[1]), a + b);
}

TEST_F(AisSessionTest, PartAAloneIsHandedOnAfterAMinute) {
  Receive(Sentences({{24, 0, 211331641}, StaticDataA{"SEA EAGLE"}}));
  Pass(std::chrono::seconds(59));
  EXPECT_TRUE(sink_.messages.empty());
  Pass(std::chrono::seconds(1));
  ASSERT_EQ(sink_.messages.size(), 1U);
  EXPECT_EQ(sink_.messages[0].decoded.envelope.identity().name(), "SEA EAGLE");
}

TEST_F(AisSessionTest, TracksBearTheNameThatStaticDataSaid) {
  Receive(Position(211000001));
  const auto sentences = TwoSentences("NORDIC HAMBURG", 211000001);
  Receive(sentences[0] + sentences[1] + Position(211000001) + Position(211000002));
  ASSERT_EQ(sink_.messages.size(), 4U);
  EXPECT_FALSE(sink_.messages[0].decoded.envelope.track().has_callsign());
  EXPECT_EQ(sink_.messages[2].decoded.envelope.track().callsign(), "NORDIC HAMBURG");
  EXPECT_FALSE(sink_.messages[3].decoded.envelope.track().has_callsign());
}

TEST_F(AisSessionTest, StaticDataIsSentWhenNewAndEverySixMinutes) {
  const v1::Envelope ship = adapter::PlainSample(v1::FAMILY_TRACK, kUtc);
  EXPECT_EQ(Send(ship).units.size(), 2U);
  EXPECT_EQ(Send(ship).units.size(), 1U);
  Pass(std::chrono::minutes(5));
  EXPECT_EQ(Send(ship).units.size(), 1U);
  Pass(std::chrono::minutes(1));
  EXPECT_EQ(Send(ship).units.size(), 2U);
  v1::Envelope renamed = ship;
  renamed.mutable_track()->set_callsign("F221 HESSEN");
  EXPECT_EQ(Send(renamed).units.size(), 2U);
}

TEST_F(AisSessionTest, OutputBeyondItsLimitIsDroppedWithAReason) {
  const v1::Envelope ship = adapter::PlainSample(v1::FAMILY_TRACK, kUtc);
  adapter::SendResult result;
  for (int i = 0; i < 200'000 && result.outcome == v1::SEND_OUTCOME_SENT; ++i) result = Send(ship);
  EXPECT_EQ(result.outcome, v1::SEND_OUTCOME_DROPPED);
  EXPECT_EQ(result.reason, "the output queue is full");
}

TEST_F(AisSessionTest, DatagramMayHoldSeveralSentencesAndNeedsNoLineEnd) {
  carrier_ = adapter::Carrier::kDatagram;
  std::string both = Position(211000001) + Position(211000002);
  both.resize(both.size() - 2);
  Receive(both);
  EXPECT_EQ(sink_.messages.size(), 2U);
}

TEST_F(AisSessionTest, EndRefusesWhatIsHalf) {
  Receive(TwoSentences("ONE", 211000001)[0] + "!AIVDM,1,1,,A,13;Nh000");
  session().End(clock_.Read(), sink_);
  EXPECT_EQ(sink_.refused.size(), 2U);
  EXPECT_FALSE(session().closed_because().empty());
}

}  // namespace
}  // namespace entente::ais
