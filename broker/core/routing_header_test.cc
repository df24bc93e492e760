// SPDX-License-Identifier: Apache-2.0
#include "broker/core/routing_header.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "broker/core/test_envelope.h"

namespace entente::broker {
namespace {

using testing::Octets;
using testing::TestTrack;

v1::Envelope AnyEnvelope() {
  const auto text = [] { return *rc::gen::container<std::string>(rc::gen::inRange<char>('a', 'z')); };
  v1::Envelope envelope = TestTrack("DEU/" + text(), *rc::gen::arbitrary<std::uint64_t>(),
                                    *rc::gen::element(v1::PRECEDENCE_ROUTINE, v1::PRECEDENCE_FLASH),
                                    *rc::gen::inRange<std::uint64_t>(1, ~0ULL), text());
  envelope.set_family(static_cast<v1::Family>(*rc::gen::inRange(1, 10)));
  if (*rc::gen::arbitrary<bool>()) envelope.clear_label();
  const int addressees = *rc::gen::inRange(0, 4);
  for (int i = 0; i < addressees; ++i) {
    v1::Addressee& addressee = *envelope.add_addressees();
    addressee.set_node(text());
    addressee.set_native(text());
    addressee.set_role(static_cast<v1::AddresseeRole>(*rc::gen::inRange(0, 4)));
  }
  envelope.set_stale_at_ns(*rc::gen::arbitrary<std::int64_t>());
  envelope.set_conversation_id(text());
  envelope.mutable_chat()->set_text(text());
  return envelope;
}

void Agrees(const v1::Envelope& envelope) {
  const Bytes octets = Octets(envelope);
  const auto header = WalkRoutingHeader(octets);
  RC_ASSERT(header.has_value());
  RC_ASSERT(header->origin == envelope.id().origin());
  RC_ASSERT(header->incarnation == envelope.id().incarnation());
  RC_ASSERT(header->precedence == envelope.id().precedence());
  RC_ASSERT(header->sequence == envelope.id().sequence());
  RC_ASSERT(header->family == envelope.family());
  RC_ASSERT(header->has_label == envelope.has_label());
  RC_ASSERT(ToText(header->label) == envelope.label().SerializeAsString());
  RC_ASSERT(header->object_id == envelope.object_id());
  RC_ASSERT(header->stale_at_ns == envelope.stale_at_ns());
  ByteView rest = header->addressees;
  AddresseeView addressee;
  for (const v1::Addressee& expected : envelope.addressees()) {
    RC_ASSERT(NextAddressee(rest, addressee));
    RC_ASSERT(addressee.node == expected.node());
    RC_ASSERT(addressee.role == expected.role());
  }
  RC_ASSERT(!NextAddressee(rest, addressee));
}

TEST(RoutingHeaderTest, AgreesWithTheProtobufParser) {
  EXPECT_TRUE(rc::check([] { Agrees(AnyEnvelope()); }));
}

Refusal RefusalOf(ByteView octets) {
  const auto header = WalkRoutingHeader(octets);
  EXPECT_FALSE(header.has_value());
  return header ? Refusal::kTooLarge : header.error().refusal;
}

TEST(RoutingHeaderTest, RefusesEveryTruncationWithinAField) {
  v1::Envelope envelope = TestTrack("DEU/brigade", 7, v1::PRECEDENCE_ROUTINE, 300, "object");
  envelope.set_stale_at_ns(5);
  const Bytes octets = Octets(envelope);
  int accepted = 0;
  for (std::size_t length = 0; length < octets.size(); ++length) {
    const auto header = WalkRoutingHeader(ByteView(octets).first(length));
    if (header) {
      ++accepted;  // cut between two fields after the family
    } else if (length > 0) {
      EXPECT_NE(header.error().refusal, Refusal::kTooLarge);
    }
  }
  EXPECT_EQ(accepted, 4);  // after family, label, object id and stale time
}

TEST(RoutingHeaderTest, NamesWhatIsMissing) {
  v1::Envelope envelope = TestTrack("DEU/brigade", 7, v1::PRECEDENCE_ROUTINE, 1);
  envelope.clear_id();
  EXPECT_EQ(RefusalOf(Octets(envelope)), Refusal::kNoId);
  envelope = TestTrack("DEU/brigade", 7, v1::PRECEDENCE_UNSPECIFIED, 1);
  EXPECT_EQ(RefusalOf(Octets(envelope)), Refusal::kNoPrecedence);
  envelope = TestTrack("DEU/brigade", 7, v1::PRECEDENCE_ROUTINE, 0);
  EXPECT_EQ(RefusalOf(Octets(envelope)), Refusal::kNoSequence);
  envelope = TestTrack("DEU/brigade", 7, v1::PRECEDENCE_ROUTINE, 1);
  envelope.clear_family();
  EXPECT_EQ(RefusalOf(Octets(envelope)), Refusal::kNoFamily);
}

TEST(RoutingHeaderTest, RefusesALabelHiddenBehindTheBody) {
  Bytes octets = Octets(TestTrack("DEU/brigade", 7, v1::PRECEDENCE_ROUTINE, 1));
  v1::Envelope hidden;
  *hidden.mutable_label() = testing::TestLabel("SECRET");
  const Bytes tail = Octets(hidden);
  octets.insert(octets.end(), tail.begin(), tail.end());
  EXPECT_EQ(RefusalOf(octets), Refusal::kFieldOrder);
}

TEST(RoutingHeaderTest, RefusesASecondIdAndKeepsTheFirstForTheRefusal) {
  v1::Envelope first;
  *first.mutable_id() = TestTrack("DEU/brigade", 7, v1::PRECEDENCE_ROUTINE, 9).id();
  Bytes octets = Octets(first);
  const Bytes second = Octets(TestTrack("FRA/hq", 7, v1::PRECEDENCE_FLASH, 1));
  octets.insert(octets.end(), second.begin(), second.end());
  const auto header = WalkRoutingHeader(octets);
  ASSERT_FALSE(header.has_value());
  EXPECT_EQ(header.error().refusal, Refusal::kFieldOrder);
  EXPECT_EQ(header.error().header.origin, "DEU/brigade");
  EXPECT_EQ(header.error().header.sequence, 9U);
}

TEST(RoutingHeaderTest, NeverTrustsALength) {
  EXPECT_EQ(RefusalOf(FromHex("0affffffffffffffffff01")), Refusal::kBrokenFraming);
  EXPECT_EQ(RefusalOf(FromHex("0affffffffffffffffffff01")), Refusal::kBrokenFraming);  // varint of eleven octets
  EXPECT_EQ(RefusalOf(FromHex("0b0c")), Refusal::kBrokenFraming);                      // group
  EXPECT_EQ(RefusalOf(FromHex("00")), Refusal::kBrokenFraming);                        // field number zero
  EXPECT_EQ(RefusalOf(FromHex("0801")), Refusal::kBrokenFraming);                      // the id as a number
}

TEST(RoutingHeaderTest, AddressesNodesNationsAndExempts) {
  v1::Envelope envelope = TestTrack("DEU/brigade", 7, v1::PRECEDENCE_ROUTINE, 1);
  envelope.add_addressees()->set_node("FRA");
  envelope.add_addressees()->set_node("NOR/hq");
  v1::Addressee& exempt = *envelope.add_addressees();
  exempt.set_node("FRA/rear");
  exempt.set_role(v1::ADDRESSEE_ROLE_EXEMPT);
  const Bytes octets = Octets(envelope);
  const auto header = WalkRoutingHeader(octets);
  ASSERT_TRUE(header);
  EXPECT_TRUE(IsAddressedTo(header->addressees, "FRA/hq"));
  EXPECT_FALSE(IsAddressedTo(header->addressees, "FRA/rear"));
  EXPECT_TRUE(IsAddressedTo(header->addressees, "NOR/hq"));
  EXPECT_FALSE(IsAddressedTo(header->addressees, "NOR/rear"));
  EXPECT_FALSE(IsAddressedTo({}, "NOR/hq"));
}

}  // namespace
}  // namespace entente::broker
