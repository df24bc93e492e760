// SPDX-License-Identifier: Apache-2.0
// What needs no server: the octets of a frame, which messages count, and what is sent again.

#include <gmock/gmock.h>

#include <random>

#include "broker/record/jetstream/chain_book.h"
#include "broker/record/jetstream/publish_window.h"

namespace entente::record {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

// A writer's frames, one after the other.
class Chain {
 public:
  explicit Chain(std::string writer) : writer_(std::move(writer)), head_(ChainOrigin(writer_)) {}

  Bytes Next(std::string_view body) { return EncodeChainFrame(++frames_, head_, AsBytes(body), head_); }

 private:
  std::string writer_;
  std::uint64_t frames_ = 0;
  Digest head_;
};

Placing Place(ChainBook& book, const std::string& writer, const Bytes& octets) {
  const Result<ChainFrame> frame = ParseChainFrame(octets, "test");
  EXPECT_TRUE(frame.has_value());
  return frame ? book.Place(writer, *frame) : Placing::kForeign;
}

TEST(ChainFrame, ReadsBackWhatWasWritten) {
  Chain chain("one");
  const Bytes octets = chain.Next("body");
  const Result<ChainFrame> frame = ParseChainFrame(octets, "test");
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->number, 1U);
  EXPECT_EQ(frame->previous, ChainOrigin("one"));
  EXPECT_EQ(AsText(frame->body), "body");
}

TEST(ChainFrame, EveryFlippedOctetIsSeen) {
  Chain chain("one");
  const Bytes octets = chain.Next("body");
  for (std::size_t at = 0; at < octets.size(); ++at) {
    Bytes altered = octets;
    altered[at] ^= 0x10;
    ChainBook book;
    const Result<ChainFrame> frame = ParseChainFrame(altered, "test");
    // The number is not hashed: it is its place in the chain.
    if (at >= 4 && at < 12) {
      ASSERT_TRUE(frame);
      EXPECT_NE(book.Place("one", *frame), Placing::kCounts);
    } else {
      EXPECT_FALSE(frame) << at;
    }
  }
  for (std::size_t length = 0; length < kChainHeaderOctets; ++length) {
    EXPECT_FALSE(ParseChainFrame(ByteView(octets).first(length), "test"));
  }
}

TEST(ChainBook, AMessageCountsWhenItIsTheNextLinkOfItsChain) {
  Chain one("one");
  Chain two("two");
  const Bytes a = one.Next("a");
  const Bytes b = one.Next("b");
  const Bytes c = one.Next("c");
  const Bytes x = two.Next("x");
  ChainBook book;
  EXPECT_EQ(Place(book, "one", a), Placing::kCounts);
  EXPECT_EQ(Place(book, "two", x), Placing::kCounts);
  EXPECT_EQ(Place(book, "one", a), Placing::kRepeated);
  EXPECT_EQ(Place(book, "one", c), Placing::kOutOfTurn);
  EXPECT_EQ(Place(book, "one", b), Placing::kCounts);
  EXPECT_EQ(Place(book, "one", c), Placing::kCounts);
}

TEST(ChainBook, AFrameOfAnotherWriterOrAnotherPastDoesNotFollow) {
  Chain one("one");
  Chain other("one");
  ChainBook book;
  EXPECT_EQ(Place(book, "two", one.Next("a")), Placing::kForeign);
  EXPECT_EQ(Place(book, "one", other.Next("b")), Placing::kCounts);
  EXPECT_EQ(Place(book, "one", one.Next("c")), Placing::kForeign);
}

TEST(ChainBook, TheDigestCoversEveryChain) {
  const auto digest = [](std::string_view first, std::string_view second) {
    Chain one("one");
    Chain two("two");
    ChainBook book;
    Place(book, "one", one.Next(first));
    Place(book, "two", two.Next(second));
    return book.RecordDigest();
  };
  EXPECT_EQ(digest("a", "b"), digest("a", "b"));
  EXPECT_NE(digest("a", "b"), digest("b", "a"));
  EXPECT_NE(digest("a", "b"), digest("a", "c"));
}

// JetStream as a writer may meet it: it loses messages, loses acknowledgements, and stores what comes behind a loss.
class LossyStream {
 public:
  explicit LossyStream(std::uint32_t seed) : chance_(seed) {}

  // The sequence that comes back; std::nullopt: nothing does.
  std::optional<std::uint64_t> Publish(const PublishWindow::Sending& sending) {
    if (Chance(5)) return std::nullopt;
    const std::string id = std::to_string(sending.number) + "." + std::to_string(sending.attempt);
    const bool forgotten = Chance(10);  // the window for duplicates is over
    auto known = ids_.find(id);
    if (known == ids_.end() || forgotten) {
      messages.push_back(*sending.octets);
      known = ids_.insert_or_assign(id, messages.size()).first;
    }
    if (Chance(5)) return std::nullopt;
    return known->second;
  }

  bool Chance(std::uint32_t one_in) { return chance_() % one_in == 0; }

  std::vector<Bytes> messages;

 private:
  std::mt19937 chance_;
  std::map<std::string, std::uint64_t> ids_;
};

TEST(PublishWindow, WhateverIsLostEveryFrameCountsOnceAndInOrder) {
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    LossyStream stream(seed);
    PublishWindow window(8);
    Chain chain("one");
    constexpr std::uint64_t kFrames = 60;
    std::vector<std::uint64_t> durable;
    for (std::uint64_t number = 1; number <= kFrames; ++number) {
      window.Put(Share(chain.Next("frame " + std::to_string(number))),
                 [&durable, number](const Status&) { durable.push_back(number); });
    }
    while (!window.empty()) {
      const std::optional<PublishWindow::Sending> sending = window.NextToSend();
      if (!sending || stream.Chance(20)) {
        window.SendAgain();
        continue;
      }
      if (const auto sequence = stream.Publish(*sending)) {
        for (const OnDurable& on_durable : window.Stored(sending->number, *sequence)) on_durable({});
      }
      ChainBook book;
      for (const Bytes& octets : stream.messages) ASSERT_NE(Place(book, "one", octets), Placing::kForeign);
      const auto counted = book.chains().find("one");
      ASSERT_GE(counted == book.chains().end() ? 0 : counted->second.frames, window.confirmed())
          << "seed " << seed << ": a frame was called durable that no reader counts";
    }
    ASSERT_THAT(durable, SizeIs(kFrames)) << "seed " << seed;
    EXPECT_TRUE(std::ranges::is_sorted(durable));
  }
}

TEST(PublishWindow, KeepsNoMoreUnderWayThanItsLimit) {
  PublishWindow window(2);
  Chain chain("one");
  for (int i = 0; i < 3; ++i) window.Put(Share(chain.Next("x")), {});
  EXPECT_TRUE(window.NextToSend());
  EXPECT_TRUE(window.NextToSend());
  EXPECT_FALSE(window.NextToSend());
  EXPECT_THAT(window.Stored(1, 1), IsEmpty());
  EXPECT_EQ(window.NextToSend()->number, 3U);
}

}  // namespace
}  // namespace entente::record
