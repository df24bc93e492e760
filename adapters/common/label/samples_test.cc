// SPDX-License-Identifier: Apache-2.0
// Labels of other makers, and what xmllint says of ours by the standards' own schemas.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "adapters/common/label/metadata_binding.h"

namespace entente::label {
namespace {

namespace fs = std::filesystem;

const fs::path kLabels = fs::path(ENTENTE_SHARED_DATA) / "labels_4774_4778";
const fs::path kSchemas = kLabels / "xsd";
constexpr UtcTime kCreated{std::chrono::seconds(1'767'225'600)};

std::string Read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Print(const std::string& name, const adapter::DecodeResult<ConfidentialityLabel>& read) {
  if (!read) {
    std::cout << name << ": refused: " << read.error().text << " (" << read.error().clause << ", offset " << read.error().offset
              << ")\n";
    return;
  }
  std::cout << name << ": " << read->label.policy() << " " << read->label.classification() << ", " << read->label.categories_size()
            << " categories, " << read->findings.size() << " findings\n";
  for (const auto& finding : read->findings) std::cout << "  " << finding.field << ": " << finding.text << "\n";
}

TEST(LabelSamplesTest, EverySampleIsReadOrRefusedWithAReason) {
  if (!fs::exists(kLabels)) GTEST_SKIP() << "the samples are not here";
  int read = 0;
  int refused = 0;
  for (const auto& entry : fs::directory_iterator(kLabels / "spiffing_test_data")) {
    const auto label = ReadLabel(Read(entry.path()));
    Print(entry.path().filename().string(), label);
    ++(label ? read : refused);
    // The maker's own "spiffy" form is not the standard's; what it writes as ".nato" is, but for the creation time.
    EXPECT_EQ(label.has_value(), entry.path().extension() == ".nato") << entry.path();
    if (label) {
      EXPECT_TRUE(std::ranges::any_of(label->findings, [](const auto& f) { return f.severity == v1::FINDING_SEVERITY_DEVIATION; }));
    } else {
      EXPECT_FALSE(label.error().clause.empty());
    }
  }
  std::cout << read << " read, " << refused << " refused\n";
  EXPECT_EQ(read, 3);
}

TEST(LabelSamplesTest, ReadsTheLabelThatAChatServerRelayed) {
  const std::string capture = Read(fs::path(ENTENTE_SHARED_DATA) / "xmpp/prosody_muc_seclabel_session.pcapng");
  if (capture.empty()) GTEST_SKIP() << "the capture is not here";
  constexpr std::string_view kEnd = "</originatorConfidentialityLabel>";
  int read = 0;
  for (std::size_t at = 0; (at = capture.find("<originatorConfidentialityLabel", at)) != std::string::npos; ++at) {
    const std::size_t end = capture.find(kEnd, at);
    ASSERT_NE(end, std::string::npos);
    const auto label = ReadLabel(std::string_view(capture).substr(at, end + kEnd.size() - at));
    ASSERT_TRUE(label) << label.error().text;
    EXPECT_EQ(label->label.classification(), "UNCLASSIFIED");
    ASSERT_EQ(label->label.categories_size(), 1);
    EXPECT_EQ(label->label.categories(0).values(0), "KFOR");
    EXPECT_TRUE(label->created.has_value());
    ++read;
  }
  EXPECT_GE(read, 3);
}

TEST(LabelSamplesTest, ReadsTheBindingThatTheSchemaCarriesItself) {
  const std::string schema = Read(kSchemas / "nl-mb.xsd");
  if (schema.empty()) GTEST_SKIP() << "the schema is not here";
  constexpr std::string_view kEnd = "</s4778:BindingInformation>";
  const std::size_t begin = schema.find("<s4778:BindingInformation");
  const std::size_t end = schema.rfind(kEnd);
  ASSERT_NE(end, std::string::npos);
  const auto binding = ReadBinding(std::string_view(schema).substr(begin, end + kEnd.size() - begin));
  ASSERT_TRUE(binding) << binding.error().text << " at " << binding.error().offset;
  for (const auto& finding : binding->findings) std::cout << finding.field << ": " << finding.text << "\n";
  const auto label = LabelOf(*binding, "", "PUBLIC");
  ASSERT_TRUE(label) << label.error().text;
  EXPECT_EQ(label->policy(), "PUBLIC");
  EXPECT_EQ(label->classification(), "UNMARKED");
}

v1::Label SampleLabel() {
  v1::Label label;
  label.set_policy("NATO");
  label.set_classification("RESTRICTED");
  label.set_privacy_mark("a < b & \"c\"");
  for (const auto type : {v1::CATEGORY_TYPE_PERMISSIVE, v1::CATEGORY_TYPE_RESTRICTIVE, v1::CATEGORY_TYPE_INFORMATIVE}) {
    v1::LabelCategory& category = *label.add_categories();
    category.set_tag("Releasable To");
    category.set_type(type);
    category.add_values("DEU");
    category.add_values("RESOLUTE SUPPORT");
  }
  label.add_categories()->set_type(v1::CATEGORY_TYPE_PERMISSIVE);
  return label;
}

class LabelSchemaTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (*ENTENTE_XMLLINT == '\0' || !fs::exists(kSchemas / "nl-mb.xsd")) GTEST_SKIP() << "xmllint or the schemas are not here";
    folder_ = fs::path(::testing::TempDir()) /
              ("entente-label-schema-" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::create_directories(folder_);
    for (const char* name : {"nl-cl.xsd", "nl-mb.xsd"}) {
      fs::copy_file(kSchemas / name, folder_ / name, fs::copy_options::overwrite_existing);
    }
    // The two schemas of W3C that nl-mb.xsd imports are not among the data; of them it uses these names only.
    Write("xmldsig-core-schema.xsd",
          "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='http://www.w3.org/2000/09/xmldsig#'>"
          "<xs:element name='Signature'/><xs:element name='Transforms'/></xs:schema>");
    Write("xmlmime.xsd",
          "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' targetNamespace='http://www.w3.org/2005/05/xmlmime'>"
          "<xs:attribute name='contentType' type='xs:string'/></xs:schema>");
    // Both together, so that a label inside a binding is validated too.
    Write("both.xsd",
          "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>"
          "<xs:import namespace='urn:nato:stanag:4774:confidentialitymetadatalabel:1:0' schemaLocation='nl-cl.xsd'/>"
          "<xs:import namespace='urn:nato:stanag:4778:bindinginformation:1:0' schemaLocation='nl-mb.xsd'/></xs:schema>");
  }
  void TearDown() override {
    if (!folder_.empty()) fs::remove_all(folder_);
  }
  void Write(const char* name, std::string_view text) const { std::ofstream(folder_ / name, std::ios::binary) << text; }
  [[nodiscard]] bool IsValid(std::string_view document) const {
    Write("document.xml", document);
    const std::string said = (folder_ / "said.txt").string();
    const int status = std::system((std::string(ENTENTE_XMLLINT) + " --nonet --noout --schema " + (folder_ / "both.xsd").string() +
                                    " " + (folder_ / "document.xml").string() + " > " + said + " 2>&1")
                                       .c_str());
    if (status != 0) std::cout << Read(said) << "\n";
    return status == 0;
  }

  fs::path folder_;
};

TEST_F(LabelSchemaTest, WhatWeWriteIsValid) {
  for (const LabelRole role : {LabelRole::kOriginator, LabelRole::kAlternative, LabelRole::kMetadata, LabelRole::kUnsaid}) {
    const auto label = WriteLabel(SampleLabel(), kCreated, role);
    ASSERT_TRUE(label) << label.error().Text();
    EXPECT_TRUE(IsValid(*label)) << *label;
  }
  for (const BoundData& data :
       {BoundData{}, BoundData{.uri = "urn:uuid:2f2a"}, BoundData{.content = "<a b='c'/>", .encapsulated = true}}) {
    const auto binding = WriteBinding(SampleLabel(), kCreated, data);
    ASSERT_TRUE(binding) << binding.error().Text();
    EXPECT_TRUE(IsValid(*binding)) << *binding;
  }
}

// Else the test above could not fail.
TEST_F(LabelSchemaTest, TheSchemaFindsABrokenLabelInsideABinding) {
  std::string binding = *WriteBinding(SampleLabel(), kCreated, {});
  const std::size_t at = binding.find("<CreationDateTime>");
  binding.erase(at, binding.find("</CreationDateTime>") + 19 - at);
  EXPECT_FALSE(IsValid(binding));
}

}  // namespace
}  // namespace entente::label
