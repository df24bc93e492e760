// SPDX-License-Identifier: Apache-2.0
#include "broker/record/event_batch.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "broker/record/frame.h"

namespace entente::record {
namespace {

AcceptedMessage AnyMessage(const std::string& origin, const Bytes& envelope) {
  return {.utc_ns = *rc::gen::arbitrary<std::int64_t>(),
          .origin = origin,
          .incarnation = *rc::gen::arbitrary<std::uint64_t>(),
          .precedence = static_cast<v1::Precedence>(*rc::gen::inRange(0, 5)),
          .sequence = *rc::gen::arbitrary<std::uint64_t>(),
          .envelope = envelope};
}

TEST(EventBatch, WritesAcceptedMessagesAsProtobufWould) {
  EXPECT_TRUE(rc::check([] {
    const auto text = [] { return *rc::gen::container<std::string>(rc::gen::inRange<char>('a', 'z')); };
    const std::string origin = text();
    const std::string writer = text();
    const Bytes envelope(*rc::gen::element<std::size_t>(0, 1, 127, 128, 198, 20'000), 0xE5);
    const AcceptedMessage message = AnyMessage(origin, envelope);
    EventBatch batch;
    batch.Add(message, writer);
    v1::RecordEvent event = ToEvent(message);
    event.set_writer(writer);
    RC_ASSERT(ToBytes(batch.octets()) == EncodeEvents(std::vector{event}));
  }));
}

TEST(EventBatch, WritesRoutedRunsAsProtobufWould) {
  EXPECT_TRUE(rc::check([] {
    std::vector<RoutedNode> decisions(*rc::gen::inRange<std::size_t>(0, 40));
    for (RoutedNode& decision : decisions) {
      decision.node = *rc::gen::element("", "FRA/hq", "NOR/post");
      decision.released = *rc::gen::arbitrary<bool>();
      decision.reason = *rc::gen::element("", "above clearance");
      decision.first_delivery = *rc::gen::arbitrary<std::uint64_t>();
    }
    const RoutedRun run{.utc_ns = *rc::gen::arbitrary<std::int64_t>(),
                        .origin = *rc::gen::element("", "DEU/brigade"),
                        .incarnation = *rc::gen::arbitrary<std::uint64_t>(),
                        .precedence = static_cast<v1::Precedence>(*rc::gen::inRange(0, 5)),
                        .first_sequence = *rc::gen::arbitrary<std::uint64_t>(),
                        .count = *rc::gen::arbitrary<std::uint64_t>(),
                        .decisions = decisions};
    EventBatch batch;
    batch.Add(run, "broker");
    v1::RecordEvent event = ToEvent(run);
    event.set_writer("broker");
    RC_ASSERT(ToBytes(batch.octets()) == EncodeEvents(std::vector{event}));
  }));
}

TEST(EventBatch, JoinsAndTakesApart) {
  v1::RecordEvent ended;
  ended.mutable_run_ended()->set_reason("ENDEX");
  EventBatch batch(std::vector{ended});
  EventBatch later;
  later.Add(AcceptedMessage{.utc_ns = 5, .origin = "DEU/brigade", .envelope = {}}, "broker");
  batch.Add(later);
  EXPECT_EQ(batch.events(), 2U);
  ByteView rest = batch.octets();
  EXPECT_EQ(ToBytes(TakeEventOctets(rest)), EncodeEvents(std::vector{ended}));
  EXPECT_EQ(ToBytes(rest), ToBytes(later.octets()));
  EXPECT_EQ(TakeEventOctets(rest).size(), later.octets().size());
  EXPECT_TRUE(rest.empty());
}

}  // namespace
}  // namespace entente::record
