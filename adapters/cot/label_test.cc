// SPDX-License-Identifier: Apache-2.0
#include "adapters/cot/label.h"

#include "adapters/cot/test_support.h"

namespace entente::cot {
namespace {

TEST(LabelTest, AccessIsTheClassificationUnderTheNodesPolicy) {
  const v1::Envelope message = DecodeMessage(AsBytes(EventText("a-f-G", "", " access=\"RESTRICTED\"")));
  EXPECT_EQ(message.label().policy(), "EXERCISE");
  EXPECT_EQ(message.label().classification(), "RESTRICTED");
  EXPECT_EQ(message.label().origin(), v1::LABEL_ORIGIN_CARRIED);
}

TEST(LabelTest, UndefinedAndEmptyAccessAreNoLabel) {
  EXPECT_FALSE(DecodeMessage(AsBytes(EventText("a-f-G", "", " access=\"Undefined\""))).has_label());
  EXPECT_FALSE(DecodeMessage(AsBytes(EventText("a-f-G", "", " access=\"\""))).has_label());
  EXPECT_FALSE(DecodeMessage(AsBytes(EventText())).has_label());
}

TEST(LabelTest, CaveatAloneIsALabelWithoutAClassification) {
  const v1::Envelope message = DecodeMessage(AsBytes(EventText("a-f-G", "", " caveat=\"ORCON\"")));
  EXPECT_TRUE(message.has_label());
  EXPECT_TRUE(message.label().classification().empty());
  ASSERT_EQ(message.label().categories_size(), 1);
  EXPECT_EQ(message.label().categories(0).type(), v1::CATEGORY_TYPE_RESTRICTIVE);
}

TEST(LabelTest, ReleasableToAndCaveatsAreCategoriesInBothNotationsAndBack) {
  const std::string event = EventText("a-f-G", "", " access=\"SECRET\" caveat=\"ORCON,Context:OPX\" releasableTo=\"DEU, NATO\"");
  const v1::Envelope message = DecodeMessage(AsBytes(event));
  ASSERT_EQ(message.label().categories_size(), 3);
  EXPECT_EQ(message.label().categories(0).tag(), "Releasable To");
  EXPECT_EQ(message.label().categories(0).type(), v1::CATEGORY_TYPE_PERMISSIVE);
  EXPECT_EQ(message.label().categories(0).values(1), "NATO");
  EXPECT_EQ(message.label().categories(1).tag(), "Caveat");
  EXPECT_EQ(message.label().categories(2).tag(), "Context");
  for (const std::string_view form : {kFormXml, kFormTakV1, kFormTakV1Mesh}) {
    const v1::Envelope again = DecodeMessage(EncodeUnit(message, form), form);
    EXPECT_EQ(again.label().SerializeAsString(), message.label().SerializeAsString()) << form;
  }
}

TEST(LabelTest, AnotherPolicyAndAPrivacyMarkAreSaidAsLost) {
  v1::Envelope message = DecodeMessage(AsBytes(EventText()));
  message.mutable_label()->set_policy("NATO");
  message.mutable_label()->set_classification("NATO RESTRICTED");
  const auto encoded = Encode(message);
  ASSERT_TRUE(encoded.has_value());
  EXPECT_EQ(encoded->ledger.Find(v1::FIELD_CLASSIFICATION)->outcome, v1::LEDGER_OUTCOME_APPROXIMATED);
}

TEST(LabelTest, AnOpaqueEventGetsTheLabelThatTheExerciseGaveIt) {
  v1::Envelope message = DecodeMessage(AsBytes(EventText("b-m-p-s-m", "<usericon iconsetpath=\"x\"/>")));
  ASSERT_TRUE(message.has_opaque());
  message.mutable_label()->set_policy("EXERCISE");
  message.mutable_label()->set_classification("RESTRICTED");
  EXPECT_EQ(DecodeMessage(EncodeUnit(message)).label().classification(), "RESTRICTED");
}

}  // namespace
}  // namespace entente::cot
