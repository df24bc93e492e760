// SPDX-License-Identifier: Apache-2.0
// What stands in no vector: other people's objects, limits of the vocabulary, and what is said of losses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/dis/entity_name.h"
#include "adapters/dis/pdu_reader.h"
#include "adapters/dis/pdu_type.h"
#include "adapters/dis/test_vectors.h"
#include "adapters/dis/timestamp.h"
#include "adapters/dis/track_decoding.h"
#include "adapters/dis/vocabulary.h"

namespace entente::dis {
namespace {

using testing::HasSubstr;

std::expected<adapter::Encoded, adapter::CannotSay> Encode(const v1::Envelope& message,
                                                           const std::map<std::string, std::string>& options = {}) {
  adapter::HashedObjectIds ids;
  const auto values = OptionsWith(options);
  return Info().codec->Encode(message, {"v7", values, ids});
}

EntityState Encoded(const v1::Envelope& message, const std::map<std::string, std::string>& options = {}) {
  return *ReadEntityState(*Encode(message, options)->units[0]);
}

adapter::DecodeResult<adapter::DecodedUnit> Decode(ByteView octets, const std::map<std::string, std::string>& options = {},
                                                   std::string_view form = "v7") {
  const auto values = OptionsWith(options);
  return Info().codec->Decode(octets, {form, values, VectorTime()});
}

v1::Envelope CotTrack() {
  v1::Envelope message;
  message.set_family(v1::FAMILY_TRACK);
  message.set_object_id("DEU/brigade:ANDROID-1");
  message.mutable_native_id()->set_scheme("cot-uid");
  message.mutable_native_id()->set_value("ANDROID-1");
  message.mutable_track()->mutable_position()->set_latitude_deg(52);
  message.mutable_track()->mutable_position()->set_longitude_deg(13);
  return message;
}

TEST(MappingTest, GivesForeignObjectsAnIdAtTheRecipientsSiteAndApplication) {
  const EntityState state = Encoded(CotTrack(), {{"site", "77"}, {"application", "8"}});
  EXPECT_EQ(state.entity.site, 77);
  EXPECT_EQ(state.entity.application, 8);
  EXPECT_GE(state.entity.entity, 1);
  EXPECT_LE(state.entity.entity, kLastEntity);
  EXPECT_EQ(Encoded(CotTrack(), {{"site", "77"}, {"application", "8"}}).entity, state.entity) << "the same on every gateway";
}

TEST(MappingTest, SaysEveryDefaultThatTheStandardForcesUponIt) {
  const auto encoded = Encode(CotTrack());
  for (const v1::Field field :
       {v1::FIELD_ALTITUDE, v1::FIELD_SPEED, v1::FIELD_VERTICAL_RATE, v1::FIELD_HEADING, v1::FIELD_STANDARD_IDENTITY,
        v1::FIELD_PLATFORM_TYPE, v1::FIELD_OPERATIONAL_STATUS, v1::FIELD_OBSERVED_TIME, v1::FIELD_ORIGINATOR, v1::FIELD_REALITY}) {
    const auto* entry = encoded->ledger.Find(field);
    ASSERT_NE(entry, nullptr) << v1::Field_Name(field);
    EXPECT_EQ(entry->outcome, v1::LEDGER_OUTCOME_DEFAULTED) << v1::Field_Name(field);
  }
}

TEST(MappingTest, CutsTheMarkingAndSaysWhatIsLeft) {
  v1::Envelope message = CotTrack();
  message.mutable_track()->set_callsign("Größe-Über-Alles");
  const auto encoded = Encode(message);
  EXPECT_EQ(MarkingText(ReadEntityState(*encoded->units[0])->marking), "Gr??e-?ber-");
  EXPECT_THAT(encoded->ledger.Find(v1::FIELD_CALLSIGN)->rule, HasSubstr("11 ASCII characters"));
}

TEST(MappingTest, CollapsesIdentitiesAsTheForcesAllowAndSaysSo) {
  struct Row {
    v1::StandardIdentity identity;
    std::uint8_t force;
    bool kept;
  };
  for (const Row row : {Row{v1::STANDARD_IDENTITY_FRIEND, 1, true}, Row{v1::STANDARD_IDENTITY_ASSUMED_FRIEND, 1, false},
                        Row{v1::STANDARD_IDENTITY_HOSTILE, 2, true}, Row{v1::STANDARD_IDENTITY_SUSPECT, 2, false},
                        Row{v1::STANDARD_IDENTITY_NEUTRAL, 3, true}, Row{v1::STANDARD_IDENTITY_UNKNOWN, 0, true},
                        Row{v1::STANDARD_IDENTITY_PENDING, 0, false}, Row{v1::STANDARD_IDENTITY_OTHER, 0, false},
                        Row{v1::STANDARD_IDENTITY_NONE, 0, false}, Row{v1::STANDARD_IDENTITY_JOKER, 1, false},
                        Row{v1::STANDARD_IDENTITY_FAKER, 1, false}}) {
    v1::Envelope message = CotTrack();
    message.mutable_track()->mutable_classification()->set_standard_identity(row.identity);
    const auto encoded = Encode(message);
    EXPECT_EQ(ReadEntityState(*encoded->units[0])->force, row.force) << row.identity;
    EXPECT_EQ(encoded->ledger.Find(v1::FIELD_STANDARD_IDENTITY)->outcome == v1::LEDGER_OUTCOME_KEPT, row.kept) << row.identity;
  }
}

TEST(MappingTest, PutsActingFoesOnTheSideThatTheExerciseChose) {
  v1::Envelope message = CotTrack();
  message.mutable_track()->mutable_classification()->set_standard_identity(v1::STANDARD_IDENTITY_FAKER);
  EXPECT_EQ(Encoded(message, {{"acting_foes", "opposing"}}).force, 2);
}

TEST(MappingTest, ReadsNumberedForcesOfVersion7AndFindsThemInVersion6) {
  Bytes state = FindVector("entity_state_tank_v7").octets;
  state[18] = 5;  // opposing 2
  EXPECT_EQ(Decode(state)->messages[0].envelope.track().classification().standard_identity(), v1::STANDARD_IDENTITY_HOSTILE);
  EXPECT_TRUE(Decode(state)->messages[0].findings.empty());
  state[0] = 6;
  EXPECT_THAT(Decode(state, {}, "v6")->messages[0].findings.at(0).text, HasSubstr("force 5"));
}

TEST(MappingTest, MakesAPlatformOfTheDimensionAndTheNation) {
  v1::Envelope message = CotTrack();
  v1::Classification& classification = *message.mutable_track()->mutable_classification();
  classification.set_dimension(v1::DIMENSION_SUBSURFACE);
  classification.set_nationality("NOR");
  EXPECT_EQ(Encoded(message).type, (EntityType{.kind = 1, .domain = 4, .country = 163}));
}

TEST(MappingTest, DoesNotTakeAMunitionsTargetDomainForItsDimension) {
  EXPECT_EQ(DimensionOf({.kind = 2, .domain = 2}), v1::DIMENSION_UNSPECIFIED);
}

TEST(MappingTest, DropsSpeedWithoutDirectionAndCourseWithoutSpeed) {
  v1::Envelope fast = CotTrack();
  fast.mutable_track()->set_speed_mps(10);
  EXPECT_EQ(Encode(fast)->ledger.Find(v1::FIELD_SPEED)->outcome, v1::LEDGER_OUTCOME_DROPPED);
  v1::Envelope aimed = CotTrack();
  aimed.mutable_track()->set_course_deg(10);
  EXPECT_EQ(Encode(aimed)->ledger.Find(v1::FIELD_COURSE)->outcome, v1::LEDGER_OUTCOME_DROPPED);
}

TEST(MappingTest, SaysTheErrorOfAnAltitudeAboveMeanSeaLevel) {
  v1::Envelope message = CotTrack();
  message.mutable_track()->mutable_altitude()->set_metres(100);
  message.mutable_track()->mutable_altitude()->set_datum(v1::ALTITUDE_DATUM_MEAN_SEA_LEVEL);
  EXPECT_EQ(Encode(message)->ledger.Find(v1::FIELD_ALTITUDE)->error, 106);
}

TEST(MappingTest, CannotSayWhatTheStandardHasNoPduFor) {
  v1::Envelope no_position = CotTrack();
  no_position.mutable_track()->clear_position();
  EXPECT_THAT(Encode(no_position).error().reason, HasSubstr("position"));
  v1::Envelope alert;
  alert.mutable_alert()->set_event(v1::ALERT_EVENT_EMERGENCY);
  EXPECT_THAT(Encode(alert).error().reason, HasSubstr("no PDU for alerts"));
  v1::Envelope receipt;
  receipt.mutable_chat()->set_delivery(v1::CHAT_DELIVERY_READ);
  receipt.mutable_chat()->set_text("read");
  EXPECT_THAT(Encode(receipt).error().reason, HasSubstr("receipts"));
  v1::Envelope novel;
  novel.mutable_chat()->set_text(std::string(9000, 'x'));
  EXPECT_THAT(Encode(novel).error().reason, HasSubstr("8192"));
  v1::Envelope foreign;
  foreign.mutable_provenance()->set_protocol("cot");
  foreign.mutable_opaque()->set_octets("<event/>");
  EXPECT_THAT(Encode(foreign).error().reason, HasSubstr("cot"));
}

TEST(MappingTest, PutsAnOpaquePduIntoTheReceiversExercise) {
  const v1::Envelope& designator = FindVector("designator_v7").message;
  const auto encoded = Encode(designator, {{"exercise_id", "9"}});
  Bytes wanted = FindVector("designator_v7").octets;
  wanted[1] = 9;
  EXPECT_EQ(*encoded->units[0], wanted);
}

TEST(MappingTest, UnderstandsAnyExerciseWithExerciseIdZero) {
  Bytes state = FindVector("entity_state_tank_v7").octets;
  state[1] = 200;
  EXPECT_EQ(Decode(state).error().code, adapter::DecodeCode::kState);
  EXPECT_EQ(Decode(state, {{"exercise_id", "0"}})->messages[0].envelope.exercise_name(), "200");
}

TEST(MappingTest, TakesARelativeTimestampForTheTimeOfReceipt) {
  Bytes state = FindVector("entity_state_tank_v7").octets;
  state[7] &= 0xFE;
  const auto decoded = Decode(state);
  const v1::Timestamp& observed = decoded->messages[0].envelope.times().observed();
  EXPECT_EQ(observed.utc_ns(), ToNanoseconds(VectorTime().utc));
  EXPECT_EQ(observed.completion(), v1::TIME_COMPLETION_WHOLE);
  EXPECT_EQ(observed.clock(), v1::CLOCK_SOURCE_GATEWAY);
}

TEST(MappingTest, DoubtsAnAbsoluteTimestampFarFromReceipt) {
  Bytes state = FindVector("entity_state_tank_v7").octets;
  state[4] = 0x20;  // seven and a half minutes past the hour; received at half past
  EXPECT_EQ(Decode(state)->messages[0].findings.at(0).severity, v1::FINDING_SEVERITY_DOUBT);
}

TEST(MappingTest, ReadsTheEarthsCentreAsNoPosition) {
  Bytes state = FindVector("entity_state_tank_v7").octets;
  std::fill_n(state.begin() + 48, 24, std::uint8_t{0});
  const auto decoded = Decode(state);
  const v1::Envelope& message = decoded->messages[0].envelope;
  EXPECT_FALSE(message.track().has_position());
  EXPECT_EQ(message.field_notes(0).presence(), v1::PRESENCE_UNKNOWN);
}

TEST(MappingTest, LeavesOutVelocitiesAndAnglesThatAreNoNumbers) {
  Bytes state = FindVector("entity_state_tank_v7").octets;
  for (const std::size_t at : {std::size_t{36}, std::size_t{72}}) {
    state[at] = 0x7F;
    state[at + 1] = 0xC0;
  }
  const auto decoded = Decode(state);
  EXPECT_FALSE(decoded->messages[0].envelope.track().has_speed_mps());
  EXPECT_FALSE(decoded->messages[0].envelope.track().has_attitude());
  EXPECT_EQ(decoded->messages[0].findings.size(), 2U);
}

TEST(MappingTest, CarriesACommentWithoutTextWholeForDisNodes) {
  Bytes comment = FindVector("comment_v7").octets;
  std::fill_n(comment.begin() + 40, 26, std::uint8_t{1});  // the text's 26 octets
  const auto decoded = Decode(comment);
  const v1::Envelope& message = decoded->messages[0].envelope;
  EXPECT_EQ(message.simulation_control().action(), v1::CONTROL_ACTION_COMMENT);
  EXPECT_EQ(*Encode(message)->units[0], comment);
}

TEST(MappingTest, ReadsTextThatIsNotUtf8AsLatin1AndSaysSo) {
  Bytes comment = FindVector("comment_v7").octets;
  comment[42] = 0xFC;  // the first octet of the ü
  comment[43] = ' ';
  const auto decoded = Decode(comment);
  EXPECT_EQ(decoded->messages[0].envelope.chat().text(), "Brü cke frei, all stations");
  EXPECT_EQ(decoded->messages[0].findings.at(0).severity, v1::FINDING_SEVERITY_DOUBT);
}

TEST(MappingTest, NamesEveryTypeOfTheReference) {
  EXPECT_EQ(TypeName(1), "Entity State");
  EXPECT_EQ(TypeName(23), "Electromagnetic Emission");
  EXPECT_EQ(TypeName(72), "Attribute");
  EXPECT_EQ(TypeName(137), "Experimental 137");
  EXPECT_FALSE(IsKnownType(73));
  EXPECT_FALSE(IsKnownType(128));
  EXPECT_TRUE(IsKnownType(129));
}

TEST(MappingTest, ParsesEntityIdsStrictly) {
  EXPECT_EQ(ParseEntityId("1:2:3"), (EntityId{1, 2, 3}));
  for (const char* wrong : {"", "1:2", "1:2:3:4", "1:2:65536", "a:b:c", "1:2:3 ", "-1:2:3", "1::3"}) {
    EXPECT_FALSE(ParseEntityId(wrong).has_value()) << wrong;
  }
}

}  // namespace
}  // namespace entente::dis
