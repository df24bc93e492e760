// SPDX-License-Identifier: Apache-2.0
// Every vector, both ways: the octets say the message, and the message becomes the octets.
#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <cmath>

#include "adapters/dis/pdu_reader.h"
#include "adapters/dis/test_vectors.h"
#include "base/byte_reader.h"

namespace entente::dis {
namespace {

using google::protobuf::util::DefaultFieldComparator;
using google::protobuf::util::MessageDifferencer;

class VectorsTest : public testing::TestWithParam<std::string> {};

std::string DifferenceOf(const v1::Envelope& wanted, const v1::Envelope& got) {
  MessageDifferencer differencer;
  DefaultFieldComparator comparator;
  comparator.set_float_comparison(DefaultFieldComparator::APPROXIMATE);
  comparator.SetDefaultFractionAndMargin(1e-9, 5e-5);  // 32-bit floats on the wire
  differencer.set_field_comparator(&comparator);
  std::string difference;
  differencer.ReportDifferencesToString(&difference);
  differencer.Compare(wanted, got);
  return difference;
}

TEST_P(VectorsTest, SaysItsMessage) {
  const Vector& vector = FindVector(GetParam());
  const auto options = OptionsWith({});
  const auto decoded = Info().codec->Decode(vector.octets, {vector.form, options, VectorTime()});
  ASSERT_TRUE(decoded.has_value()) << decoded.error().text;
  ASSERT_EQ(decoded->messages.size(), 1U);
  EXPECT_EQ(DifferenceOf(vector.message, decoded->messages[0].envelope), "");
  for (const adapter::Finding& finding : decoded->messages[0].findings) {
    EXPECT_EQ(finding.severity, v1::FINDING_SEVERITY_NOTE) << finding.text;
  }
}

// Octets of floating point numbers in the PDU types that have them: offset, octets.
std::vector<std::pair<std::size_t, std::size_t>> FloatsOf(std::uint8_t type) {
  if (type == 1)
    return {{36, 4}, {40, 4},  {44, 4},  {48, 8},  {56, 8},  {64, 8},  {72, 4}, {76, 4},
            {80, 4}, {104, 4}, {108, 4}, {112, 4}, {116, 4}, {120, 4}, {124, 4}};
  if (type == 2) return {{40, 8}, {48, 8}, {56, 8}, {80, 4}, {84, 4}, {88, 4}, {92, 4}};
  if (type == 3) return {{36, 4}, {40, 4}, {44, 4}, {48, 8}, {56, 8}, {64, 8}, {88, 4}, {92, 4}, {96, 4}};
  return {};
}

double Number(ByteView octets) {
  ByteReader in(octets);
  return octets.size() == 4 ? in.F32Be() : in.F64Be();
}

TEST_P(VectorsTest, IsWhatItsMessageBecomes) {
  const Vector& vector = FindVector(GetParam());
  const auto options = OptionsWith({});
  adapter::HashedObjectIds ids;
  const auto encoded = Info().codec->Encode(vector.message, {vector.form, options, ids});
  ASSERT_TRUE(encoded.has_value()) << encoded.error().reason;
  ASSERT_EQ(encoded->units.size(), 1U);
  Bytes ours = *encoded->units[0];
  ASSERT_EQ(ours.size(), vector.octets.size());
  for (const auto& [offset, length] : FloatsOf(vector.octets[2])) {
    const double wanted = Number(ByteView(vector.octets).subspan(offset, length));
    EXPECT_NEAR(Number(ByteView(ours).subspan(offset, length)), wanted, length == 8 ? 1e-3 : 1e-6 * std::max(1.0, std::abs(wanted)))
        << "at octet " << offset;
    std::copy_n(vector.octets.begin() + static_cast<std::ptrdiff_t>(offset), length,
                ours.begin() + static_cast<std::ptrdiff_t>(offset));
  }
  EXPECT_EQ(ToHex(ours), ToHex(vector.octets));
}

TEST_P(VectorsTest, EveryCutIsRefusedWithAnOffsetWithinIt) {
  const Vector& vector = FindVector(GetParam());
  const auto options = OptionsWith({});
  for (std::size_t length = 0; length < vector.octets.size(); ++length) {
    const auto decoded = Info().codec->Decode(ByteView(vector.octets).first(length), {vector.form, options, VectorTime()});
    ASSERT_FALSE(decoded.has_value()) << length;
    EXPECT_LE(decoded.error().offset, length < 12 ? length : 12);
    EXPECT_FALSE(decoded.error().clause.empty());
  }
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const Vector& vector : Vectors()) names.push_back(vector.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, VectorsTest, testing::ValuesIn(Names()), [](const auto& test) { return test.param; });

}  // namespace
}  // namespace entente::dis
