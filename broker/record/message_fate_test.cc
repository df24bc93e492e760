// SPDX-License-Identifier: Apache-2.0
// "Why did this message not arrive?", asked of the projection.

#include <gmock/gmock.h>

#include "broker/record/projection_fixture.h"

namespace entente::record {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr const char* kDeu = "DEU/brigade";
constexpr const char* kFra = "FRA/hq";
constexpr const char* kUsa = "USA/corps";

class MessageFateTest : public ::testing::Test {
 protected:
  std::vector<std::string> Fates(const std::string& columns = "origin, recipient, fate, reason") {
    Project(story_, path_);
    return Query(path_, "SELECT " + columns + " FROM message_fate ORDER BY at_ns, message, recipient");
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "record.db";
  Story story_;
};

TEST_F(MessageFateTest, Understood) {
  story_.Arrives(kDeu, 1, kFra, "unit");
  EXPECT_THAT(Fates("message, family, object, origin, recipient, fate, reason, precedence, label"),
              ElementsAre("DEU/brigade#1a2b.R.1|track|alpha|DEU/brigade|FRA/hq|understood|decoder|ROUTINE|"
                          "EXERCISE RESTRICTED; Releasable To: DEU, FRA"));
}

TEST_F(MessageFateTest, ComposedAndNotSent) {
  story_.Composed(kDeu, {}, v1::SEND_OUTCOME_UNSUPPORTED).set_reason("no slot for chat");
  story_.Composed(kDeu, {}, v1::SEND_OUTCOME_MUTED);
  EXPECT_THAT(Fates(), ElementsAre("DEU/brigade||not sent|unsupported: no slot for chat", "DEU/brigade||not sent|muted"));
}

TEST_F(MessageFateTest, LostOnTheLink) {
  story_.Composed(kDeu, {"one"});
  story_.LinkDecided(kDeu, v1::DIRECTION_TO_GATEWAY, "lost");
  story_.Arrives(kDeu, 1, kFra, "two");
  EXPECT_THAT(Fates(),
              ElementsAre("DEU/brigade||lost on the link|near in time: lost by loss#1", "DEU/brigade|FRA/hq|understood|decoder"));
}

TEST_F(MessageFateTest, RefusedByTheGateway) {
  story_.Composed(kDeu, {"unit"});
  story_.Refused(kDeu, v1::SIDE_GATEWAY, "unit");
  EXPECT_THAT(Fates(), ElementsAre("DEU/brigade||refused by the gateway|length at octet 8, pdu_length (IEEE 1278.1-2012 6.2.66): "
                                   "larger than the datagram"));
}

TEST_F(MessageFateTest, DamagedOnPurposeAndRefused) {
  for (const bool damage_told_first : {false, true}) {
    story_ = {};
    if (damage_told_first) story_.Damaged(kDeu, v1::DIRECTION_TO_GATEWAY, "unit", "broken");
    story_.Composed(kDeu, {"unit"});
    if (!damage_told_first) story_.Damaged(kDeu, v1::DIRECTION_TO_GATEWAY, "unit", "broken");
    story_.Refused(kDeu, v1::SIDE_GATEWAY, "broken");
    story_.Arrives(kDeu, 1, kFra, "unit");
    EXPECT_THAT(Fates("fate, substr(reason, 1, 49)"),
                ElementsAre("refused by the gateway|damaged on purpose (dis-length-too-large): length", "understood|decoder"));
  }
}

TEST_F(MessageFateTest, DamagedOnPurposeAndStillUnderstood) {
  story_.Composed(kDeu, {"unit"});
  story_.Damaged(kDeu, v1::DIRECTION_TO_GATEWAY, "unit", "bent");
  story_.Received(kDeu, "bent");
  story_.Ingested(kDeu, 1, {"bent"});
  story_.Accepted(kDeu, 1);
  story_.Routed(kDeu, 1, 1, {kFra});
  story_.Egressed(kDeu, 1, kFra, {"out"});
  story_.Damaged(kFra, v1::DIRECTION_TO_NODE, "out", "bent out");
  story_.Understood(kFra, {"bent out"});
  EXPECT_THAT(Fates(), ElementsAre("DEU/brigade|FRA/hq|understood|decoder"));
}

TEST_F(MessageFateTest, TakenAsARefreshOrForNothing) {
  story_.Composed(kDeu, {"beat"});
  story_.Received(kDeu, "beat", v1::UNIT_ROLE_REFRESHES);
  story_.Composed(kDeu, {"odd"});
  story_.Received(kDeu, "odd");
  EXPECT_THAT(Fates("fate"), ElementsAre("taken as a refresh", "no message made of it"));
}

TEST_F(MessageFateTest, RefusedByTheBroker) {
  story_.Composed(kDeu, {"unit"});
  story_.Ingested(kDeu, 1, {"unit"});
  story_.RefusedByBroker(kDeu, 1, "no label");
  EXPECT_THAT(Fates(), ElementsAre("DEU/brigade||refused by the broker|no label"));
}

TEST_F(MessageFateTest, LostOnTheBackbone) {
  story_.Composed(kDeu, {"unit"});
  story_.Ingested(kDeu, 1, {"unit"});
  EXPECT_THAT(Fates("fate"), ElementsAre("lost on the backbone"));
}

TEST_F(MessageFateTest, WithoutRecipient) {
  story_.Composed(kDeu, {"unit"});
  story_.Ingested(kDeu, 1, {"unit"});
  story_.Accepted(kDeu, 1);
  EXPECT_THAT(Fates("fate"), ElementsAre("not routed"));
  story_.Routed(kDeu, 1, 1, {});
  EXPECT_THAT(Fates("fate"), ElementsAre("no recipient"));
}

TEST_F(MessageFateTest, WithheldFromOneAndReleasedToAnother) {
  story_.Composed(kDeu, {"unit"});
  story_.Ingested(kDeu, 1, {"unit"});
  story_.Accepted(kDeu, 1);
  story_.Routed(kDeu, 1, 1, {kFra}, kUsa, "not releasable to USA");
  EXPECT_THAT(Fates(), ElementsAre("DEU/brigade|FRA/hq|not delivered|released; the gateway has not sent it",
                                   "DEU/brigade|USA/corps|withheld|not releasable to USA"));
}

TEST_F(MessageFateTest, LeakedIsSaidWhateverElseIsTrue) {
  story_.Composed(kDeu, {"unit"});
  story_.Ingested(kDeu, 1, {"unit"});
  story_.Accepted(kDeu, 1);
  story_.Routed(kDeu, 1, 1, {}, kUsa, "not releasable to USA");
  story_.Egressed(kDeu, 1, kUsa, {"out"});
  EXPECT_THAT(Fates("fate, reason"), ElementsAre("LEAKED|not releasable to USA"));
  story_.Understood(kUsa, {"out"});
  EXPECT_THAT(Fates("fate, reason"), ElementsAre("LEAKED|not releasable to USA"));
}

TEST_F(MessageFateTest, DroppedByTheBroker) {
  story_.Composed(kDeu, {"unit"});
  story_.Ingested(kDeu, 1, {"unit"});
  story_.Accepted(kDeu, 1);
  story_.Routed(kDeu, 1, 1, {kFra});
  story_.Dropped(kDeu, 1, kFra, "stale");
  EXPECT_THAT(Fates(), ElementsAre("DEU/brigade|FRA/hq|dropped|stale"));
}

TEST_F(MessageFateTest, NotSayableInTheRecipientsProtocol) {
  story_.Composed(kDeu, {"unit"});
  story_.Ingested(kDeu, 1, {"unit"});
  story_.Accepted(kDeu, 1);
  story_.Routed(kDeu, 1, 1, {kFra, kUsa});
  story_.Egressed(kDeu, 1, kFra, {}, v1::SEND_OUTCOME_UNSUPPORTED).set_reason("AIS has no alert");
  story_.Egressed(kDeu, 1, kUsa, {}, v1::SEND_OUTCOME_NO_LABEL_SLOT).set_reason("RESTRICTED");
  EXPECT_THAT(Fates(),
              ElementsAre("DEU/brigade|FRA/hq|not sayable|AIS has no alert", "DEU/brigade|USA/corps|no label slot|RESTRICTED"));
}

TEST_F(MessageFateTest, SentAndRefusedOrNotUnderstoodByTheNode) {
  story_.Composed(kDeu, {"unit"});
  story_.Ingested(kDeu, 1, {"unit"});
  story_.Accepted(kDeu, 1);
  story_.Routed(kDeu, 1, 1, {kFra, kUsa});
  story_.Egressed(kDeu, 1, kFra, {"to fra"});
  story_.Egressed(kDeu, 1, kUsa, {"to usa"});
  story_.Refused(kFra, v1::SIDE_NODE, "to fra");
  EXPECT_THAT(Fates("recipient, fate, substr(reason, 1, 17)"),
              ElementsAre("FRA/hq|refused by the node|length at octet 8", "USA/corps|sent, not understood|no sign of it fro"));
}

TEST_F(MessageFateTest, EqualUnitsAreMatchedInTheirOrder) {
  story_.Composed(kDeu, {"same"});
  story_.Composed(kDeu, {"same"});
  story_.Composed(kDeu, {"same"});
  story_.Ingested(kDeu, 1, {"same"});
  story_.Ingested(kDeu, 2, {"same"});
  EXPECT_THAT(Fates("composed, message, fate"), ElementsAre("1|DEU/brigade#1a2b.R.1|lost on the backbone",
                                                            "2|DEU/brigade#1a2b.R.2|lost on the backbone", "3||lost on the link"));
}

TEST_F(MessageFateTest, EqualUnitsOfOtherNodesAreNotMixedUp) {
  story_.Composed(kUsa, {"same"});
  story_.Composed(kDeu, {"same"});
  story_.Ingested(kDeu, 1, {"same"});
  EXPECT_THAT(Fates("origin, fate"), ElementsAre("USA/corps|lost on the link", "DEU/brigade|lost on the backbone"));
}

TEST_F(MessageFateTest, AUnitRepeatedBesideAnotherDoesNotMislead) {
  story_.Composed(kDeu, {"static", "first position"});
  story_.Composed(kDeu, {"static", "second position"});
  story_.Ingested(kDeu, 1, {"static", "second position"});
  EXPECT_THAT(Fates("composed, fate"), ElementsAre("1|lost on the link", "2|lost on the backbone"));
}

TEST_F(MessageFateTest, SeveralMessagesInOneUnit) {
  story_.Composed(kDeu, {"block"});
  story_.Composed(kDeu, {"block"});
  story_.Received(kDeu, "block");
  story_.Ingested(kDeu, 1, {"block"});
  story_.Ingested(kDeu, 2, {"block"});
  story_.Accepted(kDeu, 1);
  story_.Accepted(kDeu, 2);
  story_.Routed(kDeu, 1, 2, {kFra});
  story_.Egressed(kDeu, 1, kFra, {"out"});
  story_.Egressed(kDeu, 2, kFra, {"out"});
  story_.Understood(kFra, {"out"});
  story_.Understood(kFra, {"out"});
  EXPECT_THAT(Fates("composed, message, fate"),
              ElementsAre("1|DEU/brigade#1a2b.R.1|understood", "2|DEU/brigade#1a2b.R.2|understood"));
  EXPECT_THAT(Query(path_, "SELECT delivery FROM deliveries ORDER BY message"), ElementsAre("1", "2"));
}

TEST_F(MessageFateTest, MessagesThatTakeSeveralRoutesByTurns) {
  story_.RoutedByTurns(kDeu, 1, 4, kFra, kUsa);
  Project(story_, path_);
  EXPECT_THAT(Query(path_, "SELECT message, node, released, withheld, delivery FROM deliveries ORDER BY message, node"),
              ElementsAre("DEU/brigade#1a2b.R.1|FRA/hq|1||1", "DEU/brigade#1a2b.R.1|USA/corps|1||1",
                          "DEU/brigade#1a2b.R.2|FRA/hq|1||2", "DEU/brigade#1a2b.R.2|USA/corps|0|above clearance|",
                          "DEU/brigade#1a2b.R.3|FRA/hq|1||3", "DEU/brigade#1a2b.R.3|USA/corps|1||2",
                          "DEU/brigade#1a2b.R.4|FRA/hq|1||4", "DEU/brigade#1a2b.R.4|USA/corps|0|above clearance|"));
}

// Writers of several machines: the log may have the effect before its cause.
TEST_F(MessageFateTest, IsTheSameWhicheverEndWasToldFirst) {
  story_.Understood(kFra, {"out"});
  story_.Egressed(kDeu, 1, kFra, {"out"});
  story_.Routed(kDeu, 1, 1, {kFra});
  story_.Accepted(kDeu, 1);
  story_.Ingested(kDeu, 1, {"unit"});
  story_.Composed(kDeu, {"unit"});
  story_.Refused(kDeu, v1::SIDE_GATEWAY, "bad");
  story_.Composed(kDeu, {"bad"});
  story_.Refused(kUsa, v1::SIDE_NODE, "bad out");
  story_.Egressed(kDeu, 2, kUsa, {"bad out"});
  EXPECT_THAT(Fates("origin, recipient, fate"),
              UnorderedElementsAre("DEU/brigade|FRA/hq|understood", "DEU/brigade||refused by the gateway",
                                   "DEU/brigade|USA/corps|refused by the node"));
}

TEST_F(MessageFateTest, AnObservationMayNameTheMessageItself) {
  story_.Ingested(kDeu, 1, {"unit"});
  story_.Accepted(kDeu, 1);
  story_.Routed(kDeu, 1, 1, {kFra});
  story_.Egressed(kDeu, 1, kFra, {"out"});
  v1::MessageUnderstood& observed = story_.Understood(kFra, {});
  observed.set_evidence("observation");
  *observed.mutable_understood()->mutable_id() = Story::Id(kDeu, 1);
  EXPECT_THAT(Fates("fate, reason"), ElementsAre("understood|observation"));
}

}  // namespace
}  // namespace entente::record
