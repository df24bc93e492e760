// SPDX-License-Identifier: Apache-2.0
// An attached node that lies: about who it is, what it sent, what it got, and what a frame is.

#include <gmock/gmock.h>

#include <limits>

#include "tests/hostile/hostile_fixture.h"

namespace entente::hostile {
namespace {

using broker::Refusal;
using ::testing::HasSubstr;

constexpr v1::Precedence kRoutine = v1::PRECEDENCE_ROUTINE;
constexpr v1::Precedence kFlash = v1::PRECEDENCE_FLASH;
constexpr std::uint64_t kHuge = std::numeric_limits<std::uint64_t>::max();

class LyingNodeTest : public HostileTest {
 protected:
  void SetUp() override {
    HostileTest::SetUp();
    liar_ = std::make_unique<LyingClient>(server_->endpoint());
    ASSERT_TRUE(liar_->Attach("NOR/liar"));
  }
  void TearDown() override {
    HostileTest::TearDown();
    liar_.reset();
  }

  // What the receipt says against the one message in this frame.
  std::string RefusalOf(const v1::ClientFrame& frame) {
    EXPECT_TRUE(liar_->Write(frame));
    const auto reply = liar_->Read();
    return reply && reply->receipt_size() == 1 ? reply->receipt(0).refused() : "no receipt";
  }
  std::size_t HeardBy(TestNode& node, const std::string& start) {
    const auto deliveries = node.Copy(&TestNode::deliveries_);
    return static_cast<std::size_t>(
        std::ranges::count_if(deliveries, [&](const std::string& id) { return id.starts_with(start); }));
  }

  std::unique_ptr<LyingClient> liar_;
};

TEST_F(LyingNodeTest, SpeaksForNobodyElse) {
  EXPECT_EQ(RefusalOf(FrameOf(TestTrack("DEU/honest", 7, kFlash, 1'000'000))), Text(Refusal::kNotOwnOrigin));
  EXPECT_EQ(RefusalOf(FrameOf(TestTrack("NOR/liar", 8, kFlash, 1))), Text(Refusal::kOtherIncarnation));
  EXPECT_TRUE(AwaitMessageRefused("NOR/liar", Refusal::kNotOwnOrigin));
  HonestNodesAreServed();
  EXPECT_EQ(HeardBy(*receiver_, "DEU/honest#7.F"), 0U);
  EXPECT_EQ(OfRelay([](broker::Relay& relay) { return relay.counters().refused; }), 2U);
}

TEST_F(LyingNodeTest, ReplaysAndDecreasingSequencesAreTakenOnce) {
  for (int i = 0; i < 500; ++i) {
    v1::ClientFrame frame;
    for (const std::uint64_t sequence : {5U, 3U, 5U, 4U, 1U}) {
      frame.add_envelope(TestTrack("NOR/liar", 7, kRoutine, sequence).SerializeAsString());
    }
    ASSERT_TRUE(liar_->Write(frame));
  }
  ASSERT_TRUE(liar_->Write(FrameOf(TestTrack("NOR/liar", 7, kFlash, kHuge))));
  ASSERT_TRUE(liar_->Write(FrameOf(TestTrack("NOR/liar", 7, kFlash, 1))));
  EXPECT_TRUE(
      receiver_->Await([&] { return std::ranges::count(receiver_->deliveries_, "NOR/liar#7.F.18446744073709551615") == 1; }));
  HonestNodesAreServed();
  EXPECT_EQ(HeardBy(*receiver_, "NOR/liar#7.R"), 1U);
  EXPECT_EQ(HeardBy(*receiver_, "NOR/liar#7.F"), 1U);
  EXPECT_GE(OfRelay([](broker::Relay& relay) { return relay.counters().duplicates; }), 2499U);
}

TEST_F(LyingNodeTest, ForgedAcknowledgementEndsItsStream) {
  v1::ClientFrame frame;
  v1::Acknowledgement& forged = *frame.add_acknowledgement();
  forged.set_precedence(kFlash);
  forged.set_delivery(kHuge);
  ASSERT_TRUE(liar_->Write(frame));
  EXPECT_THAT(liar_->Goodbye(), HasSubstr("acknowledges delivery 18446744073709551615, which was never sent"));
  EXPECT_TRUE(AwaitDetached("NOR/liar", "which was never sent"));
}

TEST_F(LyingNodeTest, ForgedCursorStartsFromThePicture) {
  liar_.reset();
  ASSERT_TRUE(AwaitDetached("NOR/liar", ""));
  LyingClient again(server_->endpoint());
  v1::ClientFrame hello = HelloOf("NOR/liar");
  v1::Cursor& forged = *hello.mutable_hello()->add_cursors();
  forged.set_precedence(kRoutine);
  forged.set_delivery(kHuge);
  ASSERT_TRUE(again.Write(hello));
  const auto welcome = again.Read();
  ASSERT_TRUE(welcome && welcome->has_welcome());
  EXPECT_FALSE(welcome->welcome().resumed());
}

TEST_F(LyingNodeTest, CreditWithoutEndIsNoMoreThanCredit) {
  v1::ClientFrame frame;
  frame.mutable_credit()->set_octets(kHuge);
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(liar_->Write(frame));
  v1::ClientFrame probe;
  probe.mutable_clock_probe()->set_t1_ns(1);
  ASSERT_TRUE(liar_->Write(probe));
  const auto reply = liar_->Read();
  EXPECT_TRUE(reply && reply->has_clock_probe());
}

TEST_F(LyingNodeTest, SecondHelloEndsItsStream) {
  ASSERT_TRUE(liar_->Write(HelloOf("DEU/honest")));
  EXPECT_THAT(liar_->Goodbye(), HasSubstr("a second hello on one stream"));
  EXPECT_TRUE(AwaitDetached("NOR/liar", "a second hello"));
}

TEST_F(LyingNodeTest, WhoNeverReadsWaitsAloneAndWithinItsQueue) {
  constexpr std::uint64_t kMessages = 3000;
  v1::ClientFrame generous;
  generous.mutable_credit()->set_octets(kHuge);
  ASSERT_TRUE(liar_->Write(generous));
  TestNode talker(server_->endpoint(), "DEU/talker");
  ASSERT_TRUE(talker.AwaitWelcome());
  const std::string padding(2000, 'x');
  for (std::uint64_t sequence = 1; sequence <= kMessages; ++sequence) {
    v1::Envelope envelope = TestTrack("DEU/talker", 7, kRoutine, sequence);
    envelope.set_conversation_id(padding);
    talker.PublishOctets(envelope.id(), broker::testing::Octets(envelope));
    if (sequence % 500 == 0) {
      ASSERT_TRUE(talker.AwaitReceipts(sequence)) << "a deaf node made the sender wait";
    }
  }
  EXPECT_LE(OfRelay([](broker::Relay& relay) { return relay.QueuedOctets("NOR/liar"); }), kQueueOctets);
  const auto dropped_for_liar = [](const v1::RecordEvent& event) { return event.message_dropped().node() == "NOR/liar"; };
  EXPECT_GT(CountRecorded(dropped_for_liar), 0U) << "what does not fit must have its reason";
}

// Octets that no honest client writes, after the hello; how the goodbye names them.
struct Garbage {
  const char* name;
  std::string octets;
  const char* reason;
};
void PrintTo(const Garbage& garbage, std::ostream* out) {
  *out << garbage.name;
}

std::string Repeat(std::string_view piece, std::size_t times) {
  std::string octets;
  for (std::size_t i = 0; i < times; ++i) octets += piece;
  return octets;
}

std::vector<Garbage> GarbageFrames() {
  using namespace std::string_literals;
  return {
      {"TruncatedVarint", "\x0A\xFF\xFF"s, "framing broken"},
      {"EndlessVarint", Repeat("\xFF", 64), "framing broken"},
      {"EnvelopeLongerThanItsFrame", "\x0A\x7Fx"s, "framing broken"},
      {"EnvelopeOfAllTheMemoryThereIs", "\x0A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7Fx"s, "framing broken"},
      {"EnvelopeThatIsANumber", "\x08\x01"s, "an envelope that is not octets"},
      {"FieldZero", "\x02\x00"s, "framing broken"},
      {"GroupsWithinGroups", Repeat("\x7B", 10'000), "framing broken"},
      {"MoreFieldsThanAFrameHas", Repeat("\x0A\x00"s, 20'000), "more than 16384 fields"},
      {"HelloInsideOut", "\x12\x05\x12\x7Fx\x12\x00"s, "cannot be parsed"},
      {"FrameOverTheLimit", Repeat("\x0A\x80\x80\x04"s + std::string(65'536, 'x'), 64), "where 4194304 is the limit"},
  };
}

class LyingFrameTest : public LyingNodeTest, public ::testing::WithParamInterface<Garbage> {};

TEST_P(LyingFrameTest, EndsItsStreamWithTheReason) {
  ASSERT_TRUE(liar_->Write(GetParam().octets));
  EXPECT_THAT(liar_->Goodbye(), HasSubstr(GetParam().reason));
  EXPECT_TRUE(AwaitDetached("NOR/liar", GetParam().reason));
}

INSTANTIATE_TEST_SUITE_P(Garbage, LyingFrameTest, ::testing::ValuesIn(GarbageFrames()),
                         [](const auto& test) { return std::string(test.param.name); });

// gRPC itself refuses what is larger than any frame may be.
TEST_F(LyingNodeTest, FrameThatGrpcRefusesEndsItsStreamAlone) {
  liar_->Write(std::string(16UL * 1024 * 1024, 'x'));
  EXPECT_EQ(liar_->Status().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(AwaitDetached("NOR/liar", ""));
}

// Envelopes that the walk refuses, one by one; the stream goes on.
TEST_F(LyingNodeTest, BrokenEnvelopesAreRefusedOneByOneAndTheStreamGoesOn) {
  using namespace std::string_literals;
  const auto refusal_of = [&](const std::string& envelope) {
    v1::ClientFrame frame;
    frame.add_envelope(envelope);
    return RefusalOf(frame);
  };
  const std::string sound = TestTrack("NOR/liar", 7, kRoutine, 1).SerializeAsString();
  EXPECT_EQ(refusal_of(""), Text(Refusal::kNoId));
  EXPECT_EQ(refusal_of("\x0A\x05x"s), Text(Refusal::kBrokenFraming));
  EXPECT_EQ(refusal_of(sound + sound), Text(Refusal::kFieldOrder)) << "a second id, which a parser would merge into the first";
  EXPECT_EQ(refusal_of(sound.substr(0, sound.size() - 1)), Text(Refusal::kBrokenFraming));
  EXPECT_EQ(refusal_of(sound + std::string("\xC2\x01\x80\x80\x40", 5) + std::string(1024 * 1024, 'x')), Text(Refusal::kTooLarge));
  EXPECT_EQ(RefusalOf(FrameOf(TestTrack("NOR/liar", 7, kRoutine, 2))), "") << "and an honest one is taken";
}

}  // namespace
}  // namespace entente::hostile
