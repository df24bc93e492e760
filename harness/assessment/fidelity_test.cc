// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/fidelity.h"

#include <gtest/gtest.h>

#include <limits>

#include "harness/assessment/record_script.h"

namespace entente::harness {
namespace {

using adapter::FieldVerdict;

constexpr double kNoMeasure = std::numeric_limits<double>::infinity();

class FidelityTest : public ::testing::Test {
 protected:
  FieldFate Judge(v1::Field field, FieldVerdict verdict, double error, const adapter::Form* from, const adapter::Form* to,
                  std::string_view lost_fields = {}) {
    return JudgeField({field, verdict, error}, {from, to, v1::FAMILY_TRACK, lost_fields}).fate;
  }

  const adapter::Form* wide_ = ScriptedForm("wide", "xml");
  const adapter::Form* narrow_ = ScriptedForm("narrow", "bin");
};

TEST_F(FidelityTest, DifferencesWithinTheDeclaredResolutionAreApproximated) {
  EXPECT_EQ(Judge(v1::FIELD_POSITION, FieldVerdict::kDiffers, 9.9, wide_, narrow_), FieldFate::kApproximated);
  EXPECT_EQ(Judge(v1::FIELD_POSITION, FieldVerdict::kDiffers, 10.1, wide_, narrow_), FieldFate::kWrong);
  EXPECT_EQ(Judge(v1::FIELD_POSITION, FieldVerdict::kDiffers, 19.9, narrow_, narrow_), FieldFate::kApproximated);
  EXPECT_EQ(Judge(v1::FIELD_POSITION, FieldVerdict::kDiffers, 1, wide_, wide_), FieldFate::kWrong);
}

TEST_F(FidelityTest, WhatOneSideCannotCarryIsDroppedAsDeclared) {
  EXPECT_EQ(Judge(v1::FIELD_CALLSIGN, FieldVerdict::kMissing, 0, wide_, narrow_), FieldFate::kDropped);
  EXPECT_EQ(Judge(v1::FIELD_CALLSIGN, FieldVerdict::kMissing, 0, wide_, wide_), FieldFate::kWrong);
}

TEST_F(FidelityTest, LimitedRoomExcusesOnlyWhatTheLedgerConfesses) {
  const std::string confessed(1, static_cast<char>(v1::FIELD_STANDARD_IDENTITY));
  EXPECT_EQ(Judge(v1::FIELD_STANDARD_IDENTITY, FieldVerdict::kMissing, 0, wide_, narrow_), FieldFate::kWrong);
  EXPECT_EQ(Judge(v1::FIELD_STANDARD_IDENTITY, FieldVerdict::kMissing, 0, wide_, narrow_, confessed), FieldFate::kDropped);
  EXPECT_EQ(Judge(v1::FIELD_STANDARD_IDENTITY, FieldVerdict::kDiffers, kNoMeasure, wide_, narrow_), FieldFate::kApproximated);
  EXPECT_EQ(Judge(v1::FIELD_STANDARD_IDENTITY, FieldVerdict::kDiffers, kNoMeasure, wide_, wide_), FieldFate::kWrong);
}

TEST_F(FidelityTest, ALedgerDoesNotExcuseWhatTheProfileSaysCanBeCarried) {
  const std::string confessed(1, static_cast<char>(v1::FIELD_SPEED));
  EXPECT_EQ(Judge(v1::FIELD_SPEED, FieldVerdict::kMissing, 0, wide_, narrow_, confessed), FieldFate::kWrong);
}

TEST_F(FidelityTest, WhatWasNotSaidIsInvented) {
  EXPECT_EQ(Judge(v1::FIELD_SPEED, FieldVerdict::kInvented, 0, wide_, wide_), FieldFate::kInvented);
}

TEST_F(FidelityTest, AnotherFamilyIsWrongWhereTheFamilyIsDeclared) {
  EXPECT_EQ(Judge(v1::FIELD_UNSPECIFIED, FieldVerdict::kDiffers, kNoMeasure, wide_, narrow_), FieldFate::kWrong);
  const Translation chat{wide_, narrow_, v1::FAMILY_CHAT, {}};
  EXPECT_EQ(JudgeField({v1::FIELD_UNSPECIFIED, FieldVerdict::kDiffers, kNoMeasure}, chat).fate, FieldFate::kDropped);
}

TEST_F(FidelityTest, CountsPerFormFamilyAndFieldWithTheWorstError) {
  RecordScript script;
  script.Node("DEU/a");
  script.Node("FRA/b", "narrow");
  script.Begin();
  for (const double shift_deg : {0.0, 0.00005}) {  // 5.6 m of latitude
    const auto said = script.Track("DEU/a");
    script.ComeToNode(said, "FRA/b");
    v1::Envelope understood = said.truth;
    understood.mutable_track()->clear_callsign();
    understood.clear_label();
    understood.mutable_track()->mutable_position()->set_latitude_deg(50.5 + shift_deg);
    script.Understood(said, "FRA/b", understood);
  }
  const Assessment assessment = script.End().ToAssessment();
  const auto cell = std::ranges::find(assessment.fidelity, v1::FIELD_POSITION, &FidelityCell::field);
  ASSERT_NE(cell, assessment.fidelity.end());
  EXPECT_EQ(cell->from_form, "wide/xml");
  EXPECT_EQ(cell->to_form, "narrow/bin");
  EXPECT_EQ(cell->counts[static_cast<std::size_t>(FieldFate::kKept)], 1U);
  EXPECT_EQ(cell->counts[static_cast<std::size_t>(FieldFate::kApproximated)], 1U);
  EXPECT_NEAR(cell->worst_error, 5.56, 0.01);
  const auto callsign = std::ranges::find(assessment.fidelity, v1::FIELD_CALLSIGN, &FidelityCell::field);
  ASSERT_NE(callsign, assessment.fidelity.end());
  EXPECT_EQ(callsign->counts[static_cast<std::size_t>(FieldFate::kDropped)], 2U);
}

TEST_F(FidelityTest, TheGatewaysDecodingIsTheTruthOfAnExternalSender) {
  RecordScript script;
  script.Node("DEU/a").set_external(true);
  script.Node("FRA/b");
  script.Begin();
  const auto said = script.Track("DEU/a");
  script.Received(said);
  script.Ingested(said);
  script.Accepted(said);
  script.Routed(said, {"FRA/b"});
  script.Egressed(said, "FRA/b");
  script.Understood(said, "FRA/b");
  const Assessment assessment = script.End().ToAssessment();
  EXPECT_EQ(assessment.messages, 1U);
  EXPECT_FALSE(assessment.fidelity.empty());
}

}  // namespace
}  // namespace entente::harness
