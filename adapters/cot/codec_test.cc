// SPDX-License-Identifier: Apache-2.0
#include "adapters/cot/codec.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>

#include <set>

#include "adapters/api/fields.h"
#include "adapters/cot/test_support.h"

namespace entente::cot {
namespace {

using testing::HasSubstr;

v1::Envelope Expected(const std::filesystem::path& cot) {
  v1::Envelope message;
  EXPECT_TRUE(
      google::protobuf::TextFormat::ParseFromString(ReadFile(std::filesystem::path(cot).replace_extension(".txtpb")), &message))
      << cot;
  return message;
}

std::string Unit(const std::filesystem::path& cot) {
  std::string text = ReadFile(cot);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

void ExpectEqual(const v1::Envelope& a, const v1::Envelope& b, const std::string& where) {
  google::protobuf::util::MessageDifferencer differencer;
  std::string report;
  differencer.ReportDifferencesToString(&report);
  EXPECT_TRUE(differencer.Compare(a, b)) << where << "\n" << report;
}

void ExpectEachFieldOnce(const adapter::LossLedger& ledger, const std::string& where) {
  std::set<v1::Field> fields;
  for (const auto& entry : ledger.entries())
    EXPECT_TRUE(fields.insert(entry.field).second) << where << " " << v1::Field_Name(entry.field);
}

TEST(CodecTest, EveryVectorMeansItsMessage) {
  const auto files = FilesIn(VectorFolder(), ".cot");
  ASSERT_GE(files.size(), 8U);
  for (const auto& file : files) {
    const auto decoded = Decode(Unit(file));
    ASSERT_TRUE(decoded.has_value()) << file << ": " << decoded.error().text;
    ASSERT_EQ(decoded->messages.size(), 1U);
    EXPECT_TRUE(decoded->messages[0].findings.empty()) << file;
    ExpectEachFieldOnce(decoded->messages[0].ledger, file);
    ExpectEqual(Expected(file), decoded->messages[0].envelope, file);
  }
}

TEST(CodecTest, EveryMessageOfAVectorComesBackTheSameInEveryForm) {
  for (const auto& file : FilesIn(VectorFolder(), ".cot")) {
    const v1::Envelope message = Expected(file);
    for (const std::string_view form : {kFormXml, kFormXmlMesh, kFormTakV1, kFormTakV1Mesh}) {
      const auto encoded = Encode(message, form);
      ASSERT_TRUE(encoded.has_value()) << file << ": " << encoded.error().reason;
      ASSERT_EQ(encoded->units.size(), 1U);
      ExpectEachFieldOnce(encoded->ledger, file);
      v1::Envelope again = DecodeMessage(*encoded->units[0], form);
      if (again.has_opaque()) again.mutable_opaque()->set_octets(message.opaque().octets());  // the other notation's octets
      // Order among the children of <detail> is without meaning.
      if (again.extensions_size() > 0 && form.starts_with("tak")) *again.mutable_extensions() = message.extensions();
      ExpectEqual(message, again, file.string() + " " + std::string(form));
    }
  }
}

TEST(CodecTest, WhatTheSchemaSaysIsWrittenOctetForOctet) {
  for (const std::string name : {"track-full", "marker-opaque"}) {
    const auto file = VectorFolder() / (name + ".cot");
    EXPECT_EQ(AsText(EncodeUnit(Expected(file))), Unit(file)) << name;
  }
}

TEST(CodecTest, SpeedIsTheMagnitudeInSpace) {
  const v1::Track climbing =
      DecodeMessage(AsBytes(EventText("a-f-A", "<track course=\"10\" speed=\"100\" slope=\"30\"/>"))).track();
  EXPECT_NEAR(climbing.speed_mps(), 86.6025404, 1e-6);
  EXPECT_NEAR(climbing.vertical_rate_mps(), 50, 1e-9);
  EXPECT_FALSE(DecodeMessage(AsBytes(EventText("a-f-A", "<track course=\"10\" speed=\"100\"/>"))).track().has_vertical_rate_mps());
  v1::Envelope falling = DecodeMessage(AsBytes(EventText()));
  falling.mutable_track()->set_course_deg(0);
  falling.mutable_track()->set_speed_mps(0);
  falling.mutable_track()->set_vertical_rate_mps(-100);
  EXPECT_THAT(std::string(AsText(EncodeUnit(falling))), HasSubstr("<track course=\"0.0\" speed=\"100.0\" slope=\"-90.0\"/>"));
}

TEST(CodecTest, SentinelsNeverBecomeValues) {
  for (const std::string unknown : {"9999999", "9999999.0", "999999", "NaN", "9.999999E6"}) {
    std::string text = EventText();
    for (const char* name : {" hae", " ce", " le"}) {
      const std::size_t at = text.find(std::string(name) + "=\"") + std::string(name).size() + 2;
      text.replace(at, text.find('"', at) - at, unknown);
    }
    const v1::Envelope message = DecodeMessage(AsBytes(text));
    EXPECT_FALSE(message.track().has_altitude()) << unknown;
    EXPECT_FALSE(message.track().has_horizontal_accuracy_m()) << unknown;
    EXPECT_FALSE(message.track().has_vertical_accuracy_m()) << unknown;
    EXPECT_EQ(message.field_notes_size(), 3) << unknown;
  }
}

TEST(CodecTest, StaleAtStartDropsTheTrackToo) {
  std::string text = EventText();
  text.replace(text.find("00:02:00"), 8, "00:00:00");
  const v1::Envelope message = DecodeMessage(AsBytes(text));
  EXPECT_EQ(message.track().lifecycle(), v1::LIFECYCLE_DROPPED);
  EXPECT_EQ(message.stale_at_ns(), 0) << "or nobody would hear of it";
}

TEST(CodecTest, AYear9999StaleMeansNeverAndIsWrittenAsSuch) {
  std::string text = EventText();
  text.replace(text.find("stale=\"2026"), 11, "stale=\"9999");
  const v1::Envelope message = DecodeMessage(AsBytes(text));
  EXPECT_EQ(message.stale_at_ns(), 0);
  EXPECT_THAT(std::string(AsText(EncodeUnit(message))), HasSubstr("stale=\"9999-12-31T23:59:59.999Z\""));
  EXPECT_EQ(DecodeMessage(EncodeUnit(message, kFormTakV1), kFormTakV1).times().stale_at().utc_ns(),
            message.times().stale_at().utc_ns());
}

TEST(CodecTest, NanosecondsSurviveXmlAndAreSaidAsRoundedInTakV1) {
  std::string text = EventText();
  text.replace(text.find("00:00:00.000Z"), 13, "00:00:00.123456789Z");
  const v1::Envelope message = DecodeMessage(AsBytes(text));
  EXPECT_EQ(DecodeMessage(EncodeUnit(message)).times().observed().utc_ns(), message.times().observed().utc_ns());
  const auto encoded = Encode(message, kFormTakV1);
  ASSERT_TRUE(encoded.has_value());
  const auto* entry = encoded->ledger.Find(v1::FIELD_OBSERVED_TIME);
  EXPECT_EQ(entry->outcome, v1::LEDGER_OUTCOME_APPROXIMATED);
  EXPECT_NEAR(entry->error, 456789e-9, 1e-12);
}

// A track as another protocol's adapter would make it: no uid, no type, no end of validity.
v1::Envelope ForeignTrack() {
  v1::Envelope message;
  message.set_family(v1::FAMILY_TRACK);
  message.set_object_id("obj-42");
  message.mutable_native_id()->set_scheme("mmsi");
  message.mutable_native_id()->set_value("211331640");
  message.mutable_times()->mutable_observed()->set_utc_ns(1'772'360'130'000'000'000);
  message.mutable_track()->mutable_position()->set_latitude_deg(54.5);
  message.mutable_track()->mutable_position()->set_longitude_deg(10.25);
  return message;
}

TEST(CodecTest, AForeignTrackGetsItsObjectIdAndDefaultsThatTheLedgerNames) {
  const auto encoded = Encode(ForeignTrack());
  ASSERT_TRUE(encoded.has_value());
  const std::string text(AsText(*encoded->units[0]));
  EXPECT_THAT(text, HasSubstr("uid=\"obj-42\" type=\"a-u-G\""));
  EXPECT_THAT(text, HasSubstr("stale=\"2026-03-01T10:17:30.000Z\" how=\"m-r\""));
  EXPECT_THAT(text, HasSubstr("hae=\"9999999.0\" ce=\"9999999.0\" le=\"9999999.0\""));
  for (const v1::Field field : {v1::FIELD_STALE_TIME, v1::FIELD_ALTITUDE, v1::FIELD_HORIZONTAL_ACCURACY,
                                v1::FIELD_VERTICAL_ACCURACY, v1::FIELD_STANDARD_IDENTITY, v1::FIELD_DIMENSION, v1::FIELD_HOW}) {
    const auto* entry = encoded->ledger.Find(field);
    ASSERT_NE(entry, nullptr) << v1::Field_Name(field);
    EXPECT_EQ(entry->outcome, v1::LEDGER_OUTCOME_DEFAULTED) << v1::Field_Name(field);
  }
}

TEST(CodecTest, ShipsAndSimulatedEntitiesGetTheNearestType) {
  v1::Envelope ship = ForeignTrack();
  ship.mutable_track()->mutable_classification()->set_ais_ship_type(74);
  EXPECT_THAT(std::string(AsText(EncodeUnit(ship))), HasSubstr("type=\"a-u-S-X-M-C\""));
  v1::Envelope entity = ForeignTrack();
  entity.mutable_track()->mutable_classification()->set_standard_identity(v1::STANDARD_IDENTITY_HOSTILE);
  v1::DisEntityType& type = *entity.mutable_track()->mutable_classification()->mutable_dis_entity_type();
  type.set_kind(1);
  type.set_domain(2);
  EXPECT_THAT(std::string(AsText(EncodeUnit(entity))), HasSubstr("type=\"a-h-A\""));
  type.set_kind(2);  // a missile against aircraft is none itself
  EXPECT_THAT(std::string(AsText(EncodeUnit(entity))), HasSubstr("type=\"a-h-G\""));
}

TEST(CodecTest, AnAltitudeAboveTheSeaIsNotPassedOffAsOneAboveTheEllipsoid) {
  v1::Envelope message = ForeignTrack();
  message.mutable_track()->mutable_altitude()->set_metres(100);
  message.mutable_track()->mutable_altitude()->set_datum(v1::ALTITUDE_DATUM_MEAN_SEA_LEVEL);
  const auto encoded = Encode(message);
  ASSERT_TRUE(encoded.has_value());
  EXPECT_THAT(std::string(AsText(*encoded->units[0])), HasSubstr("hae=\"9999999.0\""));
  EXPECT_EQ(encoded->ledger.Find(v1::FIELD_ALTITUDE)->outcome, v1::LEDGER_OUTCOME_DROPPED);
}

TEST(CodecTest, EveryAffiliationAndDimensionComesBack) {
  for (const char affiliation : std::string("puafnshjkox")) {
    for (const char dimension : std::string("PAGSUFX")) {
      const std::string type = {'a', '-', affiliation, '-', dimension, '-', 'C'};
      const v1::Envelope message = DecodeMessage(AsBytes(EventText(type)));
      EXPECT_EQ(message.extensions_size(), 0) << type;
      EXPECT_THAT(std::string(AsText(EncodeUnit(message))), HasSubstr("type=\"" + type + "\""));
    }
  }
}

TEST(CodecTest, ATypeBeyondTheModelIsCarriedWhole) {
  for (const std::string type : {"a-f", "a-U-G", "a-f-Z-q", "a-.-G", "a-f-G-U-C;extra"}) {
    const v1::Envelope message = DecodeMessage(AsBytes(EventText(type)));
    EXPECT_THAT(std::string(AsText(EncodeUnit(message))), HasSubstr("type=\"" + type + "\"")) << type;
  }
}

TEST(CodecTest, QosDigitsFallIntoFourPrecedences) {
  const std::string_view names[] = {"1", "1", "1", "5", "5", "5", "7", "7", "9", "9"};
  for (int digit = 0; digit <= 9; ++digit) {
    const std::string qos = std::to_string(digit) + "-f-c";
    v1::Envelope message = DecodeMessage(AsBytes(EventText("a-f-G", "", " qos=\"" + qos + "\"")));
    EXPECT_THAT(std::string(AsText(EncodeUnit(message))), HasSubstr("qos=\"" + qos + "\"")) << "the origin's own spelling";
    message.clear_source_precedence();
    EXPECT_THAT(std::string(AsText(EncodeUnit(message))), HasSubstr("qos=\"" + std::string(names[digit]) + "-f-c\""));
  }
}

TEST(CodecTest, OpexSaysWhatIsReal) {
  for (const auto& [opex, reality] : {std::pair{"o", v1::REALITY_REAL}, std::pair{"e-BALTOPS", v1::REALITY_EXERCISE},
                                      std::pair{"s-day 2", v1::REALITY_SIMULATION}}) {
    const v1::Envelope message = DecodeMessage(AsBytes(EventText("a-f-G", "", std::string(" opex=\"") + opex + "\"")));
    EXPECT_EQ(message.reality(), reality);
    EXPECT_THAT(std::string(AsText(EncodeUnit(message))), HasSubstr(std::string("opex=\"") + opex + "\""));
  }
}

v1::Envelope ForeignMessage() {
  v1::Envelope message = ForeignTrack();
  message.clear_track();
  message.clear_native_id();
  message.clear_object_id();
  message.mutable_id()->set_origin("FRA/hq");
  message.mutable_id()->set_incarnation(1);
  message.mutable_id()->set_precedence(v1::PRECEDENCE_ROUTINE);
  message.mutable_id()->set_sequence(7);
  return message;
}

TEST(CodecTest, AForeignTextIsAGeoChatToEverybody) {
  v1::Envelope message = ForeignMessage();
  message.set_family(v1::FAMILY_CHAT);
  message.mutable_chat()->set_text("convoy <late>");
  message.mutable_chat()->set_sender_callsign("HQ");
  message.mutable_chat()->set_delivery(v1::CHAT_DELIVERY_SENT);
  message.mutable_addressees()->Add()->set_native("RHINO");
  const v1::Envelope again = DecodeMessage(EncodeUnit(message));
  EXPECT_EQ(again.chat().room(), "All Chat Rooms");
  EXPECT_EQ(again.chat().text(), "convoy <late>");
  EXPECT_EQ(again.chat().sender_callsign(), "HQ");
  ASSERT_EQ(again.addressees_size(), 1);
  EXPECT_EQ(again.addressees(0).native(), "RHINO");
  EXPECT_EQ(again.native_id().value(), "GeoChat.FRA/hq.All Chat Rooms.FRA/hq#1.R.7");
}

TEST(CodecTest, FireAndDetonationAreLaunchAndImpactWithOneEventId) {
  v1::Envelope message = ForeignMessage();
  message.set_family(v1::FAMILY_WEAPON_EVENT);
  v1::WeaponEvent& weapon = *message.mutable_weapon_event();
  weapon.set_event_id("7:1:44");
  weapon.mutable_position()->set_latitude_deg(1);
  weapon.mutable_munition_type()->set_kind(2);
  for (const auto& [phase, type] : {std::pair{v1::WEAPON_PHASE_FIRE, "b-d-l"}, std::pair{v1::WEAPON_PHASE_DETONATION, "b-d-i"}}) {
    weapon.set_phase(phase);
    const Bytes unit = EncodeUnit(message);
    EXPECT_THAT(std::string(AsText(unit)), HasSubstr(std::string("type=\"") + type + "\""));
    EXPECT_THAT(std::string(AsText(unit)), HasSubstr("munition 2.0.0.0.0.0.0"));
    const v1::WeaponEvent again = DecodeMessage(unit).weapon_event();
    EXPECT_EQ(again.phase(), phase);
    EXPECT_EQ(again.event_id(), "7:1:44");
  }
}

TEST(CodecTest, EveryAlertEventComesBack) {
  for (int event = v1::ALERT_EVENT_EMERGENCY; event <= v1::ALERT_EVENT_CIVIL; ++event) {
    for (const auto status : {v1::ALERT_STATUS_ACTIVE, v1::ALERT_STATUS_CANCELLED}) {
      v1::Envelope message = ForeignMessage();
      message.set_family(v1::FAMILY_ALERT);
      message.mutable_alert()->set_event(static_cast<v1::AlertEvent>(event));
      message.mutable_alert()->set_status(status);
      message.mutable_alert()->set_callsign("FOX");
      message.mutable_alert()->set_text("man overboard");
      const v1::Alert again = DecodeMessage(EncodeUnit(message)).alert();
      EXPECT_EQ(again.event(), event);
      EXPECT_EQ(again.status(), status);
      EXPECT_EQ(again.text(), "man overboard");
      EXPECT_FALSE(again.has_position());
    }
  }
}

TEST(CodecTest, WhatCotCannotSayIsNotSaidForAReason) {
  const auto reason_of = [](auto fill) {
    v1::Envelope message = ForeignMessage();
    fill(message);
    const auto encoded = Encode(message);
    EXPECT_FALSE(encoded.has_value()) << AsText(*encoded->units[0]);
    return encoded ? std::string{} : encoded.error().reason;
  };
  EXPECT_THAT(reason_of([](v1::Envelope& m) { m.mutable_identity()->set_name("SHIP"); }), HasSubstr("static data"));
  EXPECT_THAT(reason_of([](v1::Envelope& m) { m.mutable_track(); }), HasSubstr("no position"));
  EXPECT_THAT(reason_of([](v1::Envelope& m) { m.mutable_weapon_event(); }), HasSubstr("no position"));
  EXPECT_THAT(reason_of([](v1::Envelope& m) { m.mutable_simulation_control()->set_action(v1::CONTROL_ACTION_STOP_FREEZE); }),
              HasSubstr("simulation"));
  EXPECT_THAT(reason_of([](v1::Envelope& m) { m.mutable_liveness(); }), HasSubstr("ping"));
  EXPECT_THAT(reason_of([](v1::Envelope& m) { m.mutable_protocol_error(); }), HasSubstr("protocol error"));
  EXPECT_THAT(reason_of([](v1::Envelope& m) { m.mutable_opaque()->set_octets("\x07\x01"); }), HasSubstr("another protocol"));
  EXPECT_THAT(reason_of([](v1::Envelope& m) { m.mutable_chat()->set_delivery(v1::CHAT_DELIVERY_FAILED); }),
              HasSubstr("not delivered"));
  EXPECT_THAT(reason_of([](v1::Envelope& m) { m.mutable_chat(), m.clear_times(); }), HasSubstr("no time"));
  EXPECT_THAT(reason_of([](v1::Envelope&) {}), HasSubstr("no body"));
}

TEST(CodecTest, ACommentOfTheExerciseIsATextAndAFixedAidIsAnObject) {
  v1::Envelope comment = ForeignMessage();
  comment.mutable_simulation_control()->set_action(v1::CONTROL_ACTION_COMMENT);
  comment.mutable_simulation_control()->set_text("STARTEX in five");
  EXPECT_EQ(DecodeMessage(EncodeUnit(comment)).chat().text(), "STARTEX in five");
  v1::Envelope buoy = ForeignMessage();
  buoy.mutable_identity()->set_name("KIEL LT");
  buoy.mutable_identity()->mutable_position()->set_latitude_deg(54.5);
  EXPECT_EQ(DecodeMessage(EncodeUnit(buoy)).track().callsign(), "KIEL LT");
}

TEST(CodecTest, ForeignDetailThatIsNotWholeXmlIsDroppedAndSaidSo) {
  for (const std::string content : {"</detail></event><event>", "<a>", "\x01", "<!DOCTYPE a>"}) {
    v1::Envelope message = DecodeMessage(AsBytes(EventText()));
    v1::Extension& extension = *message.add_extensions();
    extension.set_namespace_("cot-detail");
    extension.set_content(content);
    const auto encoded = Encode(message);
    ASSERT_TRUE(encoded.has_value());
    EXPECT_EQ(encoded->ledger.Find(v1::FIELD_EXTENSIONS)->outcome, v1::LEDGER_OUTCOME_DROPPED) << content;
    EXPECT_TRUE(Decode(ByteView(*encoded->units[0])).has_value()) << content;
  }
}

TEST(CodecTest, RepeatedAndRichElementsKeepTheWholeElementRuleInTakV1) {
  const std::string detail =
      "<contact callsign=\"A\"/><contact callsign=\"B\"/><track course=\"1.0\" speed=\"2.0\" slope=\"3.0\"/><__group name=\"Red\" "
      "role=\"HQ\"/>";
  const v1::Envelope message = DecodeMessage(AsBytes(EventText("a-f-G", detail)));
  const v1::Envelope again = DecodeMessage(EncodeUnit(message, kFormTakV1), kFormTakV1);
  for (const adapter::FieldComparison& field : adapter::Compare(message, again))
    EXPECT_LE(field.error, 1e-9) << v1::Field_Name(field.field);
  EXPECT_THAT(again.extensions(0).content(), HasSubstr("<contact callsign=\"B\"/>"));
}

TEST(CodecTest, RefusesEveryTruncationOfEveryForm) {
  const v1::Envelope message = Expected(VectorFolder() / "track-foreign-detail.cot");
  for (const std::string_view form : {kFormXml, kFormTakV1}) {
    const Bytes unit = EncodeUnit(message, form);
    for (std::size_t length = 0; length < unit.size(); ++length) {
      const auto decoded = Decode(ByteView(unit).first(length), form);
      ASSERT_FALSE(decoded.has_value()) << form << " of " << length;
      EXPECT_LE(decoded.error().offset, length);
    }
  }
}

TEST(CodecTest, NegotiationAndPingsAreTheSessionsOwn) {
  for (const std::string type : {"t-x-takp-v", "t-x-takp-q", "t-x-takp-r", "t-x-c-t", "t-x-c-t-r"}) {
    const auto decoded = Decode(EventText(type));
    ASSERT_TRUE(decoded.has_value());
    EXPECT_EQ(decoded->role, v1::UNIT_ROLE_CONTROL);
    EXPECT_TRUE(decoded->messages.empty());
  }
}

TEST(RecordingTest, SplitsAFileOfEventsWithTheirTimes) {
  const std::string file = "<?xml version='1.0'?>\n" + EventText() + "\n" + EventText("a-h-A");
  const auto chunks = Info().split_recording(AsBytes(file));
  ASSERT_EQ(chunks.size(), 2U);
  EXPECT_EQ(AsText(chunks[1].octets), EventText("a-h-A"));
  EXPECT_EQ(chunks[0].time, TestNow().utc);
}

}  // namespace
}  // namespace entente::cot
