// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/codec.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "adapters/ais/capability.h"
#include "adapters/ais/message_bits.h"
#include "adapters/ais/peer_support.h"
#include "adapters/ais/six_bit_text.h"
#include "adapters/ais/to_canonical.h"
#include "adapters/api/sample_messages.h"
#include "base/bit_writer.h"

namespace entente::ais {
namespace {

const UtcTime kUtc = ParseUtc("2026-03-14T15:09:26.5Z")->time;

adapter::NodeOptions OptionsWith(std::initializer_list<std::pair<std::string_view, std::string_view>> set) {
  adapter::NodeOptions options = adapter::NodeOptions::Defaults(Options());
  for (const auto& [name, text] : set) EXPECT_TRUE(options.Set(Options(), name, text).has_value()) << name;
  return options;
}

adapter::DecodeResult<adapter::DecodedUnit> Decode(std::string_view unit) {
  const auto options = OptionsWith({});
  return TheCodec().Decode(AsBytes(unit), {"nmea", options, {Instant{}, kUtc}});
}

adapter::DecodedMessage DecodeOne(const Message& message) {
  auto unit = Decode(Sentences(message));
  EXPECT_TRUE(unit.has_value()) << unit.error().text;
  EXPECT_EQ(unit->messages.size(), 1U);
  return unit->messages.front();
}

std::expected<adapter::Encoded, adapter::CannotSay> Encode(const v1::Envelope& message, const adapter::NodeOptions& options) {
  adapter::HashedObjectIds ids;
  return TheCodec().Encode(message, {"nmea", options, ids});
}

std::vector<Message> EncodedMessages(const v1::Envelope& message, const adapter::NodeOptions& options) {
  std::vector<Message> messages;
  const auto encoded = Encode(message, options);
  EXPECT_TRUE(encoded.has_value()) << encoded.error().reason;
  for (const SharedBytes& unit : encoded->units) {
    MessageBits bits;
    unsigned fill = 0;
    std::string_view rest = AsText(*unit);
    while (!rest.empty()) {
      const auto sentence = ParseSentence(WithoutLineEnd(TakeLine(rest)));
      EXPECT_TRUE(sentence.has_value());
      EXPECT_EQ(bits.AppendArmour(sentence->payload), std::nullopt);
      fill = sentence->fill_bits;
    }
    EXPECT_TRUE(bits.RemoveFill(fill));
    std::vector<adapter::Finding> findings;
    auto read = ReadMessage(bits, findings);
    EXPECT_TRUE(read.has_value());
    EXPECT_TRUE(findings.empty());
    messages.push_back(*std::move(read));
  }
  return messages;
}

bool Has(const v1::Envelope& envelope, v1::Field field, v1::Presence presence) {
  return std::ranges::any_of(envelope.field_notes(),
                             [&](const auto& note) { return note.field() == field && note.presence() == presence; });
}

TEST(AisCodec, EveryMessageComesBackBitForBit) {
  for (const Message& message : RandomMessages(50, 3)) {
    const std::string sentences = Sentences(message);
    MessageBits bits;
    unsigned fill = 0;
    for (const std::string_view line : Lines(sentences)) {
      const auto sentence = ParseSentence(line);
      ASSERT_TRUE(sentence.has_value());
      EXPECT_LE(line.size() + 2, 82U) << "a sentence has at most 82 characters";
      ASSERT_EQ(bits.AppendArmour(sentence->payload), std::nullopt);
      fill = sentence->fill_bits;
    }
    ASSERT_TRUE(bits.RemoveFill(fill));
    std::vector<adapter::Finding> findings;
    const auto read = ReadMessage(bits, findings);
    ASSERT_TRUE(read.has_value()) << read.error().text;
    EXPECT_EQ(*read, message);
    EXPECT_TRUE(findings.empty()) << findings.front().text;
  }
}

TEST(AisCodec, NoSentinelBecomesAValue) {
  const auto class_a = DecodeOne({{1, 0, 211331640}, PositionReport{}}).envelope;
  const v1::Track& track = class_a.track();
  EXPECT_FALSE(track.has_position() || track.has_speed_mps() || track.has_course_deg() || track.attitude().has_heading_deg() ||
               track.has_rate_of_turn_dps() || track.has_operational_status() || track.has_horizontal_accuracy_m());
  for (const v1::Field field : {v1::FIELD_POSITION, v1::FIELD_SPEED, v1::FIELD_COURSE, v1::FIELD_HEADING, v1::FIELD_RATE_OF_TURN,
                                v1::FIELD_OPERATIONAL_STATUS, v1::FIELD_HORIZONTAL_ACCURACY, v1::FIELD_OBSERVED_TIME}) {
    EXPECT_TRUE(Has(class_a, field, v1::PRESENCE_UNKNOWN)) << v1::Field_Name(field);
  }
  const auto aircraft = DecodeOne({{9, 0, 111211501}, SarAircraftReport{}}).envelope;
  EXPECT_FALSE(aircraft.track().has_altitude());
  EXPECT_TRUE(Has(aircraft, v1::FIELD_ALTITUDE, v1::PRESENCE_UNKNOWN));
  const auto long_range = DecodeOne({{27, 0, 211331640}, LongRangeReport{}}).envelope;
  EXPECT_FALSE(long_range.track().has_position() || long_range.track().has_speed_mps() || long_range.track().has_course_deg());
  const auto voyage = DecodeOne({{5, 0, 211331640}, StaticVoyageData{}}).envelope.identity();
  EXPECT_FALSE(voyage.has_name() || voyage.has_destination() || voyage.has_draught_m() || voyage.has_eta_month() ||
               voyage.has_eta_hour() || voyage.has_eta_minute() || voyage.has_eta_day() || voyage.transponder_ids().has_imo() ||
               voyage.has_dimension_to_bow_m() || voyage.classification().has_ais_ship_type() || voyage.has_epfd_type());
  const auto base = DecodeOne({{4, 0, 2111240}, BaseStationReport{}}).envelope;
  EXPECT_FALSE(base.identity().has_position());
  EXPECT_TRUE(Has(base, v1::FIELD_OBSERVED_TIME, v1::PRESENCE_UNKNOWN));
}

TEST(AisCodec, BoundsAreSaidToBeClamped) {
  PositionReport report;
  report.speed = 1022;
  report.turn = 126;
  const auto clamped = DecodeOne({{1, 0, 211331640}, report}).envelope;
  EXPECT_NEAR(clamped.track().speed_mps(), 102.2 * 1852 / 3600, 1e-9);
  EXPECT_NEAR(clamped.track().rate_of_turn_dps(), 708.0 / 60, 0.02);
  EXPECT_TRUE(Has(clamped, v1::FIELD_SPEED, v1::PRESENCE_CLAMPED));
  EXPECT_TRUE(Has(clamped, v1::FIELD_RATE_OF_TURN, v1::PRESENCE_CLAMPED));
  report.turn = -127;
  EXPECT_NEAR(DecodeOne({{1, 0, 211331640}, report}).envelope.track().rate_of_turn_dps(), -5.0 / 30, 1e-9);
}

TEST(AisCodec, ZeroIsAValue) {
  PositionReport report;
  report.lat = report.lon = 0;
  report.speed = report.course = report.heading = 0;
  report.turn = 0;
  report.second = 0;
  const v1::Track track = DecodeOne({{1, 0, 211331640}, report}).envelope.track();
  EXPECT_TRUE(track.has_position() && track.has_speed_mps() && track.has_course_deg() && track.attitude().has_heading_deg() &&
              track.has_rate_of_turn_dps());
}

TEST(AisCodec, CompletesTheSecondToTheNearestMinute) {
  const auto at = [](std::string_view text) { return ParseUtc(text)->time; };
  EXPECT_EQ(CompleteSecond(at("2026-03-14T15:09:26Z"), 20), at("2026-03-14T15:09:20Z"));
  EXPECT_EQ(CompleteSecond(at("2026-03-14T15:09:26Z"), 31), at("2026-03-14T15:09:31Z"));
  EXPECT_EQ(CompleteSecond(at("2026-03-14T15:09:26Z"), 40), at("2026-03-14T15:08:40Z"));
  EXPECT_EQ(CompleteSecond(at("2026-01-01T00:00:02Z"), 58), at("2025-12-31T23:59:58Z"));
  EXPECT_EQ(CompleteSecond(at("2025-12-31T23:59:58Z"), 1), at("2026-01-01T00:00:01Z"));
}

TEST(AisCodec, TagBlockGivesTheTimeAndSaysWhose) {
  PositionReport report;
  report.second = 51;
  const std::string tagged =
      FormatTagBlock("rEU0001", ParseUtc("2026-02-01T00:41:53Z")->time) + Sentences({{1, 0, 211331640}, report});
  const auto unit = Decode(tagged);
  ASSERT_TRUE(unit.has_value());
  const v1::Timestamp& observed = unit->messages[0].envelope.times().observed();
  EXPECT_EQ(FormatUtc(FromNanoseconds(observed.utc_ns()), 0), "2026-02-01T00:41:51Z");
  EXPECT_EQ(observed.clock(), v1::CLOCK_SOURCE_RELAY);
  EXPECT_EQ(observed.completion(), v1::TIME_COMPLETION_MINUTE);
}

TEST(AisCodec, BaseStationSaysTheWholeTime) {
  BaseStationReport report;
  report.year = 2026;
  report.month = 2;
  report.day = 28;
  report.hour = 23;
  report.minute = 59;
  report.second = 58;
  report.lon = 6'100'000;
  report.lat = 32'700'000;
  const auto base = DecodeOne({{4, 0, 2111240}, report}).envelope;
  EXPECT_EQ(FormatUtc(FromNanoseconds(base.times().observed().utc_ns()), 0), "2026-02-28T23:59:58Z");
  EXPECT_EQ(base.times().observed().completion(), v1::TIME_COMPLETION_NONE);
  EXPECT_EQ(base.native_id().value(), "002111240");
  EXPECT_NEAR(base.identity().position().latitude_deg(), 54.5, 1e-6);
  EXPECT_EQ(DecodeOne({{11, 0, 211331640}, report}).envelope.family(), v1::FAMILY_TRACK) << "a ship that answers an inquiry moves";
}

TEST(AisCodec, TypesThatAreNotTakenApartAreGivenBackWhole) {
  BitWriter writer;
  writer.Unsigned(8, 6);
  writer.Unsigned(0, 2);
  writer.Unsigned(211331642, 30);
  writer.Unsigned(0x123456789ABCDEFULL, 64);
  const Armoured armoured = Armour(writer.view(), writer.size_bits());
  const std::string unit = FormatSentences(armoured.characters, armoured.fill_bits, {});
  const auto decoded = Decode(unit);
  ASSERT_TRUE(decoded.has_value()) << decoded.error().text;
  const v1::Envelope& envelope = decoded->messages.at(0).envelope;
  EXPECT_EQ(envelope.family(), v1::FAMILY_OPAQUE);
  EXPECT_EQ(envelope.opaque().native_type(), "binary broadcast message");
  const auto again = Encode(envelope, OptionsWith({}));
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(ToText(*again->units.at(0)), unit);
}

TEST(AisCodec, WhatCameFromAisGoesBackBitForBit) {
  for (const Message& message : RandomMessages(20, 17)) {
    const auto unit = Decode(Sentences(message));
    ASSERT_TRUE(unit.has_value()) << unit.error().text;
    const auto again = Encode(unit->messages.front().envelope, OptionsWith({}));
    ASSERT_TRUE(again.has_value()) << again.error().reason;
    ASSERT_EQ(again->units.size(), 1U);
    EXPECT_EQ(ToText(*again->units[0]), Sentences(message));
  }
}

TEST(AisCodec, ExtendedReportSaysATrackAndAnIdentity) {
  ExtendedClassBReport report;
  report.shipname = "NORDIC HAMBURG";
  report.shiptype = 70;
  report.lon = 6'100'000;
  report.lat = 32'700'000;
  const auto unit = Decode(Sentences({{19, 0, 211331641}, report}));
  ASSERT_TRUE(unit.has_value());
  ASSERT_EQ(unit->messages.size(), 2U);
  EXPECT_EQ(unit->messages[0].envelope.track().callsign(), "NORDIC HAMBURG");
  EXPECT_EQ(unit->messages[1].envelope.identity().name(), "NORDIC HAMBURG");
}

TEST(AisCodec, OptionsChooseThePositionMessage) {
  v1::Envelope ship = adapter::PlainSample(v1::FAMILY_TRACK, kUtc);
  const auto last_type = [&](const adapter::NodeOptions& options) { return EncodedMessages(ship, options).back().header.type; };
  EXPECT_EQ(last_type(OptionsWith({})), 1U);
  EXPECT_EQ(last_type(OptionsWith({{"class", "B"}})), 18U);
  for (const std::string_view type : {"1", "2", "3", "11", "18", "19", "27"}) {
    EXPECT_EQ(std::to_string(last_type(OptionsWith({{"position_message", type}}))), type);
  }
  ship.mutable_track()->mutable_classification()->set_dimension(v1::DIMENSION_AIR);
  EXPECT_EQ(last_type(OptionsWith({{"position_message", "1"}})), 9U) << "aircraft are message 9 always";
}

TEST(AisCodec, StaticDataGoesBeforeThePosition) {
  const v1::Envelope ship = adapter::PlainSample(v1::FAMILY_TRACK, kUtc);
  const auto class_a = EncodedMessages(ship, OptionsWith({}));
  ASSERT_EQ(class_a.size(), 2U);
  EXPECT_EQ(std::get<StaticVoyageData>(class_a[0].body).shipname, "F220 HAMBURG");
  const auto class_b = EncodedMessages(ship, OptionsWith({{"class", "B"}}));
  ASSERT_EQ(class_b.size(), 3U);
  EXPECT_EQ(std::get<StaticDataA>(class_b[0].body).shipname, "F220 HAMBURG");
  EXPECT_EQ(std::get<StaticDataB>(class_b[1].body).shiptype, 35U);
}

TEST(AisCodec, IdentitiesBecomeAidsBaseStationsAndShips) {
  v1::Envelope message = adapter::PlainSample(v1::FAMILY_IDENTITY, kUtc);
  const auto types = [&](const adapter::NodeOptions& options) {
    std::vector<std::uint32_t> said;
    for (const Message& part : EncodedMessages(message, options)) said.push_back(part.header.type);
    return said;
  };
  EXPECT_EQ(types(OptionsWith({})), (std::vector<std::uint32_t>{5}));
  EXPECT_EQ(types(OptionsWith({{"class", "B"}})), (std::vector<std::uint32_t>{24, 24}));
  message.mutable_identity()->mutable_position()->set_latitude_deg(54);
  EXPECT_EQ(types(OptionsWith({})), (std::vector<std::uint32_t>{4}));
  message.mutable_identity()->set_aid_type(5);
  message.mutable_identity()->set_name("A NAME OF MORE THAN TWENTY LETTERS");
  EXPECT_EQ(types(OptionsWith({})), (std::vector<std::uint32_t>{21}));
  EXPECT_EQ(std::get<AidToNavigation>(EncodedMessages(message, OptionsWith({}))[0].body).name,
            "A NAME OF MORE THAN TWENTY LETTERS");
}

TEST(AisCodec, AlertsAreSafetyTexts) {
  const auto messages = EncodedMessages(adapter::PlainSample(v1::FAMILY_ALERT, kUtc), OptionsWith({}));
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(messages[0].header.type, 14U);
  EXPECT_EQ(std::get<SafetyText>(messages[0].body).text, "EMERGENCY ALPHA 6 5406.000N 01012.000E MAN DOWN");
}

TEST(AisCodec, SaysWhyItCannotSay) {
  EXPECT_EQ(Encode(adapter::PlainSample(v1::FAMILY_WEAPON_EVENT, kUtc), OptionsWith({})).error().reason,
            "AIS has no weapon events");
  EXPECT_EQ(Encode(adapter::PlainSample(v1::FAMILY_SIMULATION_CONTROL, kUtc), OptionsWith({})).error().reason,
            "AIS has no simulation control");
  v1::Envelope dropped = adapter::PlainSample(v1::FAMILY_TRACK, kUtc);
  dropped.mutable_track()->set_lifecycle(v1::LIFECYCLE_DROPPED);
  EXPECT_FALSE(Encode(dropped, OptionsWith({})).has_value()) << "a report would bring the track back to life";
}

TEST(AisCodec, EllipsoidHeightIsNotPassedOffAsHeightAboveTheSea) {
  v1::Envelope aircraft = adapter::PlainSample(v1::FAMILY_TRACK, kUtc);
  aircraft.mutable_track()->mutable_classification()->set_dimension(v1::DIMENSION_AIR);
  aircraft.mutable_track()->mutable_altitude()->set_metres(1524);
  aircraft.mutable_track()->mutable_altitude()->set_datum(v1::ALTITUDE_DATUM_ELLIPSOID);
  const auto altitude = [&] { return std::get<SarAircraftReport>(EncodedMessages(aircraft, OptionsWith({})).back().body).alt; };
  EXPECT_EQ(altitude(), 4095U);
  aircraft.mutable_track()->mutable_altitude()->set_datum(v1::ALTITUDE_DATUM_MEAN_SEA_LEVEL);
  EXPECT_EQ(altitude(), 1524U);
}

TEST(AisCodec, OwnShipAndTagBlockAreSaidAsTheOptionsTell) {
  v1::Envelope ship = adapter::PlainSample(v1::FAMILY_TRACK, kUtc);
  ship.mutable_track()->clear_callsign();
  ship.mutable_track()->mutable_classification()->clear_ais_ship_type();
  ship.mutable_track()->mutable_transponder_ids()->set_mmsi(211331640);
  const auto encoded = Encode(ship, OptionsWith({{"mmsi", "211331640"}, {"channel", "B"}, {"tag_block_source", "ENTENTE"}}));
  ASSERT_TRUE(encoded.has_value());
  const std::string unit = ToText(*encoded->units.back());
  EXPECT_TRUE(unit.starts_with("\\s:ENTENTE,c:1773500966*")) << unit;
  EXPECT_NE(unit.find("!AIVDO,1,1,,B,"), std::string::npos) << unit;
}

TEST(AisCodec, ObjectsWithoutMmsiGetOneThatNoShipHas) {
  v1::Envelope vehicle = adapter::PlainSample(v1::FAMILY_TRACK, kUtc);
  vehicle.mutable_track()->clear_transponder_ids();
  const std::uint32_t mmsi = EncodedMessages(vehicle, OptionsWith({})).back().header.mmsi;
  EXPECT_GE(mmsi, 200'000'000U);
  EXPECT_LE(mmsi, 200'999'999U);
}

TEST(SixBitText, FoldsToWhatSixBitsHold) {
  EXPECT_EQ(FoldToSixBit("Hamburg", 20), "HAMBURG");
  EXPECT_EQ(FoldToSixBit("Île d'Aix", 20), "ILE D'AIX");
  EXPECT_EQ(FoldToSixBit("a@b{c}~", 20), "A?B?C??");
  EXPECT_EQ(FoldToSixBit("🚢 x", 20), "? X");
  EXPECT_EQ(FoldToSixBit("\xC3", 20), "?");
  EXPECT_EQ(FoldToSixBit("\xFF\x80", 20), "??");
  EXPECT_EQ(FoldToSixBit("ABCDEF   ", 20), "ABCDEF");
  EXPECT_EQ(FoldToSixBit(std::string(50, 'x'), 20), std::string(20, 'X'));
}

}  // namespace
}  // namespace entente::ais
