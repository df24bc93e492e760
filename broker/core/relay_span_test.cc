// SPDX-License-Identifier: Apache-2.0
// Messages of one frame that take different routes by turns: one run per set of recipients, one event, and the same deliveries as
// message by message.

#include <gmock/gmock.h>
#include <rapidcheck.h>

#include <map>

#include "broker/core/delivery_queue.h"
#include "broker/core/relay_rig_test.h"
#include "broker/core/routing_span.h"
#include "proto/routed_span.h"

namespace entente::broker {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kDeu = "DEU/brigade";
constexpr auto kFra = "FRA/hq";
constexpr auto kNor = "NOR/hq";
constexpr auto kFin = "FIN/post";

v1::Envelope Labelled(v1::Envelope envelope, std::string_view classification) {
  *envelope.mutable_label() = TestLabel(classification);
  return envelope;
}
// For all; for those that are cleared for it.
v1::Envelope Open(std::uint64_t sequence, std::string_view object = {}) {
  return Labelled(Routine(kDeu, sequence, object), "UNCLASSIFIED");
}
v1::Envelope Secret(std::uint64_t sequence, std::string_view object = {}) {
  return Labelled(Routine(kDeu, sequence, object), "SECRET");
}

// What the record says of each message and node: its delivery, or why it has none.
std::map<std::string, std::string> Fates(const std::vector<v1::RecordEvent>& events) {
  std::map<std::string, std::string> fates;
  const auto note = [&](const v1::MessageRouted& run) {
    v1::MessageId id = run.first();
    for (std::uint64_t i = 0; i < run.count(); ++i, id.set_sequence(id.sequence() + 1)) {
      for (const v1::RouteDecision& decision : run.decisions()) {
        fates[ToText(id) + " " + decision.node()] =
            decision.released() ? std::to_string(decision.first_delivery() + i) : decision.reason();
      }
    }
  };
  for (const v1::RecordEvent& event : events) {
    if (event.has_message_routed()) note(event.message_routed());
    if (event.has_span_routed()) {
      EXPECT_TRUE(ForEachRun(event.span_routed(), note));
    }
  }
  return fates;
}

TEST(RelaySpanTest, OtherLabelsOfTheSameRouteAreTheSameRun) {
  RelayRig rig;
  rig.Attach(kDeu);
  rig.Attach(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Open(1), Secret(2), Open(3)}));
  EXPECT_EQ(rig.Count(v1::RecordEvent::kMessageRouted), 1);
  EXPECT_EQ(rig.Count(v1::RecordEvent::kSpanRouted), 0);
  EXPECT_EQ(rig->NextFrame(kFra, rig.now())->slices.size(), 1U);
}

TEST(RelaySpanTest, TurnsAreOneEventAndOneSlicePerSetOfRecipients) {
  RelayRig rig;
  for (const char* node : {kDeu, kFra, kFin, kNor}) rig.Attach(node);
  for (const char* node : {kFra, kFin, kNor}) rig->NextFrame(node, rig.now());
  ASSERT_TRUE(rig.Publish(kDeu, {Secret(1), Open(2), Secret(3), Open(4), Open(5)}));
  EXPECT_EQ(rig.Count(v1::RecordEvent::kMessageRouted), 0);
  ASSERT_EQ(rig.Count(v1::RecordEvent::kSpanRouted), 1);
  EXPECT_EQ(rig.events().back().span_routed().routes_size(), 2);
  EXPECT_THAT(Fates(rig.events()),
              ElementsAre(std::pair("DEU/brigade#7.R.1 FIN/post", "above clearance"), std::pair("DEU/brigade#7.R.1 FRA/hq", "1"),
                          std::pair("DEU/brigade#7.R.1 NOR/hq", "above clearance"), std::pair("DEU/brigade#7.R.2 FIN/post", "1"),
                          std::pair("DEU/brigade#7.R.2 FRA/hq", "2"), std::pair("DEU/brigade#7.R.2 NOR/hq", "1"),
                          std::pair("DEU/brigade#7.R.3 FIN/post", "above clearance"), std::pair("DEU/brigade#7.R.3 FRA/hq", "3"),
                          std::pair("DEU/brigade#7.R.3 NOR/hq", "above clearance"), std::pair("DEU/brigade#7.R.4 FIN/post", "2"),
                          std::pair("DEU/brigade#7.R.4 FRA/hq", "4"), std::pair("DEU/brigade#7.R.4 NOR/hq", "2"),
                          std::pair("DEU/brigade#7.R.5 FIN/post", "3"), std::pair("DEU/brigade#7.R.5 FRA/hq", "5"),
                          std::pair("DEU/brigade#7.R.5 NOR/hq", "3")));
  EXPECT_EQ(rig->counters().routed, 11U);
  EXPECT_EQ(rig->counters().withheld, 4U);
  const auto all = rig->NextFrame(kFra, rig.now());
  const auto some = rig->NextFrame(kFin, rig.now());
  const auto the_same = rig->NextFrame(kNor, rig.now());
  ASSERT_EQ(all->slices.size(), 1U);
  ASSERT_EQ(some->slices.size(), 1U);
  EXPECT_EQ(some->slices.front().view().data(), the_same->slices.front().view().data()) << "one copy for both";
  Received received;
  received.Read(some->Flatten());
  EXPECT_THAT(received.Texts(), ElementsAre("DEU/brigade#7.R.2", "DEU/brigade#7.R.4", "DEU/brigade#7.R.5"));
}

TEST(RelaySpanTest, AnotherPrecedenceInBetweenEndsNoSpan) {
  RelayRig rig;
  rig.Attach(kDeu);
  rig.Attach(kFra);
  ASSERT_TRUE(rig.Publish(kDeu, {Routine(kDeu, 1), Flash(kDeu, 1), Routine(kDeu, 2), Flash(kDeu, 2), Routine(kDeu, 3)}));
  EXPECT_EQ(rig.Count(v1::RecordEvent::kMessageRouted), 2);
  EXPECT_THAT(rig.Drain(kFra).Texts(),
              ElementsAre("DEU/brigade#7.F.1", "DEU/brigade#7.F.2", "DEU/brigade#7.R.1", "DEU/brigade#7.R.2", "DEU/brigade#7.R.3"));
}

TEST(RelaySpanTest, MoreRoutesThanOneSpanHasAreSeveralSpans) {
  constexpr std::uint64_t kNodes = RoutingSpan::kRoutes + 6;
  RelayRig rig;
  rig.Attach(kDeu);
  std::vector<v1::Envelope> envelopes;
  for (std::uint64_t i = 1; i <= kNodes; ++i) {
    const std::string node = "FRA/n" + std::to_string(i);
    v1::Hello hello = HelloOf(node);
    hello.mutable_subscriptions(0)->set_addressed_to_me(true);
    rig.Attach(hello);
    envelopes.push_back(Routine(kDeu, i));
    envelopes.back().add_addressees()->set_node(node);
  }
  ASSERT_TRUE(rig.Publish(kDeu, envelopes));
  EXPECT_EQ(rig.Count(v1::RecordEvent::kSpanRouted), 2);
  EXPECT_EQ(Fates(rig.events()).size(), kNodes);
  for (std::uint64_t i = 1; i <= kNodes; ++i) {
    EXPECT_THAT(rig.Drain("FRA/n" + std::to_string(i)).Texts(), ElementsAre("DEU/brigade#7.R." + std::to_string(i)));
  }
}

TEST(RelaySpanTest, ResumesInTheMiddleOfARun) {
  RelayRig rig;
  for (const char* node : {kDeu, kFin}) rig.Attach(node);
  ASSERT_TRUE(rig.Publish(kDeu, {Open(1), Secret(2), Open(3), Secret(4), Open(5), Open(6)}));
  EXPECT_EQ(rig.Drain(kFin).deliveries.size(), 4U);
  rig->Detach(kFin, "link down", rig.now());
  v1::Hello hello = HelloOf(kFin);
  hello.add_cursors()->set_precedence(kRoutine);
  hello.mutable_cursors(0)->set_delivery(2);
  rig.Attach(hello);
  const Received received = rig.Drain(kFin);
  EXPECT_THAT(received.Texts(), ElementsAre("DEU/brigade#7.R.5", "DEU/brigade#7.R.6"));
  EXPECT_EQ(received.deliveries[0].number, 3U);
}

TEST(RelaySpanTest, FullQueueConflatesWithinARun) {
  const std::size_t one = RecordOctets(Open(1, "a").ByteSizeLong()) + kHeldOverheadOctets;
  RelayRig rig({.queue_octets = 3 * one});
  for (const char* node : {kDeu, kFin}) rig.Attach(node);
  ASSERT_TRUE(rig.Publish(kDeu, {Open(1, "a"), Secret(2, "a"), Open(3, "b"), Secret(4, "b"), Open(5, "a"), Open(6)}));
  const Received received = rig.Drain(kFin);
  EXPECT_THAT(received.Texts(), ElementsAre("DEU/brigade#7.R.3", "DEU/brigade#7.R.5", "DEU/brigade#7.R.6"));
  EXPECT_EQ(received.deliveries[1].number, 3U);
  EXPECT_THAT(rig.Drops(), ElementsAre("DEU/brigade#7.R.1 for FIN/post: conflated by DEU/brigade#7.R.5"));
}

TEST(RelaySpanTest, ReplacedGuardTakesOutOfARunWhatItNoLongerReleases) {
  RelayRig rig;
  for (const char* node : {kDeu, kFra}) rig.Attach(node);
  ASSERT_TRUE(rig.Publish(kDeu, {Open(1), Secret(2), Open(3), Open(4), Secret(5)}));
  v1::ExercisePolicy policy = TestPolicy();
  policy.mutable_nations(1)->set_clearance("RESTRICTED");
  const PolicyGuard guard(policy);
  rig->ReplaceGuard(guard, rig.now());
  const Received received = rig.Drain(kFra);
  EXPECT_THAT(received.Texts(), ElementsAre("DEU/brigade#7.R.1", "DEU/brigade#7.R.3", "DEU/brigade#7.R.4"));
  EXPECT_EQ(received.deliveries[1].number, 3U);
  EXPECT_THAT(rig.Drops(),
              ElementsAre("DEU/brigade#7.R.2 for FRA/hq: above clearance", "DEU/brigade#7.R.5 for FRA/hq: above clearance"));
  EXPECT_EQ(rig->QueuedOctets(kFra), 0U);
}

TEST(RelaySpanTest, DroppedMessagesStayDroppedAfterARestart) {
  DurableRig rig;
  for (const char* node : {kDeu, kFin}) rig.Join(node);
  ASSERT_TRUE(rig.Publish(kDeu, {Open(1), Secret(2), Open(3), Secret(4), Open(5)}));
  rig.RecordAll();
  v1::RecordEvent drop;
  *drop.mutable_message_dropped()->mutable_id() = Open(3).id();
  drop.mutable_message_dropped()->set_node(kFin);
  rig.events().push_back(drop);
  const auto next = rig.Successor();
  next->Join(kFin);
  const Received received = next->Drain(kFin);
  EXPECT_THAT(received.Texts(), ElementsAre("DEU/brigade#7.R.1", "DEU/brigade#7.R.5"));
  EXPECT_EQ(received.deliveries[1].number, 3U);
}

TEST(RelaySpanTest, RestartSaysTheSpanThatTheEndLeftUnsaid) {
  DurableRig rig;
  for (const char* node : {kDeu, kFra, kFin}) rig.Join(node);
  ASSERT_TRUE(rig.Publish(kDeu, {Open(1), Secret(2)}));
  rig.RecordAll();
  ASSERT_TRUE(rig.Publish(kDeu, {Secret(3), Open(4), Secret(5)}));
  const std::size_t cut = rig.events().size();
  rig.RecordAll();
  const v1::SpanRouted unsaid = rig.events().back().span_routed();
  ASSERT_EQ(unsaid.route_of().size(), 3U);
  const auto next = rig.Successor(cut);
  EXPECT_EQ(next->Count(v1::RecordEvent::kSpanRouted), 1);
  EXPECT_EQ(next->events().at(1).span_routed().SerializeAsString(), unsaid.SerializeAsString());
  EXPECT_EQ(rig.Successor()->Count(v1::RecordEvent::kSpanRouted), 0) << "what was said is not said again";
}

// --- The compact form against message by message.

struct Move {
  enum class Kind { kPublish, kAcknowledge, kBreak, kReplaceGuard } kind = Kind::kPublish;
  std::vector<v1::Envelope> envelopes{};  // to publish
  std::string node{};                     // who acknowledges the half of what it has, or whose stream breaks
};

struct Outcome {
  std::map<std::string, std::vector<std::string>> deliveries;  // by node: precedence, number and message
  std::map<std::string, std::string> fates;
  std::vector<std::string> drops;
  std::map<std::string, std::vector<std::string>> after_restart;

  bool operator==(const Outcome&) const = default;
};

constexpr std::array kReceivers = {kFra, kNor, kFin};

class Play {
 public:
  explicit Play(bool one_by_one) : one_by_one_(one_by_one) {
    rig_.Join(kDeu);
    for (const char* node : kReceivers) rig_.Join(Hello(node));
  }

  void Do(const Move& move) {
    switch (move.kind) {
      case Move::Kind::kPublish:
        return Publish(move.envelopes);
      case Move::Kind::kAcknowledge:
        return AcknowledgeHalf(move.node);
      case Move::Kind::kBreak:
        rig_->Detach(move.node, "broken", rig_.now());
        return rig_.Join(Hello(move.node));
      case Move::Kind::kReplaceGuard:
        return rig_->ReplaceGuard(without_france_, rig_.now());
    }
  }

  Outcome Finish() {
    for (const char* node : kReceivers) Drain(node);
    outcome_.fates = Fates(rig_.events());
    outcome_.drops = rig_.Drops();
    const auto next = rig_.Successor();
    for (const char* node : kReceivers) {
      next->Join(Hello(node));
      Note(next->Drain(node), outcome_.after_restart[node]);
    }
    return outcome_;
  }

 private:
  // Few messages at a time, so that streams break in the middle of runs.
  static v1::Hello Hello(std::string_view node) {
    v1::Hello hello = HelloOf(node);
    hello.set_credit_octets(400);
    return hello;
  }
  void Publish(const std::vector<v1::Envelope>& envelopes) {
    if (one_by_one_) {
      for (const v1::Envelope& envelope : envelopes) RC_ASSERT(rig_.Publish(kDeu, {envelope}).has_value());
    } else {
      RC_ASSERT(rig_.Publish(kDeu, envelopes).has_value());
    }
    rig_.RecordAll();
  }
  void Drain(const std::string& node) { Note(rig_.Drain(node), outcome_.deliveries[node]); }
  void Note(const Received& received, std::vector<std::string>& texts) {
    for (const Received::Delivery& delivery : received.deliveries) {
      texts.push_back(std::to_string(delivery.precedence) + ":" + std::to_string(delivery.number) + " " +
                      ToText(delivery.envelope.id()) + " " + delivery.envelope.label().classification());
    }
  }
  void AcknowledgeHalf(const std::string& node) {
    const Received received = rig_.Drain(node);
    Note(received, outcome_.deliveries[node]);
    if (received.deliveries.empty()) return;
    const Received::Delivery& middle = received.deliveries[received.deliveries.size() / 2];
    v1::ClientFrame frame;
    frame.add_acknowledgement()->set_precedence(middle.precedence);
    frame.mutable_acknowledgement(0)->set_delivery(middle.number);
    frame.mutable_credit()->set_octets(400);
    RC_ASSERT(rig_.Send(node, frame).has_value());
  }

  static PolicyGuard WithoutFrance() {
    v1::ExercisePolicy policy = TestPolicy();
    policy.mutable_nations(1)->set_clearance("RESTRICTED");
    return PolicyGuard(policy);
  }

  const bool one_by_one_;
  const PolicyGuard without_france_ = WithoutFrance();
  DurableRig rig_;
  Outcome outcome_;
};

class Author {
 public:
  Move Next() {
    switch (*rc::gen::inRange(0, 8)) {
      case 0:
      case 1:
        return {.kind = Move::Kind::kAcknowledge, .node = *rc::gen::elementOf(kReceiverNames)};
      case 2:
        return {.kind = Move::Kind::kBreak, .node = *rc::gen::elementOf(kReceiverNames)};
      case 3:
        if (*rc::gen::inRange(0, 4) == 0) return {.kind = Move::Kind::kReplaceGuard};
        [[fallthrough]];
      default:
        return {.kind = Move::Kind::kPublish, .envelopes = Frame()};
    }
  }

 private:
  std::vector<v1::Envelope> Frame() {
    std::vector<v1::Envelope> envelopes;
    const int count = *rc::gen::inRange(1, 20);
    for (int i = 0; i < count; ++i) {
      const auto precedence = *rc::gen::element(kRoutine, kRoutine, v1::PRECEDENCE_IMMEDIATE, kFlash);
      const std::uint64_t skipped = *rc::gen::inRange(0, 12) == 0 ? 1U : 0U;
      const std::uint64_t sequence = sequences_[precedence] += 1 + skipped;
      envelopes.push_back(Labelled(TestTrack(kDeu, kIncarnation, precedence, sequence),
                                   *rc::gen::element<std::string>("UNCLASSIFIED", "RESTRICTED", "SECRET")));
    }
    return envelopes;
  }

  const std::vector<std::string> kReceiverNames{kReceivers.begin(), kReceivers.end()};
  std::map<v1::Precedence, std::uint64_t> sequences_;
};

TEST(RelaySpanPropertyTest, SameDeliveriesAndFatesAsMessageByMessage) {
  EXPECT_TRUE(rc::check([] {
    Author author;
    Play frame_by_frame(false);
    Play message_by_message(true);
    const int moves = *rc::gen::inRange(1, 25);
    for (int i = 0; i < moves; ++i) {
      const Move move = author.Next();
      frame_by_frame.Do(move);
      message_by_message.Do(move);
    }
    RC_ASSERT(frame_by_frame.Finish() == message_by_message.Finish());
  }));
}

}  // namespace
}  // namespace entente::broker
