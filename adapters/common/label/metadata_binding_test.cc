// SPDX-License-Identifier: Apache-2.0
#include "adapters/common/label/metadata_binding.h"

#include <gmock/gmock.h>

#include "base/limits.h"

namespace entente::label {
namespace {

using adapter::DecodeCode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr UtcTime kCreated{std::chrono::seconds(1'767'225'600)};

v1::Label Label(std::string_view policy, std::string_view classification) {
  v1::Label label;
  label.set_policy(std::string(policy));
  label.set_classification(std::string(classification));
  label.set_origin(v1::LABEL_ORIGIN_CARRIED);
  return label;
}

std::string Metadata(const v1::Label& label, LabelRole role = LabelRole::kOriginator) {
  return "<Metadata>" + *WriteLabel(label, kCreated, role) + "</Metadata>";
}

std::string Document(std::string_view bindings) {
  std::string document = "<BindingInformation xmlns=\"" + std::string(kBindingNamespace) + "\"><MetadataBindingContainer>";
  return document.append(bindings).append("</MetadataBindingContainer></BindingInformation>");
}

std::string Binding(std::string_view inside) {
  return Document("<MetadataBinding>" + std::string(inside) + "</MetadataBinding>");
}

TEST(MetadataBindingTest, WrittenBindingsReadBackTheSame) {
  for (const BoundData& data :
       {BoundData{}, BoundData{.uri = "urn:uuid:1?a=b&c=\"d\""},
        BoundData{.content = "<chat room='x'><text>Contact &lt;here></text></chat>", .encapsulated = true}}) {
    const auto written = WriteBinding(Label("NATO", "SECRET"), kCreated, data);
    ASSERT_TRUE(written) << written.error().Text();
    const auto read = ReadBinding(*written);
    ASSERT_TRUE(read) << read.error().text << *written;
    ASSERT_EQ(read->bindings.size(), 1U);
    ASSERT_EQ(read->bindings[0].labels.size(), 1U);
    EXPECT_EQ(read->bindings[0].labels[0].label.SerializeAsString(), Label("NATO", "SECRET").SerializeAsString());
    EXPECT_THAT(read->bindings[0].data, ElementsAre(data));
    EXPECT_TRUE(read->findings.empty());
  }
}

TEST(MetadataBindingTest, EncapsulatedContentMustBeOneElement) {
  for (const char* content : {"", "text", "<a/><b/>", "<a>", "<a>\x01</a>", "<p:a>", "<!DOCTYPE a><a/>"}) {
    EXPECT_FALSE(WriteBinding(Label("NATO", "SECRET"), kCreated, {.content = content, .encapsulated = true})) << content;
  }
}

TEST(MetadataBindingTest, FindsTheLabelOfADatum) {
  const auto read = ReadBinding(Document("<MetadataBinding>" + Metadata(Label("NATO", "SECRET")) +
                                         Metadata(Label("EXERCISE", "RED"), LabelRole::kAlternative) +
                                         Metadata(Label("NATO", "UNCLASSIFIED"), LabelRole::kMetadata) +
                                         "<DataReference URI=''/><DataReference URI='urn:a'/></MetadataBinding>"
                                         "<MetadataBinding>" +
                                         Metadata(Label("NATO", "RESTRICTED")) + "<DataReference URI='urn:b'/></MetadataBinding>"));
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(LabelOf(*read, "", "NATO")->classification(), "SECRET");
  EXPECT_EQ(LabelOf(*read, "urn:a", "EXERCISE")->classification(), "RED");
  EXPECT_EQ(LabelOf(*read, "urn:a", "OTHER")->classification(), "SECRET");
  EXPECT_EQ(LabelOf(*read, "urn:b", "NATO")->classification(), "RESTRICTED");
  EXPECT_EQ(LabelOf(*read, "urn:c", "NATO").error().code, DecodeCode::kMissingField);
}

TEST(MetadataBindingTest, TwoLabelsOfOneDatumContradict) {
  const auto read =
      ReadBinding(Binding(Metadata(Label("NATO", "SECRET")) + Metadata(Label("NATO", "RESTRICTED")) + "<DataReference URI=''/>"));
  ASSERT_TRUE(read);
  EXPECT_THAT(LabelOf(*read, "", "NATO").error().text, HasSubstr("two different labels"));
}

TEST(MetadataBindingTest, SaysWhatItDoesNotCheckOrFollow) {
  const std::string label = Metadata(Label("NATO", "SECRET"));
  std::string document =
      Binding("<MetadataReference URI='x'/>" + label +
              "<Metadata><title xmlns='urn:other'/></Metadata><DataReference URI=''><Transforms xmlns='urn:ds'/></DataReference>");
  document.insert(document.find("<MetadataBindingContainer>"),
                  "<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'><a>b</a></Signature>");
  const auto read = ReadBinding(document);
  ASSERT_TRUE(read) << read.error().text;
  std::string said;
  for (const auto& finding : read->findings) said += finding.text + "\n";
  EXPECT_THAT(said, HasSubstr("Signature is not checked"));
  EXPECT_THAT(said, HasSubstr("MetadataReference is not followed"));
  EXPECT_THAT(said, HasSubstr("title is no confidentiality label"));
  EXPECT_THAT(said, HasSubstr("transforms are not applied"));
}

TEST(MetadataBindingTest, RefusesWhatIsNoBinding) {
  const std::string label = Metadata(Label("NATO", "SECRET"));
  const struct {
    std::string document;
    DecodeCode code;
  } kCases[] = {
      {"<BindingInformation/>", DecodeCode::kUnknownType},
      {Document(""), DecodeCode::kMissingField},
      {Binding(label), DecodeCode::kMissingField},
      {Binding(label + "<DataReference/>"), DecodeCode::kMissingField},
      {Binding(label + "<Label/>"), DecodeCode::kUnknownType},
      {Binding(label + "secret"), DecodeCode::kSyntax},
      {Binding("<Metadata><l:originatorConfidentialityLabel "
               "xmlns:l='urn:nato:stanag:4774:confidentialitymetadatalabel:1:0'/></Metadata>"
               "<DataReference URI=''/>"),
       DecodeCode::kMissingField},
      {Document("<Other/>"), DecodeCode::kUnknownType},
      {std::string(limits::kUnitOctets + 1, ' '), DecodeCode::kLimit},
  };
  for (const auto& each : kCases) {
    const auto read = ReadBinding(each.document);
    ASSERT_FALSE(read.has_value()) << each.document;
    EXPECT_EQ(read.error().code, each.code) << each.document.substr(0, 200) << read.error().text;
    EXPECT_THAT(read.error().clause, HasSubstr("ADatP-477")) << each.document.substr(0, 200);
  }
  const std::string whole = Binding(label + "<Data><a/></Data>");
  ASSERT_TRUE(ReadBinding(whole));
  for (std::size_t length = 0; length < whole.size(); ++length) EXPECT_FALSE(ReadBinding(whole.substr(0, length)));
}

}  // namespace
}  // namespace entente::label
