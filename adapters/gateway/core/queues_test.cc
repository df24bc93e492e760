// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "adapters/gateway/core/acknowledgements.h"
#include "adapters/gateway/core/delivered_messages.h"
#include "adapters/gateway/core/object_names.h"
#include "adapters/gateway/core/test/line_protocol.h"
#include "adapters/gateway/core/waiting_queue.h"

namespace entente::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

WaitingDelivery Waiting(std::uint64_t delivery, std::string track = {}, v1::Precedence precedence = v1::PRECEDENCE_ROUTINE) {
  return {delivery, {"FRA/hq", 1, precedence, delivery}, std::move(track), Bytes(744)};
}

struct WaitingQueueTest : ::testing::Test {
  WaitingQueue queue{4100};  // four of about 1,010 octets
  std::vector<std::string> given_up;
  WaitingQueue::OnGivenUp say = [this](const WaitingDelivery& waiting, const std::string& reason) {
    given_up.push_back(std::to_string(waiting.delivery) + ": " + reason);
  };
  std::vector<std::uint64_t> TakeAll() {
    std::vector<std::uint64_t> taken;
    while (const auto first = queue.TakeFirst()) taken.push_back(first->delivery);
    return taken;
  }
};

TEST_F(WaitingQueueTest, KeepsEveryTrackWhileThereIsRoom) {
  for (std::uint64_t i = 1; i <= 3; ++i) queue.PutLast(Waiting(i, "tank"), say);
  EXPECT_THAT(TakeAll(), ElementsAre(1, 2, 3));
  EXPECT_THAT(given_up, IsEmpty());
  EXPECT_EQ(queue.octets(), 0U);
}

TEST_F(WaitingQueueTest, ConflatesTracksToTheLastPerObjectWhenFull) {
  queue.PutLast(Waiting(1, "tank"), say);
  queue.PutLast(Waiting(2, "ship"), say);
  queue.PutLast(Waiting(3, "tank"), say);
  queue.PutLast(Waiting(4), say);
  queue.PutLast(Waiting(5, "tank"), say);
  queue.PutLast(Waiting(6, "ship"), say);
  EXPECT_THAT(given_up, ElementsAre("1: conflated by FRA/hq#1.R.3", "3: conflated by FRA/hq#1.R.5"));
  EXPECT_THAT(TakeAll(), ElementsAre(2, 4, 5, 6));
}

TEST_F(WaitingQueueTest, DropsTheOldestOfTheLowestPrecedenceWhenNothingConflates) {
  queue.PutLast(Waiting(1, {}, v1::PRECEDENCE_FLASH), say);
  queue.PutLast(Waiting(1), say);
  queue.PutLast(Waiting(2), say);
  queue.PutLast(Waiting(2, {}, v1::PRECEDENCE_FLASH), say);
  queue.PutLast(Waiting(3, {}, v1::PRECEDENCE_FLASH), say);
  EXPECT_THAT(given_up, ElementsAre("1: queue full"));
  EXPECT_THAT(TakeAll(), ElementsAre(1, 2, 3, 2));
}

TEST_F(WaitingQueueTest, PutsBackBeforeAllOthersAndConflatesItWithALaterOne) {
  queue.PutLast(Waiting(2, "tank"), say);
  queue.PutFirst(Waiting(1, "tank"), say);
  queue.PutLast(Waiting(3), say);
  queue.PutLast(Waiting(4), say);
  queue.PutLast(Waiting(5), say);
  EXPECT_THAT(given_up, ElementsAre("1: conflated by FRA/hq#1.R.2"));
  EXPECT_THAT(TakeAll(), ElementsAre(2, 3, 4, 5));
}

TEST_F(WaitingQueueTest, ForgetsATakenTrackSoThatALaterOneConflatesNothing) {
  queue.PutLast(Waiting(1, "tank"), say);
  EXPECT_EQ(queue.TakeFirst()->delivery, 1U);
  for (std::uint64_t i = 2; i <= 6; ++i) queue.PutLast(Waiting(i, "tank" + std::to_string(i)), say);
  EXPECT_THAT(given_up, ElementsAre("2: queue full"));
}

TEST(AcknowledgementsTest, AcknowledgesOnlyWhatHasNoGapBefore) {
  Acknowledgements acknowledgements;
  for (std::uint64_t i = 5; i <= 8; ++i) EXPECT_EQ(acknowledgements.Expect(i), Acknowledgements::Arrival::kNew);
  EXPECT_EQ(acknowledgements.Decide(6), std::nullopt);
  EXPECT_EQ(acknowledgements.Decide(5), 6U);
  EXPECT_EQ(acknowledgements.Decide(8), std::nullopt);
  EXPECT_EQ(acknowledgements.Expect(7), Acknowledgements::Arrival::kUndecidedRepeat);
  EXPECT_EQ(acknowledgements.Expect(8), Acknowledgements::Arrival::kDecidedRepeat);
  EXPECT_EQ(acknowledgements.Decide(7), 8U);
  EXPECT_EQ(acknowledgements.Decide(7), std::nullopt);
  EXPECT_EQ(acknowledgements.open(), 0U);
}

TEST(ObjectNamesTest, ForgetsTheLongestUnused) {
  ObjectNames names(2);
  names.Remember("a");
  names.Remember("b");
  names.Remember("a");
  names.Remember("c");
  EXPECT_TRUE(names.Knows("a"));
  EXPECT_FALSE(names.Knows("b"));
  EXPECT_TRUE(names.Knows("c"));
}

// Of an object with this id.
std::string Track(const std::string& object, std::uint64_t sequence) {
  v1::Envelope message = test::TrackEnvelope(object, 1);
  message.mutable_id()->set_sequence(sequence);
  return message.SerializeAsString();
}

struct DeliveredMessagesTest : ::testing::Test {
  std::shared_ptr<Rendering> Encode(DeliveredMessages& messages, DeliveredMessage& message) {
    return messages.Encode(message, *test::LineProtocol().codec, "plain", {"plain", options, ids});
  }
  adapter::NodeOptions options = adapter::NodeOptions::Defaults(test::LineProtocol().node_options);
  adapter::HashedObjectIds ids;
};

TEST_F(DeliveredMessagesTest, ParsesAndEncodesTheSameOctetsOnce) {
  DeliveredMessages messages;
  const std::string octets = Track("object", 1);
  const auto first = messages.Take(AsBytes(octets));
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->envelope().object_id(), "object");
  EXPECT_EQ(messages.Take(AsBytes(std::string(octets))), first);
  EXPECT_NE(messages.Take(AsBytes(Track("object", 2))), first);
  EXPECT_EQ(Encode(messages, *first), Encode(messages, *first));
  EXPECT_EQ(messages.Take(AsBytes("no envelope")), nullptr);
  EXPECT_EQ(messages.size(), 2U);
}

TEST_F(DeliveredMessagesTest, StaysWithinMessagesAndOctets) {
  DeliveredMessages messages(3, 400);
  for (std::uint64_t i = 1; i <= 10; ++i) {
    const auto message = messages.Take(AsBytes(Track("object", i)));
    EXPECT_TRUE(Encode(messages, *message)->encoded());
    EXPECT_LE(messages.size(), 3U);
    EXPECT_LE(messages.octets(), 400U);
    EXPECT_GT(messages.size(), 0U);
  }
  const auto large = messages.Take(AsBytes(Track(std::string(500, 'x'), 11)));
  ASSERT_NE(large, nullptr) << "larger than the limit: given, not kept";
  EXPECT_EQ(messages.size(), 0U);
  EXPECT_TRUE(Encode(messages, *large)->encoded());
  EXPECT_EQ(messages.octets(), 0U);
}

}  // namespace
}  // namespace entente::gateway
