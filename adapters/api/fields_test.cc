// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/fields.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace entente::adapter {
namespace {

v1::Envelope TrackAt(double latitude_deg, double longitude_deg) {
  v1::Envelope message;
  message.set_family(v1::FAMILY_TRACK);
  message.mutable_track()->mutable_position()->set_latitude_deg(latitude_deg);
  message.mutable_track()->mutable_position()->set_longitude_deg(longitude_deg);
  return message;
}

std::optional<FieldComparison> Find(const std::vector<FieldComparison>& comparisons, v1::Field field) {
  const auto found = std::ranges::find(comparisons, field, &FieldComparison::field);
  return found == comparisons.end() ? std::nullopt : std::optional(*found);
}

TEST(Fields, LeavesOutWhatNeitherSays) {
  EXPECT_EQ(Compare(TrackAt(1, 2), TrackAt(1, 2)), (std::vector<FieldComparison>{{v1::FIELD_POSITION, FieldVerdict::kKept, 0}}));
}

TEST(Fields, PositionErrorIsMetresAlongTheGreatCircle) {
  const auto north = Find(Compare(TrackAt(0, 0), TrackAt(1, 0)), v1::FIELD_POSITION);
  EXPECT_NEAR(north->error, 111'195, 1);
  const auto east_at_sixty = Find(Compare(TrackAt(60, 0), TrackAt(60, 1)), v1::FIELD_POSITION);
  EXPECT_NEAR(east_at_sixty->error, 55'597, 5);
  const auto across = Find(Compare(TrackAt(0, 179.999), TrackAt(0, -179.999)), v1::FIELD_POSITION);
  EXPECT_NEAR(across->error, 222.4, 0.1);
}

TEST(Fields, AnglesAreTheSmallerWayRound) {
  v1::Envelope said = TrackAt(0, 0);
  v1::Envelope understood = said;
  said.mutable_track()->set_course_deg(359.5);
  understood.mutable_track()->set_course_deg(0.5);
  const auto course = Find(Compare(said, understood), v1::FIELD_COURSE);
  EXPECT_EQ(course->verdict, FieldVerdict::kDiffers);
  EXPECT_NEAR(course->error, 1, 1e-9);
}

TEST(Fields, TellsMissingFromInvented) {
  v1::Envelope said = TrackAt(0, 0);
  v1::Envelope understood = said;
  said.mutable_track()->set_callsign("ALPHA");
  understood.mutable_track()->set_speed_mps(0);
  const auto comparisons = Compare(said, understood);
  EXPECT_EQ(Find(comparisons, v1::FIELD_CALLSIGN)->verdict, FieldVerdict::kMissing);
  EXPECT_EQ(Find(comparisons, v1::FIELD_SPEED)->verdict, FieldVerdict::kInvented);
}

TEST(Fields, DifferentWordsOfTwoPoliciesHaveNoMeasure) {
  v1::Envelope said = TrackAt(0, 0);
  said.mutable_label()->set_policy("UN");
  said.mutable_label()->set_classification("CONFIDENTIAL");
  v1::Envelope understood = said;
  EXPECT_EQ(Find(Compare(said, understood), v1::FIELD_CLASSIFICATION)->verdict, FieldVerdict::kKept);
  understood.mutable_label()->set_classification("RESTRICTED");
  EXPECT_EQ(Find(Compare(said, understood), v1::FIELD_CLASSIFICATION)->verdict, FieldVerdict::kDiffers);
  understood.mutable_label()->set_policy("EXERCISE");
  EXPECT_FALSE(Find(Compare(said, understood), v1::FIELD_CLASSIFICATION));
}

TEST(Fields, HeightsAboveDifferentThingsHaveNoMeasure) {
  v1::Envelope said = TrackAt(0, 0);
  said.mutable_track()->mutable_altitude()->set_metres(100);
  said.mutable_track()->mutable_altitude()->set_datum(v1::ALTITUDE_DATUM_ELLIPSOID);
  v1::Envelope understood = said;
  understood.mutable_track()->mutable_altitude()->set_datum(v1::ALTITUDE_DATUM_MEAN_SEA_LEVEL);
  EXPECT_TRUE(std::isinf(Find(Compare(said, understood), v1::FIELD_ALTITUDE)->error));
}

TEST(Fields, WordsAreEqualOrHaveNoMeasure) {
  v1::Envelope said = TrackAt(0, 0);
  said.mutable_track()->mutable_classification()->set_standard_identity(v1::STANDARD_IDENTITY_SUSPECT);
  v1::Envelope understood = said;
  understood.mutable_track()->mutable_classification()->set_standard_identity(v1::STANDARD_IDENTITY_HOSTILE);
  const auto identity = Find(Compare(said, understood), v1::FIELD_STANDARD_IDENTITY);
  EXPECT_EQ(identity->verdict, FieldVerdict::kDiffers);
  EXPECT_TRUE(std::isinf(identity->error));
}

TEST(Fields, TimesDifferInSeconds) {
  v1::Envelope said = TrackAt(0, 0);
  said.mutable_times()->mutable_observed()->set_utc_ns(1'500'000'000);
  v1::Envelope understood = said;
  understood.mutable_times()->mutable_observed()->set_utc_ns(1'000'000'000);
  EXPECT_NEAR(Find(Compare(said, understood), v1::FIELD_OBSERVED_TIME)->error, 0.5, 1e-12);
}

TEST(Fields, BodiesOfDifferentFamiliesShareNothing) {
  v1::Envelope chat;
  chat.set_family(v1::FAMILY_CHAT);
  chat.mutable_chat()->set_text("hello");
  const auto comparisons = Compare(TrackAt(0, 0), chat);
  ASSERT_EQ(comparisons.size(), 1U);
  EXPECT_EQ(comparisons[0].field, v1::FIELD_UNSPECIFIED);
  EXPECT_EQ(comparisons[0].verdict, FieldVerdict::kDiffers);
}

}  // namespace
}  // namespace entente::adapter
