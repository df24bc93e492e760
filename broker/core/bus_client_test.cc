// SPDX-License-Identifier: Apache-2.0
#include "broker/core/bus_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/core/relay_rig_test.h"

namespace entente::broker {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr auto kDeu = "DEU/brigade";

class Log : public BusClientSink {
 public:
  void OnWelcome(const v1::Welcome& welcome, Now) override { lines.push_back(welcome.resumed() ? "resumed" : "welcome"); }
  void OnDelivery(v1::Precedence, std::uint64_t delivery, ByteView envelope, Now) override {
    lines.push_back("delivery " + std::to_string(delivery) + " " + ToText(envelope));
  }
  void OnReceipt(v1::Precedence, std::uint64_t sequence, std::string_view refused) override {
    lines.push_back("receipt " + std::to_string(sequence) + (refused.empty() ? "" : " " + std::string(refused)));
  }
  void OnGoodbye(std::string_view reason) override { lines.push_back("goodbye " + std::string(reason)); }
  void OnWritable() override { lines.push_back("writable"); }

  std::vector<std::string> lines;
};

class BusClientTest : public ::testing::Test {
 protected:
  static v1::MessageId Id(std::uint64_t sequence, v1::Precedence precedence = kRoutine) {
    return TestTrack(kDeu, kIncarnation, precedence, sequence).id();
  }
  bool Publish(std::uint64_t sequence, std::string_view octets, v1::Precedence precedence = kRoutine) {
    return client_.Publish(Id(sequence, precedence), Share(ToBytes(octets)));
  }
  v1::ClientFrame Next() {
    v1::ClientFrame frame;
    const auto octets = client_.NextFrame(now_);
    EXPECT_TRUE(octets.has_value());
    if (octets) {
      EXPECT_TRUE(frame.ParseFromArray(octets->data(), static_cast<int>(octets->size())));
    }
    return frame;
  }
  Status Hear(const v1::BrokerFrame& frame) { return client_.OnFrame(Octets(frame), now_); }
  void Connect(const v1::Welcome& welcome) {
    client_.OnConnected(now_);
    Next();
    v1::BrokerFrame frame;
    *frame.mutable_welcome() = welcome;
    ASSERT_TRUE(Hear(frame));
  }
  static v1::Welcome Plain(bool resumed = false) {
    v1::Welcome welcome;
    welcome.set_version(1);
    welcome.set_resumed(resumed);
    return welcome;
  }
  Status Deliver(std::uint64_t first, std::initializer_list<const char*> envelopes) {
    v1::BrokerFrame frame;
    frame.set_precedence(kRoutine);
    frame.set_first_delivery(first);
    for (const char* envelope : envelopes) frame.add_envelope(envelope);
    return Hear(frame);
  }
  Status Receive(std::uint64_t sequence, const char* refused = "") {
    v1::BrokerFrame frame;
    v1::Receipt& receipt = *frame.add_receipt();
    receipt.set_precedence(kRoutine);
    receipt.set_sequence(sequence);
    receipt.set_refused(refused);
    return Hear(frame);
  }

  Now now_{};
  Log log_;
  BusClient client_{{.node = kDeu,
                     .incarnation = kIncarnation,
                     .subscriptions = {v1::Subscription()},
                     .credit_octets = 1000,
                     .limits = {.outstanding_messages = 4, .event_octets = 40, .frame_envelopes = 2}},
                    log_};
};

TEST_F(BusClientTest, SaysHelloFirstAndNothingElseBeforeTheWelcome) {
  EXPECT_FALSE(client_.NextFrame(now_));
  client_.OnConnected(now_);
  EXPECT_TRUE(Publish(1, "a"));
  const v1::ClientFrame hello = Next();
  EXPECT_EQ(hello.hello().node(), kDeu);
  EXPECT_EQ(hello.hello().incarnation(), kIncarnation);
  EXPECT_EQ(hello.hello().credit_octets(), 1000U);
  EXPECT_EQ(hello.hello().cursors_size(), 0);
  EXPECT_EQ(hello.envelope_size(), 0);
  EXPECT_FALSE(client_.NextFrame(now_));
}

TEST_F(BusClientTest, BatchesWhatPiledUpHighestPrecedenceFirst) {
  Connect(Plain());
  Publish(1, "r1");
  Publish(2, "r2");
  Publish(1, "f1", kFlash);
  EXPECT_THAT(Next().envelope(), ElementsAre("f1", "r1"));
  EXPECT_THAT(Next().envelope(), ElementsAre("r2"));
  EXPECT_FALSE(client_.NextFrame(now_));
}

TEST_F(BusClientTest, BoundsWhatHasNoReceiptAndSaysWhenItIsWritableAgain) {
  Connect(Plain());
  for (std::uint64_t i = 1; i <= 4; ++i) EXPECT_TRUE(Publish(i, "x"));
  EXPECT_FALSE(Publish(5, "x"));
  log_.lines.clear();
  ASSERT_TRUE(Receive(2));
  EXPECT_THAT(log_.lines, ElementsAre("receipt 1", "receipt 2", "writable"));
  EXPECT_TRUE(Publish(5, "x"));
  EXPECT_EQ(client_.outstanding(), 3U);
}

TEST_F(BusClientTest, RefusalConcernsExactlyOneMessage) {
  Connect(Plain());
  for (std::uint64_t i = 1; i <= 3; ++i) Publish(i, "x");
  log_.lines.clear();
  ASSERT_TRUE(Receive(2, "no family"));
  ASSERT_TRUE(Receive(2, "no family"));
  EXPECT_THAT(log_.lines, ElementsAre("receipt 2 no family"));
  EXPECT_EQ(client_.outstanding(), 2U);
}

TEST_F(BusClientTest, SendsAgainAfterAReconnectWhatHasNoReceipt) {
  Connect(Plain());
  Publish(1, "r1");
  Publish(2, "r2");
  Next();
  client_.OnDisconnected("reset", now_);
  Publish(3, "r3");
  v1::Welcome welcome = Plain(true);
  welcome.add_published()->set_precedence(kRoutine);
  welcome.mutable_published(0)->set_sequence(1);
  log_.lines.clear();
  Connect(welcome);
  EXPECT_THAT(log_.lines, ElementsAre("receipt 1", "resumed"));
  EXPECT_THAT(Next().envelope(), ElementsAre("r2", "r3"));
}

TEST_F(BusClientTest, RefusalInTheWelcomeFrameCountsBeforeItsSummary) {
  Connect(Plain());
  Publish(1, "r1");
  Publish(2, "r2");
  Next();
  client_.OnDisconnected("reset", now_);
  client_.OnConnected(now_);
  Next();
  v1::BrokerFrame frame;
  *frame.mutable_welcome() = Plain(true);
  frame.mutable_welcome()->add_published()->set_precedence(kRoutine);
  frame.mutable_welcome()->mutable_published(0)->set_sequence(2);
  v1::Receipt& refused = *frame.add_receipt();
  refused.set_precedence(kRoutine);
  refused.set_sequence(1);
  refused.set_refused("no family");
  log_.lines.clear();
  ASSERT_TRUE(Hear(frame));
  EXPECT_THAT(log_.lines, ElementsAre("receipt 1 no family", "receipt 2", "resumed"));
}

TEST_F(BusClientTest, AcknowledgementGivesCreditBack) {
  Connect(Plain());
  ASSERT_TRUE(Deliver(1, {"aaaa", "bbbb"}));
  EXPECT_FALSE(client_.NextFrame(now_));
  client_.Acknowledge(kRoutine, 1);
  client_.Acknowledge(kRoutine, 2);
  const v1::ClientFrame frame = Next();
  ASSERT_EQ(frame.acknowledgement_size(), 1);
  EXPECT_EQ(frame.acknowledgement(0).delivery(), 2U);
  EXPECT_EQ(frame.credit().octets(), 2 * RecordOctets(4));
}

TEST_F(BusClientTest, ResumesBehindWhatItAcknowledgedWithTheCreditThatIsLeft) {
  Connect(Plain());
  ASSERT_TRUE(Deliver(1, {"aaaa", "bbbb", "cccc"}));
  client_.Acknowledge(kRoutine, 1);
  client_.OnDisconnected("reset", now_);
  client_.OnConnected(now_);
  const v1::ClientFrame hello = Next();
  ASSERT_EQ(hello.hello().cursors_size(), 4);
  EXPECT_EQ(hello.hello().cursors(0).precedence(), kRoutine);
  EXPECT_EQ(hello.hello().cursors(0).delivery(), 1U) << "what is in hand only would be lost with this process";
  EXPECT_EQ(hello.hello().credit_octets(), 1000 - 2 * RecordOctets(4));
}

TEST_F(BusClientTest, FiltersDeliveriesRepeatedAfterAResume) {
  Connect(Plain());
  ASSERT_TRUE(Deliver(1, {"a", "b"}));
  client_.OnDisconnected("reset", now_);
  Connect(Plain(true));
  log_.lines.clear();
  ASSERT_TRUE(Deliver(2, {"b", "c"}));
  EXPECT_THAT(log_.lines, ElementsAre("delivery 3 c"));
  EXPECT_EQ(client_.duplicates(), 1U);
  EXPECT_EQ(Next().credit().octets(), RecordOctets(1));
}

TEST_F(BusClientTest, AnotherBrokersNumbersStartAfresh) {
  Connect(Plain());
  ASSERT_TRUE(Deliver(10, {"a"}));
  client_.OnDisconnected("reset", now_);
  Connect(Plain(false));
  EXPECT_EQ(Next().credit().octets(), RecordOctets(1));
  log_.lines.clear();
  ASSERT_TRUE(Deliver(1, {"b"}));
  EXPECT_THAT(log_.lines, ElementsAre("delivery 1 b"));
}

TEST_F(BusClientTest, RecordEventsAreBoundedAndTheLossIsCounted) {
  Connect(Plain());
  v1::RecordEvent event;
  event.set_writer(std::string(20, 'w'));
  EXPECT_TRUE(client_.AppendEvent(event));
  EXPECT_FALSE(client_.AppendEvent(event));
  EXPECT_EQ(client_.events_lost(), 1U);
  EXPECT_THAT(Next().record_event(), ElementsAre(event.SerializeAsString()));
  EXPECT_TRUE(client_.AppendEvent(event));
}

TEST_F(BusClientTest, LeavesOnceEverythingWasSent) {
  Connect(Plain());
  for (std::uint64_t i = 1; i <= 3; ++i) Publish(i, "x");
  client_.Leave("ENDEX");
  EXPECT_FALSE(Next().has_leave());
  const v1::ClientFrame last = Next();
  EXPECT_EQ(last.envelope_size(), 1);
  EXPECT_EQ(last.leave().reason(), "ENDEX");
  EXPECT_FALSE(client_.NextFrame(now_));
}

TEST_F(BusClientTest, TellsGoodbye) {
  client_.OnConnected(now_);
  Next();
  ASSERT_TRUE(client_.OnFrame(GoodbyeFrame("not welcome"), now_));
  EXPECT_THAT(log_.lines, ElementsAre("goodbye not welcome"));
}

TEST_F(BusClientTest, BrokenFramesAreErrors) {
  EXPECT_FALSE(client_.OnFrame(GoodbyeFrame("early"), now_));
  client_.OnConnected(now_);
  Next();
  EXPECT_THAT(Deliver(1, {"a"}).error().Text(), HasSubstr("no welcome"));
  v1::BrokerFrame frame;
  *frame.mutable_welcome() = Plain();
  frame.mutable_welcome()->set_version(9);
  EXPECT_EQ(Hear(frame).error().code, ErrorCode::kUnsupported);
  frame.mutable_welcome()->set_version(1);
  ASSERT_TRUE(Hear(frame));
  EXPECT_FALSE(Hear(frame));
  EXPECT_FALSE(Deliver(0, {"a"}));
  EXPECT_FALSE(client_.OnFrame(AsBytes("\x0A\x7F"), now_));
}

TEST_F(BusClientTest, AcknowledgementsMayWaitForOthersButNotTooLong) {
  constexpr auto kWithin = std::chrono::milliseconds(5);
  BusClient patient({.node = kDeu, .incarnation = kIncarnation, .credit_octets = 1000, .acknowledge_within = kWithin}, log_);
  now_.instant += std::chrono::seconds(1);
  patient.OnConnected(now_);
  EXPECT_TRUE(patient.NextFrame(now_));
  v1::BrokerFrame frame;
  *frame.mutable_welcome() = Plain();
  frame.set_precedence(kRoutine);
  frame.set_first_delivery(1);
  for (const char* envelope : {"a", "b", "c"}) frame.add_envelope(envelope);
  ASSERT_TRUE(patient.OnFrame(Octets(frame), now_));
  EXPECT_FALSE(patient.NextDeadline());
  patient.Acknowledge(kRoutine, 1);
  EXPECT_TRUE(patient.NextFrame(now_)) << "the first goes at once";
  patient.Acknowledge(kRoutine, 2);
  patient.Acknowledge(kRoutine, 3);
  EXPECT_FALSE(patient.NextFrame(now_));
  EXPECT_EQ(patient.NextDeadline(), now_.instant + kWithin);
  now_.instant += kWithin;
  const auto later = patient.NextFrame(now_);
  ASSERT_TRUE(later.has_value());
  v1::ClientFrame acknowledging;
  ASSERT_TRUE(acknowledging.ParseFromArray(later->data(), static_cast<int>(later->size())));
  ASSERT_EQ(acknowledging.acknowledgement_size(), 1);
  EXPECT_EQ(acknowledging.acknowledgement(0).delivery(), 3U);
}

TEST_F(BusClientTest, AQuarterOfTheCreditGoesBackAtOnce) {
  BusClient patient({.node = kDeu, .incarnation = kIncarnation, .credit_octets = 1000, .acknowledge_within = std::chrono::hours(1)},
                    log_);
  now_.instant += std::chrono::hours(2);
  patient.OnConnected(now_);
  EXPECT_TRUE(patient.NextFrame(now_));
  v1::BrokerFrame frame;
  *frame.mutable_welcome() = Plain();
  frame.set_precedence(kRoutine);
  frame.set_first_delivery(1);
  frame.add_envelope("a");
  frame.add_envelope(std::string(250, 'b'));
  ASSERT_TRUE(patient.OnFrame(Octets(frame), now_));
  patient.Acknowledge(kRoutine, 1);
  EXPECT_TRUE(patient.NextFrame(now_)) << "the first goes at once";
  patient.Acknowledge(kRoutine, 2);
  EXPECT_TRUE(patient.NextFrame(now_));
}

}  // namespace
}  // namespace entente::broker
