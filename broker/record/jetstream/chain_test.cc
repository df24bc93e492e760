// SPDX-License-Identifier: Apache-2.0
// What needs no server: the octets of a frame, which messages count, and what is sent again.

#include <gmock/gmock.h>

#include <random>

#include "broker/record/jetstream/chain_book.h"
#include "broker/record/jetstream/publish_window.h"
#include "broker/record/jetstream/stream_verifier.h"

namespace entente::record {
namespace {

using ::testing::ElementsAre;
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

// The stream of two writers, and what a judge says of it: the message that it stops at; 0: none.
struct Stream {
  std::vector<StreamSource::Message> messages;

  Stream() {
    Chain one("one");
    Chain two("two");
    for (std::uint64_t i = 0; i < 12; ++i) {
      const bool first = i % 3 != 1;
      messages.push_back({i + 1, first ? "entente.s.one" : "entente.s.two", (first ? one : two).Next("body " + std::to_string(i))});
    }
  }
  void Renumber() {
    for (std::size_t i = 0; i < messages.size(); ++i) messages[i].sequence = i + 1;
  }
  [[nodiscard]] std::uint64_t FirstFault() const {
    StreamVerifier verifier("s", "stream s");
    for (const StreamSource::Message& message : messages) {
      if (!verifier.Take(message)) return message.sequence;
    }
    return 0;
  }
  // Frames that count: what stands in a wrong place may be taken for one that comes again.
  [[nodiscard]] std::uint64_t Counting() const {
    StreamVerifier verifier("s", "stream s");
    std::uint64_t counting = 0;
    for (const StreamSource::Message& message : messages) {
      const auto taken = verifier.Take(message);
      counting += taken && taken->placing == Placing::kCounts ? 1 : 0;
    }
    return counting;
  }
};

TEST(StreamVerifier, NamesTheFirstMessageThatIsAltered) {
  EXPECT_EQ(Stream().FirstFault(), 0U);
  for (std::size_t at = 0; at < 12; ++at) {
    Stream stream;
    stream.messages[at].octets.back() ^= 1;
    EXPECT_EQ(stream.FirstFault(), at + 1);
    Stream given_to_another;
    std::string& subject = given_to_another.messages[at].subject;
    subject = subject == "entente.s.one" ? "entente.s.two" : "entente.s.one";
    EXPECT_TRUE(given_to_another.FirstFault() != 0 || given_to_another.Counting() < 12) << at;
  }
}

TEST(StreamVerifier, NamesTheFirstMessageThatIsMissingOrMoved) {
  for (std::size_t at = 0; at + 1 < 12; ++at) {
    Stream removed;
    removed.messages.erase(removed.messages.begin() + static_cast<std::ptrdiff_t>(at));
    EXPECT_EQ(removed.FirstFault(), at + 2) << "the message behind the gap";
    removed.Renumber();
    if (at < 9) {
      EXPECT_LT(removed.Counting(), 11U) << "without its predecessor no frame counts";
    }
    Stream moved;
    std::swap(moved.messages[at], moved.messages[at + 1]);
    EXPECT_EQ(moved.FirstFault(), at + 2);
  }
}

// JetStream as a writer may meet it: it loses messages, loses acknowledgements, acknowledges what it then loses, and stores what
// comes behind a loss.
class LossyStream {
 public:
  explicit LossyStream(std::uint32_t seed) : chance_(seed) {}

  // The sequence that comes back; std::nullopt: nothing does.
  std::optional<std::uint64_t> Publish(const PublishWindow::Sending& sending) {
    if (Chance(5)) return std::nullopt;
    const std::uint64_t sequence = messages.size() + 1;
    if (!Chance(20)) messages.push_back(*sending.octets);
    if (Chance(5)) return std::nullopt;
    return sequence;
  }

  bool Chance(std::uint32_t one_in) { return chance_() % one_in == 0; }

  std::vector<Bytes> messages;

 private:
  std::mt19937 chance_;
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
    ChainBook book;
    std::size_t read = 0;
    while (!window.empty()) {
      const std::optional<PublishWindow::Sending> sending = window.NextToSend();
      const auto sequence = sending ? stream.Publish(*sending) : std::nullopt;
      if (sequence) window.Stored(sending->number, *sequence);
      if (!sending || stream.Chance(20)) stream.Chance(4) ? window.SendAnew() : window.SendAgain();
      // The reader, sometimes behind.
      for (; read < stream.messages.size() && !stream.Chance(3); ++read) {
        ASSERT_NE(Place(book, "one", stream.messages[read]), Placing::kForeign);
        const auto counted = book.chains().find("one");
        for (const OnDurable& on_durable : window.Read(counted == book.chains().end() ? 0 : counted->second.frames, read + 1)) {
          on_durable({});
        }
      }
    }
    ASSERT_THAT(durable, SizeIs(kFrames)) << "seed " << seed;
    EXPECT_TRUE(std::ranges::is_sorted(durable));
    EXPECT_EQ(book.chains().at("one").frames, kFrames);
  }
}

// The numbers of the frames that it gives to send.
std::vector<std::uint64_t> Sent(PublishWindow& window) {
  std::vector<std::uint64_t> numbers;
  while (const auto sending = window.NextToSend()) numbers.push_back(sending->number);
  return numbers;
}

TEST(PublishWindow, AFrameIsConfirmedByBeingReadWhateverWasAnswered) {
  PublishWindow window(2);
  Chain chain("one");
  window.Put(Share(chain.Next("x")), [](const Status&) {});
  EXPECT_THAT(Sent(window), ElementsAre(1));
  window.Stored(1, 5);
  EXPECT_EQ(window.confirmed(), 0U);
  EXPECT_THAT(window.Read(1, 3), SizeIs(1));
  EXPECT_TRUE(window.empty());
}

TEST(PublishWindow, WhatIsNotWhereItWasSaidToBeIsSentAgain) {
  PublishWindow window(2);
  Chain chain("one");
  window.Put(Share(chain.Next("x")), {});
  EXPECT_THAT(Sent(window), ElementsAre(1));
  window.Stored(1, 5);
  EXPECT_THAT(window.Read(0, 4), IsEmpty());
  EXPECT_THAT(Sent(window), IsEmpty()) << "it may yet be read";
  EXPECT_THAT(window.Read(0, 5), IsEmpty());
  EXPECT_THAT(Sent(window), ElementsAre(1));
  window.Stored(1, 9);
  window.SendAgain();
  EXPECT_THAT(Sent(window), IsEmpty()) << "it is said to be there";
  window.SendAnew();
  EXPECT_THAT(Sent(window), ElementsAre(1));
}

TEST(PublishWindow, WhatOvertookALostFrameIsSentBehindItAndNotBefore) {
  PublishWindow window(4);
  Chain chain("one");
  window.Put(Share(chain.Next("x")), {});
  window.Put(Share(chain.Next("y")), {});
  EXPECT_THAT(Sent(window), ElementsAre(1, 2));
  window.Stored(2, 1);
  EXPECT_THAT(window.Read(0, 1), IsEmpty());
  EXPECT_THAT(Sent(window), IsEmpty());
  window.SendAgain();
  EXPECT_THAT(Sent(window), ElementsAre(1));
  window.Stored(1, 2);
  EXPECT_THAT(window.Read(1, 2), IsEmpty());
  EXPECT_EQ(window.confirmed(), 1U);
  EXPECT_THAT(Sent(window), ElementsAre(2));
}

TEST(PublishWindow, KeepsNoMoreUnderWayThanItsLimit) {
  PublishWindow window(2);
  Chain chain("one");
  for (int i = 0; i < 3; ++i) window.Put(Share(chain.Next("x")), {});
  EXPECT_TRUE(window.NextToSend());
  EXPECT_TRUE(window.NextToSend());
  EXPECT_FALSE(window.NextToSend());
  window.Stored(1, 1);
  EXPECT_FALSE(window.NextToSend()) << "it was not read yet";
  EXPECT_THAT(window.Read(1, 1), IsEmpty());
  EXPECT_EQ(window.NextToSend()->number, 3U);
}

}  // namespace
}  // namespace entente::record
