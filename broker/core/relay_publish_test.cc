// SPDX-License-Identifier: Apache-2.0
// From a publisher's frame to routes: identity, checks, duplicates, release, subscriptions, receipts.

#include <gmock/gmock.h>

#include "broker/core/relay_rig_test.h"

namespace entente::broker {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr auto kDeu = "DEU/brigade";
constexpr auto kFra = "FRA/hq";
constexpr auto kFin = "FIN/post";

const v1::MessageRouted& OnlyRoute(RelayRig& rig) {
  static const v1::MessageRouted kNone;
  EXPECT_EQ(rig.Count(v1::RecordEvent::kMessageRouted), 1);
  for (const v1::RecordEvent& event : rig.events()) {
    if (event.has_message_routed()) return event.message_routed();
  }
  return kNone;
}

std::string RefusalIn(RelayRig& rig) {
  for (const v1::RecordEvent& event : rig.events()) {
    if (event.has_message_refused()) return event.message_refused().reason();
  }
  return {};
}

TEST(RelayPublishTest, DeliversToSubscribersAndNeverBackToTheOrigin) {
  RelayRig rig;
  for (const char* node : {kDeu, kFra, kFin}) rig.Attach(node);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1), Routine(kDeu, 2)}));
  EXPECT_THAT(rig.Drain(kFra).Texts(), ElementsAre("DEU/brigade#7.R.1", "DEU/brigade#7.R.2"));
  EXPECT_THAT(rig.Drain(kFin).Texts(), ElementsAre("DEU/brigade#7.R.1", "DEU/brigade#7.R.2"));
  EXPECT_THAT(rig.Drain(kDeu).Texts(), IsEmpty());
}

TEST(RelayPublishTest, EnvelopesArriveOctetForOctet) {
  RelayRig rig;
  rig.Attach(kDeu);
  rig.Attach(kFra);
  const v1::Envelope envelope = Routine(kDeu, 1, "object");
  ASSERT_TRUE(rig.Publish(kDeu, {envelope}));
  const Received received = rig.Drain(kFra);
  ASSERT_EQ(received.deliveries.size(), 1U);
  EXPECT_EQ(received.deliveries[0].envelope.SerializeAsString(), envelope.SerializeAsString());
  EXPECT_EQ(rig.events()[2].message_accepted().envelope(), envelope.SerializeAsString());
}

TEST(RelayPublishTest, OneRoutedEventCoversARun) {
  RelayRig rig;
  rig.Attach(kDeu);
  rig.Attach(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1), Routine(kDeu, 2), Routine(kDeu, 3)}));
  const v1::MessageRouted& routed = OnlyRoute(rig);
  EXPECT_EQ(ToText(routed.first()), "DEU/brigade#7.R.1");
  EXPECT_EQ(routed.count(), 3U);
  ASSERT_EQ(routed.decisions_size(), 1);
  EXPECT_EQ(routed.decisions(0).node(), kFra);
  EXPECT_TRUE(routed.decisions(0).released());
  EXPECT_EQ(routed.decisions(0).first_delivery(), 1U);
}

TEST(RelayPublishTest, WithholdsWithTheReason) {
  RelayRig rig;
  for (const char* node : {kDeu, kFra, kFin}) rig.Attach(node);
  v1::Envelope secret = Routine(kDeu, 1);
  *secret.mutable_label() = TestLabel("SECRET");
  ASSERT_TRUE(rig.Publish(kDeu, {secret}));
  EXPECT_EQ(rig.Drain(kFra).deliveries.size(), 1U);
  EXPECT_EQ(rig.Drain(kFin).deliveries.size(), 0U);
  const v1::MessageRouted& routed = OnlyRoute(rig);
  ASSERT_EQ(routed.decisions_size(), 2);
  EXPECT_FALSE(routed.decisions(1).released());
  EXPECT_EQ(routed.decisions(1).reason(), reason::kAboveClearance);
  EXPECT_EQ(rig->counters().withheld, 1U);
}

TEST(RelayPublishTest, AbsentAndMalformedLabelsReachOnlyTheOwnNation) {
  RelayRig rig;
  for (const char* node : {kDeu, "DEU/rear", kFra}) rig.Attach(node);
  v1::Envelope bare = Routine(kDeu, 1);
  bare.clear_label();
  ASSERT_TRUE(rig.Publish(kDeu, {bare}));
  // A label whose policy field runs past its end: the routing walk sees octets, the label parser a fault.
  std::string malformed = Routine(kDeu, 2).SerializeAsString();
  const std::size_t policy = malformed.find("EXERCISE");
  malformed[policy - 1] = 0x7F;
  v1::ClientFrame frame;
  frame.add_envelope(malformed);
  ASSERT_TRUE(rig.Send(kDeu, frame));
  EXPECT_EQ(rig->NextFrame("DEU/rear", rig.now())->slices.size(), 2U);
  EXPECT_EQ(rig.Drain(kFra).deliveries.size(), 0U);
  std::vector<std::string> reasons;
  for (const v1::RecordEvent& event : rig.events()) {
    if (event.has_message_routed()) reasons.push_back(event.message_routed().decisions(1).reason());
  }
  EXPECT_THAT(reasons, ElementsAre(reason::kNoLabel, reason::kMalformedLabel));
}

TEST(RelayPublishTest, SubscriptionIsAConjunctionOfClosedSets) {
  RelayRig rig;
  rig.Attach(kDeu);
  rig.Attach(kFin);
  v1::Hello hello = HelloOf(kFra);
  v1::Subscription& subscription = *hello.mutable_subscriptions(0);
  subscription.add_families(v1::FAMILY_TRACK);
  subscription.add_origin_nations("DEU");
  rig.Attach(hello);
  v1::Envelope chat = Routine(kDeu, 1);
  chat.set_family(v1::FAMILY_CHAT);
  ASSERT_TRUE(rig.Publish(kDeu, {chat, Routine(kDeu, 2)}));
  ASSERT_TRUE(rig.Publish(kFin, {Routine(kFin, 1)}));
  EXPECT_THAT(rig.Drain(kFra).Texts(), ElementsAre("DEU/brigade#7.R.2"));
}

TEST(RelayPublishTest, SubscriptionToOriginNodesAndToWhatIsAddressedToMe) {
  RelayRig rig;
  rig.Attach(kDeu);
  v1::Hello by_node = HelloOf(kFin);
  by_node.mutable_subscriptions(0)->add_origin_nodes("DEU/rear");
  rig.Attach(by_node);
  v1::Hello addressed = HelloOf(kFra);
  addressed.mutable_subscriptions(0)->set_addressed_to_me(true);
  rig.Attach(addressed);
  v1::Envelope to_france = Routine(kDeu, 2);
  to_france.add_addressees()->set_node("FRA");
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1), to_france}));
  EXPECT_THAT(rig.Drain(kFra).Texts(), ElementsAre("DEU/brigade#7.R.2"));
  EXPECT_THAT(rig.Drain(kFin).Texts(), IsEmpty());
}

TEST(RelayPublishTest, NoSubscriptionGetsNothingAndIsNotListed) {
  RelayRig rig;
  rig.Attach(kDeu);
  v1::Hello hello = HelloOf(kFra);
  hello.clear_subscriptions();
  rig.Attach(hello);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1)}));
  EXPECT_EQ(rig.Drain(kFra).deliveries.size(), 0U);
  EXPECT_EQ(OnlyRoute(rig).decisions_size(), 0);
}

TEST(RelayPublishTest, ReceiptsAreBatchedPerPrecedence) {
  RelayRig rig;
  rig.Attach(kDeu);
  rig.Drain(kDeu);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1), Routine(kDeu, 2), Flash(kDeu, 1)}));
  const Received received = rig.Drain(kDeu);
  ASSERT_EQ(received.receipts.size(), 2U);
  EXPECT_EQ(received.receipts[0].precedence(), kFlash);
  EXPECT_EQ(received.receipts[0].sequence(), 1U);
  EXPECT_EQ(received.receipts[1].sequence(), 2U);
  EXPECT_EQ(received.receipts[1].refused(), "");
}

TEST(RelayPublishTest, DuplicateGetsAReceiptAndNoDelivery) {
  RelayRig rig;
  rig.Attach(kDeu);
  rig.Attach(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1)}));
  rig.Drain(kDeu);
  rig.Drain(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1)}));
  EXPECT_EQ(rig.Drain(kDeu).receipts.size(), 1U);
  EXPECT_EQ(rig.Drain(kFra).deliveries.size(), 0U);
  EXPECT_EQ(rig->counters().duplicates, 1U);
  EXPECT_EQ(rig.Count(v1::RecordEvent::kMessageAccepted), 1);
}

TEST(RelayPublishTest, GapIsAcceptedAndCounted) {
  RelayRig rig;
  rig.Attach(kDeu);
  rig.Attach(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1), Routine(kDeu, 5)}));
  EXPECT_EQ(rig.Drain(kFra).deliveries.size(), 2U);
  EXPECT_EQ(rig->counters().sequence_gaps, 1U);
  EXPECT_EQ(rig.Count(v1::RecordEvent::kMessageRouted), 2);
}

TEST(RelayPublishTest, PublishesOnlyAsItself) {
  RelayRig rig;
  rig.Attach(kDeu);
  rig.Attach(kFra);
  rig.Drain(kDeu);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine("FRA/rear", 4), Routine(kDeu, 1)}));
  EXPECT_EQ(RefusalIn(rig), Text(Refusal::kNotOwnOrigin));
  const Received received = rig.Drain(kDeu);
  ASSERT_EQ(received.receipts.size(), 2U);
  EXPECT_EQ(received.receipts[0].sequence(), 4U);
  EXPECT_EQ(received.receipts[0].refused(), Text(Refusal::kNotOwnOrigin));
  EXPECT_THAT(rig.Drain(kFra).Texts(), ElementsAre("DEU/brigade#7.R.1"));
}

TEST(RelayPublishTest, RefusesAnotherIncarnation) {
  RelayRig rig;
  rig.Attach(kDeu);
  ASSERT_TRUE(rig.Publish(kDeu, {TestTrack(kDeu, 8, kRoutine, 1)}));
  EXPECT_EQ(RefusalIn(rig), Text(Refusal::kOtherIncarnation));
}

TEST(RelayPublishTest, RefusesMissingFamilyAndPrecedence) {
  RelayRig family;
  family.Attach(kDeu);
  v1::Envelope envelope = Routine(kDeu, 1);
  envelope.clear_family();
  ASSERT_TRUE(family.Publish(kDeu, {envelope}));
  EXPECT_EQ(RefusalIn(family), Text(Refusal::kNoFamily));
  RelayRig precedence;
  precedence.Attach(kDeu);
  ASSERT_TRUE(precedence.Publish(kDeu, {TestTrack(kDeu, kIncarnation, v1::PRECEDENCE_UNSPECIFIED, 1)}));
  EXPECT_EQ(RefusalIn(precedence), Text(Refusal::kNoPrecedence));
}

TEST(RelayPublishTest, RefusesOversizedAndGarbledEnvelopesAndGoesOn) {
  RelayRig rig({.envelope_octets = 100});
  rig.Attach(kDeu);
  rig.Attach(kFra);
  v1::ClientFrame frame;
  frame.add_envelope("\xFF\xFF garbage");
  frame.add_envelope(Routine(kDeu, 1, std::string(100, 'x')).SerializeAsString());
  frame.add_envelope(Routine(kDeu, 2).SerializeAsString());
  ASSERT_TRUE(rig.Send(kDeu, frame));
  const Received received = rig.Drain(kDeu);
  ASSERT_EQ(received.receipts.size(), 3U);
  EXPECT_EQ(received.receipts[0].refused(), Text(Refusal::kBrokenFraming));
  EXPECT_EQ(received.receipts[1].refused(), Text(Refusal::kTooLarge));
  EXPECT_EQ(received.receipts[2].refused(), "");
  EXPECT_THAT(rig.Drain(kFra).Texts(), ElementsAre("DEU/brigade#7.R.2"));
}

TEST(RelayPublishTest, BrokenFrameSaysGoodbyeWithTheReason) {
  RelayRig rig;
  rig.Attach(kDeu);
  const Status status = rig->OnFrame(kDeu, SharedSlice(ToBytes("\x0A\x7F")), rig.now());
  ASSERT_FALSE(status);
  const auto frame = rig->NextFrame(kDeu, rig.now());
  ASSERT_TRUE(frame);
  EXPECT_TRUE(frame->last);
  Received received;
  received.Read(frame->Flatten());
  EXPECT_THAT(received.goodbye, HasSubstr("framing broken at offset 0"));
  EXPECT_FALSE(rig->NextFrame(kDeu, rig.now()));
}

TEST(RelayPublishTest, PublisherThatNeverReadsItsRefusalsIsClosed) {
  RelayRig rig;
  rig.Attach(kDeu);
  v1::ClientFrame frame;
  for (int i = 0; i < 3000; ++i) frame.add_envelope("x");
  ASSERT_TRUE(rig.Send(kDeu, frame));
  const Received received = rig.Drain(kDeu);
  EXPECT_THAT(received.goodbye, HasSubstr("too many refused messages"));
  EXPECT_EQ(received.receipts.size(), 1024U);
}

TEST(RelayPublishTest, ExplainsWithoutSending) {
  RelayRig rig;
  for (const char* node : {kDeu, kFra, kFin}) rig.Attach(node);
  v1::Hello none = HelloOf("NOR/hq");
  none.clear_subscriptions();
  rig.Attach(none);
  v1::Envelope secret = Routine(kDeu, 1);
  *secret.mutable_label() = TestLabel("SECRET");
  const v1::ExplainReply reply = rig->Explain(Octets(secret));
  EXPECT_EQ(reply.refused(), "");
  ASSERT_EQ(reply.recipients_size(), 3);
  EXPECT_TRUE(reply.recipients(0).subscribed() && reply.recipients(0).released());
  EXPECT_FALSE(reply.recipients(1).released());
  EXPECT_EQ(reply.recipients(1).reason(), reason::kAboveClearance);
  EXPECT_FALSE(reply.recipients(2).subscribed());
  EXPECT_THAT(rig.Drain(kFra).deliveries, IsEmpty());
  EXPECT_EQ(rig->Explain(AsBytes("garbage")).refused(), Text(Refusal::kBrokenFraming));
}

TEST(RelayPublishTest, ReplacedGuardJudgesWhatWaitsAgain) {
  RelayRig rig;
  rig.Attach(kDeu);
  rig.Attach(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1)}));
  v1::ExercisePolicy policy = TestPolicy();
  policy.mutable_nations()->DeleteSubrange(1, 1);
  const PolicyGuard without_france(policy);
  rig->ReplaceGuard(without_france, rig.now());
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 2)}));
  EXPECT_THAT(rig.Drain(kFra).deliveries, IsEmpty());
  EXPECT_THAT(rig.Drops(), ElementsAre("DEU/brigade#7.R.1 for FRA/hq: nation not in the policy"));
  EXPECT_EQ(rig->counters().withheld, 1U);
}

TEST(RelayPublishTest, ReleaseAllGuardLeaksWhichIsWhatItIsFor) {
  const ReleaseAllGuard guard;
  Relay relay({.exercise = "leak"}, guard, {});
  const Now now{};
  ASSERT_TRUE(relay.Attach(HelloOf(kDeu), {}, now));
  ASSERT_TRUE(relay.Attach(HelloOf(kFin), {}, now));
  v1::Envelope secret = Routine(kDeu, 1);
  *secret.mutable_label() = TestLabel("SECRET");
  v1::ClientFrame frame;
  frame.add_envelope(secret.SerializeAsString());
  ASSERT_TRUE(relay.OnFrame(kDeu, SharedSlice(Octets(frame)), now));
  EXPECT_EQ(relay.NextFrame(kFin, now)->slices.size(), 1U);
}

}  // namespace
}  // namespace entente::broker
