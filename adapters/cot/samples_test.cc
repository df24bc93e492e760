// SPDX-License-Identifier: Apache-2.0
// Real events of other makers: each is understood or refused with a clause, and what is understood comes back the same from us.
#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>

#include <map>

#include "adapters/api/fields.h"
#include "adapters/cot/event_xml.h"
#include "adapters/cot/test_support.h"
#include "adapters/cot/type_code.h"
#include "proto/message_id.h"

namespace entente::cot {
namespace {

struct Tally {
  int messages = 0, with_findings = 0, control = 0, refused = 0;
};

// By family: how many; printed, since the figures are worth a look after every change.
void Count(const std::string& name, const adapter::DecodeResult<adapter::DecodedUnit>& decoded,
           std::map<std::string, Tally>& table) {
  if (!decoded) {
    ++table["refused"].refused;
    EXPECT_FALSE(decoded.error().clause.empty()) << name;
    std::cout << "refused " << name << ": " << decoded.error().text << " (" << decoded.error().clause << ", offset "
              << decoded.error().offset << ")\n";
    return;
  }
  if (decoded->messages.empty()) {
    ++table["control"].control;
    return;
  }
  Tally& tally = table[FamilyName(decoded->messages[0].envelope.family())];
  ++tally.messages;
  if (decoded->messages[0].findings.empty()) return;
  ++tally.with_findings;
  for (const auto& finding : decoded->messages[0].findings)
    std::cout << "finding " << name << ": " << finding.field << ": " << finding.text << "\n";
}

void Print(const std::map<std::string, Tally>& table) {
  std::cout << "family               messages  of them with findings  control  refused\n";
  for (const auto& [family, tally] : table) {
    std::printf("%-20s %8d  %21d  %7d  %7d\n", family.c_str(), tally.messages, tally.with_findings, tally.control, tally.refused);
  }
}

// Octets differ in notation, so opaque bodies are compared without them.
v1::Envelope Comparable(v1::Envelope message) {
  if (message.has_opaque()) message.mutable_opaque()->clear_octets();
  message.clear_source_precedence();
  return message;
}

void ExpectSame(const v1::Envelope& a, const v1::Envelope& b, const std::string& where) {
  google::protobuf::util::MessageDifferencer differencer;
  std::string report;
  differencer.ReportDifferencesToString(&report);
  differencer.set_float_comparison(google::protobuf::util::MessageDifferencer::APPROXIMATE);
  EXPECT_TRUE(differencer.Compare(Comparable(a), Comparable(b))) << where << "\n" << report;
}

// The library writes eight decimals of latitude and longitude, and milliseconds.
void ExpectAsItsXml(const v1::Envelope& message, const std::string& name) {
  const std::string xml = ReadFile(SampleFolder() / "cot/events" / (name + ".xml"));
  if (xml.empty()) return;
  constexpr double kMetresOfEightDecimals = 0.01;
  const auto decoded = Decode(xml);
  ASSERT_TRUE(decoded.has_value()) << name;
  for (const adapter::FieldComparison& field : adapter::Compare(decoded->messages.at(0).envelope, message)) {
    if (field.field == v1::FIELD_EXTENSIONS) continue;  // the octets of an opaque event are those of its notation
    EXPECT_THAT(field.verdict, testing::AnyOf(adapter::FieldVerdict::kKept, adapter::FieldVerdict::kDiffers))
        << name << " " << v1::Field_Name(field.field);
    EXPECT_LE(field.error, kMetresOfEightDecimals) << name << " " << v1::Field_Name(field.field);
  }
}

TEST(SamplesTest, EveryXmlEventIsUnderstoodOrRefusedWithItsClause) {
  auto files = FilesIn(SampleFolder() / "cot/events", ".xml");
  const auto examples = FilesIn(SampleFolder() / "cot/examples", ".cot");
  files.insert(files.end(), examples.begin(), examples.end());
  if (files.empty()) GTEST_SKIP() << "no sample files of CoT here";
  std::map<std::string, Tally> table;
  for (const auto& file : files) Count(file.filename(), Decode(ReadFile(file)), table);
  Print(table);
  EXPECT_EQ(table["refused"].refused, 3) << "two templates whose time is the word TIME, and a track without a point";
}

TEST(SamplesTest, EveryXmlEventComesBackTheSameInXml) {
  auto files = FilesIn(SampleFolder() / "cot/events", ".xml");
  const auto examples = FilesIn(SampleFolder() / "cot/examples", ".cot");
  files.insert(files.end(), examples.begin(), examples.end());
  if (files.empty()) GTEST_SKIP() << "no sample files of CoT here";
  for (const auto& file : files) {
    const auto decoded = Decode(ReadFile(file));
    if (!decoded || decoded->messages.empty()) continue;
    v1::Envelope message = decoded->messages[0].envelope;
    v1::Envelope again = DecodeMessage(EncodeUnit(message));
    for (auto* times : {message.mutable_times(), again.mutable_times()}) {  // fewer fraction digits say the same
      times->mutable_observed()->clear_precision_ns();
      times->mutable_valid_from()->clear_precision_ns();
      times->mutable_stale_at()->clear_precision_ns();
    }
    ExpectSame(message, again, file.filename());
  }
}

TEST(SamplesTest, EveryTakV1MessageOfAtaksOwnLibraryIsUnderstoodAsItsXmlIs) {
  const auto files = FilesIn(SampleFolder() / "tak_proto/payload_v1", ".bin");
  if (files.empty()) GTEST_SKIP() << "no sample files of TAK protocol v1 here";
  std::map<std::string, Tally> table;
  for (const auto& file : files) {
    const std::string octets = ReadFile(file);
    const auto decoded = Decode(octets, kFormTakV1Mesh);
    Count(file.filename(), decoded, table);
    ASSERT_TRUE(decoded.has_value()) << file.filename();
    const v1::Envelope& message = decoded->messages.at(0).envelope;
    ExpectAsItsXml(message, file.stem());
    ExpectSame(message, DecodeMessage(EncodeUnit(message, kFormTakV1Mesh), kFormTakV1Mesh), file.filename());
  }
  Print(table);
  EXPECT_EQ(table["refused"].refused, 0);
}

}  // namespace
}  // namespace entente::cot
