// SPDX-License-Identifier: Apache-2.0
#include "adapters/common/label/confidentiality_label.h"

#include <gmock/gmock.h>

namespace entente::label {
namespace {

using adapter::DecodeCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr UtcTime kCreated{std::chrono::seconds(1'767'225'600)};

// A label of the 4774 namespace with this inside its ConfidentialityInformation, and this behind it.
std::string Document(std::string_view information,
                     std::string_view rest = "<CreationDateTime>2026-01-01T00:00:00Z</CreationDateTime>") {
  std::string document =
      "<originatorConfidentialityLabel xmlns=\"" + std::string(kLabelNamespace) + "\"><ConfidentialityInformation>";
  document.append(information).append("</ConfidentialityInformation>").append(rest);
  return document.append("</originatorConfidentialityLabel>");
}

constexpr std::string_view kPolicy = "<PolicyIdentifier>NATO</PolicyIdentifier>";
constexpr std::string_view kClassification = "<Classification>RESTRICTED</Classification>";

std::string Marked(std::string_view categories) {
  return Document(std::string(kPolicy).append(kClassification).append(categories));
}

adapter::DecodeError ErrorOf(std::string_view document) {
  const auto label = ReadLabel(document);
  EXPECT_FALSE(label.has_value()) << document;
  return label ? adapter::DecodeError{} : label.error();
}

TEST(ConfidentialityLabelTest, ReadsPolicyClassificationMarkAndCategories) {
  const auto read =
      ReadLabel(Document("<PolicyIdentifier>NATO</PolicyIdentifier><Classification> TOP\n SECRET "
                         "</Classification><PrivacyMark>STAFF ONLY</PrivacyMark>"
                         "<Category TagName='Releasable To' "
                         "Type='PERMISSIVE'><GenericValue>DEU</GenericValue><GenericValue>A&amp;B</GenericValue></Category>"
                         "<Category TagName='Special' Type='RESTRICTIVE'/>"));
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->role, LabelRole::kOriginator);
  EXPECT_EQ(read->label.policy(), "NATO");
  EXPECT_EQ(read->label.classification(), "TOP SECRET");
  EXPECT_EQ(read->label.privacy_mark(), "STAFF ONLY");
  EXPECT_EQ(read->label.origin(), v1::LABEL_ORIGIN_CARRIED);
  ASSERT_EQ(read->label.categories_size(), 2);
  EXPECT_EQ(read->label.categories(0).tag(), "Releasable To");
  EXPECT_EQ(read->label.categories(0).type(), v1::CATEGORY_TYPE_PERMISSIVE);
  EXPECT_THAT(read->label.categories(0).values(), ElementsAre("DEU", "A&B"));
  EXPECT_EQ(read->label.categories(1).type(), v1::CATEGORY_TYPE_RESTRICTIVE);
  EXPECT_EQ(read->created, kCreated);
  EXPECT_TRUE(read->findings.empty());
}

TEST(ConfidentialityLabelTest, ThePrefixIsTheWritersToChoose) {
  const auto read = ReadLabel(
      "<?xml version='1.0'?><s:alternativeConfidentialityLabel xmlns:s='urn:nato:stanag:4774:confidentialitymetadatalabel:1:0'>"
      "<s:ConfidentialityInformation><s:PolicyIdentifier>NATO</s:PolicyIdentifier><s:Classification>SECRET</s:Classification>"
      "</s:ConfidentialityInformation><s:CreationDateTime>2026-01-01T00:00:00Z</s:CreationDateTime></"
      "s:alternativeConfidentialityLabel>");
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->role, LabelRole::kAlternative);
}

TEST(ConfidentialityLabelTest, SaysWhatItDoesNotKeep) {
  const auto read = ReadLabel(
      Document("<PolicyIdentifier URI='urn:oid:1.3.26.1.3.1'>NATO</PolicyIdentifier><Classification>SECRET</Classification>"
               "<Category TagName='Level' Type='INFORMATIVE'><IntegerValue>12</IntegerValue></Category><x xmlns='urn:other'/>",
               "<OriginatorID IDType='jID'>a@b</OriginatorID><CreationDateTime>2026-01-01T00:00:00</CreationDateTime>"
               "<SuccessionHandling><SuccessionDateTime>2027-01-01T00:00:00Z</SuccessionDateTime></SuccessionHandling>"));
  ASSERT_TRUE(read) << read.error().text;
  std::string said;
  for (const auto& finding : read->findings) said += finding.field + ": " + finding.text + "\n";
  EXPECT_EQ(read->findings.size(), 6U) << said;
  EXPECT_THAT(said, HasSubstr("attribute URI"));
  EXPECT_THAT(said, HasSubstr("IntegerValue"));
  EXPECT_THAT(said, HasSubstr("extension x"));
  EXPECT_THAT(said, HasSubstr("OriginatorID"));
  EXPECT_THAT(said, HasSubstr("time zone"));
  EXPECT_THAT(said, HasSubstr("SuccessionHandling"));
}

TEST(ConfidentialityLabelTest, AMissingCreationTimeAndAWrongOrderAreDeviations) {
  const auto read = ReadLabel(Document(std::string(kClassification).append(kPolicy), ""));
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_FALSE(read->created.has_value());
  ASSERT_EQ(read->findings.size(), 2U);
  for (const auto& finding : read->findings) EXPECT_EQ(finding.severity, v1::FINDING_SEVERITY_DEVIATION);
}

TEST(ConfidentialityLabelTest, RefusesWhatWouldHaveToBeGuessed) {
  const struct {
    std::string document;
    DecodeCode code;
    std::string_view says;
  } kCases[] = {
      {Document(kClassification), DecodeCode::kMissingField, "PolicyIdentifier"},
      {Document(kPolicy), DecodeCode::kMissingField, "Classification"},
      {Document("<PolicyIdentifier> </PolicyIdentifier>"), DecodeCode::kOutOfRange, "PolicyIdentifier"},
      {Document(std::string(kPolicy).append(kClassification).append(kClassification)), DecodeCode::kSyntax, "Classification"},
      {Marked("SECRET"), DecodeCode::kSyntax, "ConfidentialityInformation"},
      {Marked("<Caveat/>"), DecodeCode::kUnknownType, "ConfidentialityInformation"},
      {Marked("<Category xmlns='' TagName='a' Type='PERMISSIVE'/>"), DecodeCode::kUnknownType, "ConfidentialityInformation"},
      {Marked("<Category Type='PERMISSIVE'/>"), DecodeCode::kMissingField, "Category"},
      {Marked("<Category TagName='a'/>"), DecodeCode::kMissingField, "Category"},
      {Marked("<Category TagName='a' Type='permissive'/>"), DecodeCode::kOutOfRange, "Category"},
      {Marked("<Category TagName='a' Type='RESTRICTIVE'><CategoryValue>x</CategoryValue></Category>"), DecodeCode::kUnknownType,
       "Category"},
      {Marked("<Category TagName='a' Type='RESTRICTIVE'>x</Category>"), DecodeCode::kSyntax, "Category"},
      {Marked("<Category TagName='a' Type='RESTRICTIVE'><BitStringValue>012</BitStringValue></Category>"), DecodeCode::kOutOfRange,
       "BitStringValue"},
      {Marked("<Category TagName='a' Type='RESTRICTIVE'><GenericValue><b/></GenericValue></Category>"), DecodeCode::kSyntax,
       "GenericValue"},
      {Document(std::string(kPolicy).append(kClassification), "<CreationDateTime>today</CreationDateTime>"),
       DecodeCode::kOutOfRange, "CreationDateTime"},
      {"<originatorConfidentialityLabel/>", DecodeCode::kUnknownType, "label"},
      {"<label xmlns='http://surevine.com/xmlns/spiffy'/>", DecodeCode::kUnknownType, "label"},
  };
  for (const auto& each : kCases) {
    const auto error = ErrorOf(each.document);
    EXPECT_EQ(error.code, each.code) << each.document << "\n" << error.text;
    EXPECT_EQ(error.field, each.says) << each.document;
    EXPECT_THAT(error.clause, HasSubstr("ADatP-4774")) << each.document;
  }
}

TEST(ConfidentialityLabelTest, RefusesEveryTruncation) {
  const std::string whole = Marked("<Category TagName='a' Type='PERMISSIVE'><GenericValue>x</GenericValue></Category>");
  ASSERT_TRUE(ReadLabel(whole));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto error = ErrorOf(whole.substr(0, length));
    EXPECT_LE(error.offset, length);
    EXPECT_FALSE(error.clause.empty());
  }
}

TEST(ConfidentialityLabelTest, RefusesWhatIsLargerThanItsLimits) {
  EXPECT_EQ(ErrorOf(Marked(std::string(kLabelOctets, ' '))).code, DecodeCode::kLimit);
  std::string values;
  for (std::size_t i = 0; i <= kLabelValues; ++i) values += "<GenericValue>x</GenericValue>";
  EXPECT_EQ(ErrorOf(Marked("<Category TagName='a' Type='PERMISSIVE'>" + values + "</Category>")).code, DecodeCode::kLimit);
  EXPECT_EQ(ErrorOf("<!DOCTYPE a [<!ENTITY b 'c'>]>" + Marked("")).code, DecodeCode::kForbidden);
}

v1::Label FullLabel() {
  v1::Label label;
  label.set_policy("NATO <&> ÄÖ");
  label.set_classification("TOP SECRET");
  label.set_privacy_mark(" two\nlines ");
  for (const auto type : {v1::CATEGORY_TYPE_PERMISSIVE, v1::CATEGORY_TYPE_RESTRICTIVE, v1::CATEGORY_TYPE_INFORMATIVE}) {
    v1::LabelCategory& category = *label.add_categories();
    category.set_tag("a \"tag\"\t'x'");
    category.set_type(type);
    for (const char* value : {"", "DEU", " \r\n", "]]>"}) category.add_values(value);
  }
  label.set_origin(v1::LABEL_ORIGIN_CARRIED);
  return label;
}

TEST(ConfidentialityLabelTest, WhatIsWrittenReadsBackTheSame) {
  for (const LabelRole role : {LabelRole::kOriginator, LabelRole::kAlternative, LabelRole::kMetadata, LabelRole::kUnsaid}) {
    const auto written = WriteLabel(FullLabel(), kCreated, role);
    ASSERT_TRUE(written) << written.error().Text();
    const auto read = ReadLabel(*written);
    ASSERT_TRUE(read) << read.error().text << "\n" << *written;
    EXPECT_EQ(read->label.SerializeAsString(), FullLabel().SerializeAsString()) << *written;
    EXPECT_EQ(read->role, role);
    EXPECT_EQ(read->created, kCreated);
  }
}

TEST(ConfidentialityLabelTest, DoesNotWriteWhatWouldReadBackDifferently) {
  const auto refused = [](auto change) {
    v1::Label label = FullLabel();
    change(label);
    return !WriteLabel(label, kCreated).has_value();
  };
  EXPECT_TRUE(refused([](v1::Label& label) { label.clear_policy(); }));
  EXPECT_TRUE(refused([](v1::Label& label) { label.clear_classification(); }));
  EXPECT_TRUE(refused([](v1::Label& label) { label.set_classification("TOP  SECRET"); }));
  EXPECT_TRUE(refused([](v1::Label& label) { label.set_policy(" NATO"); }));
  EXPECT_TRUE(refused([](v1::Label& label) { label.mutable_categories(0)->clear_type(); }));
  EXPECT_TRUE(refused([](v1::Label& label) { label.mutable_categories(0)->set_values(0, "\x01"); }));
  EXPECT_TRUE(refused([](v1::Label& label) { label.set_privacy_mark("\x7F\xFF"); }));
}

}  // namespace
}  // namespace entente::label
