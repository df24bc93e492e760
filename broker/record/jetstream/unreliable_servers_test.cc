// SPDX-License-Identifier: Apache-2.0
// The distributed record on a server that loses messages and answers, or answers what is not so: what servers do around an
// election, here done on purpose between a real server and its client.

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "broker/record/jetstream/jetstream_fixture.h"
#include "broker/record/jetstream/nats_proxy_test.h"

namespace entente::record {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;

constexpr int kMessages = 40;
const std::optional<std::string> kGoesOn;
const std::optional<std::string> kIsLost = "";

class UnreliableServersTest : public JetStreamLogTest {
 protected:
  // A log whose connection meets this fate.
  std::unique_ptr<JetStreamLog> OpenBehind(NatsProxy::Fate fate, JetStreamOptions options) {
    proxy_ = std::make_unique<NatsProxy>(servers_->port(0), std::move(fate));
    options.servers = {proxy_->url()};
    return Open(std::move(options));
  }

  void WriteMessages() {
    auto writer = Open(Options());
    for (int number = 0; number < kMessages; ++number) ASSERT_TRUE(writer->Append(Batch(number)));
    ASSERT_TRUE(writer->Flush());
  }

  JetStreamOptions ToRead() {
    JetStreamOptions options = Options();
    options.only_read = true;
    return options;
  }

  std::unique_ptr<NatsProxy> proxy_;
};

// Out of "$JS.ACK.<stream>.<consumer>.<deliveries>.<sequence>…"; 0: it is not a message of the stream that is delivered.
int SequenceOf(const NatsMessage& message) {
  const std::string_view reply = message.to_client() ? message.reply() : std::string_view();
  if (!reply.starts_with("$JS.ACK.")) return 0;
  std::size_t at = 0;
  for (int token = 0; token < 5; ++token) at = reply.find('.', at) + 1;
  int sequence = 0;
  std::from_chars(reply.data() + at, reply.data() + reply.size(), sequence);
  return sequence;
}

bool IsDelivered(const NatsMessage& message, int sequence) {
  return SequenceOf(message) == sequence;
}

bool IsAcknowledgement(const NatsMessage& message) {
  return message.to_client() && message.payload.starts_with("{\"stream\":");
}

// A frame of that number in the writer's chain, on its way to the stream.
bool IsFrame(const NatsMessage& message, char number) {
  constexpr std::size_t kNumberAt = 4;
  return message.to_server() && message.subject().starts_with("entente.test.") && message.payload.size() > kChainHeaderOctets &&
         message.payload[kNumberAt] == number;
}

// The first that a consumer sends, some in the middle, and the last, when no later one shows that they are missing.
TEST_F(UnreliableServersTest, MessagesLostOnTheWayAreAskedForAgain) {
  Serve({});
  WriteMessages();
  for (std::vector<int> lost : {std::vector<int>{1, 2}, {20, 22}, {39, 40}}) {
    const auto once = [&lost](const NatsMessage& message) {
      const auto found = std::ranges::find_if(lost, [&](int sequence) { return IsDelivered(message, sequence); });
      if (found == lost.end()) return kGoesOn;
      lost.erase(found);
      return kIsLost;
    };
    auto log = OpenBehind(once, ToRead());
    ASSERT_TRUE(log->AwaitCaughtUp());
    EXPECT_THAT(AllOf(*log), ElementsAreArray(Injects(0, kMessages)));
    EXPECT_EQ(proxy_->taken(), 2);
  }
}

TEST_F(UnreliableServersTest, AStreamThatALeaderDoesNotKnowYetIsNotMadeAnew) {
  Serve({});
  WriteMessages();
  std::atomic<int> asked = 0;
  std::atomic<int> made = 0;
  const auto log = OpenBehind(
      [&](const NatsMessage& message) {
        if (message.to_server() && message.subject().starts_with("$JS.API.STREAM.CREATE.")) ++made;
        const bool unknown = message.to_server() && message.subject().starts_with("$JS.API.STREAM.INFO.") && ++asked <= 3;
        return unknown ? R"({"error":{"code":404,"err_code":10059,"description":"stream not found"}})" : kGoesOn;
      },
      Options());
  EXPECT_GT(asked, 3);
  EXPECT_EQ(made, 0);
}

TEST_F(UnreliableServersTest, TheStreamIsReadAlsoWhileNobodyMakesAConsumer) {
  Serve({});
  WriteMessages();
  const auto no_consumers = [](const NatsMessage& message) {
    return message.to_server() && message.subject().starts_with("$JS.API.CONSUMER.") ? kIsLost : kGoesOn;
  };
  auto log = OpenBehind(no_consumers, Options("broker-2"));
  ASSERT_TRUE(log->AwaitCaughtUp());
  ASSERT_TRUE(log->Append(Batch(kMessages)));
  EXPECT_THAT(AllOf(*log), ElementsAreArray(Injects(0, kMessages + 1)));
  EXPECT_GE(proxy_->taken(), 1);
}

// It has been elected, and has not yet applied all that was decided before.
TEST_F(UnreliableServersTest, ALeaderThatIsStillBehindDoesNotMakeAMessageGone) {
  Serve({});
  WriteMessages();
  bool lost = false;
  int behind = 2;
  const auto fate = [&](const NatsMessage& message) -> std::optional<std::string> {
    if (!lost && IsDelivered(message, 20)) return lost = true, kIsLost;
    if (message.to_server() && message.subject().starts_with("$JS.API.STREAM.MSG.GET.") && behind-- > 0) {
      return R"({"type":"io.nats.jetstream.api.v1.stream_msg_get_response",)"
             R"("error":{"code":404,"err_code":10037,"description":"no message found"}})";
    }
    return kGoesOn;
  };
  auto log = OpenBehind(fate, ToRead());
  const Status caught_up = log->AwaitCaughtUp();
  ASSERT_TRUE(caught_up) << caught_up.error().Text();
  EXPECT_THAT(AllOf(*log), ElementsAreArray(Injects(0, kMessages)));
  EXPECT_TRUE(lost);
}

TEST_F(UnreliableServersTest, WhatIsReadBackIsDurableThoughNoAcknowledgementComes) {
  Serve({});
  auto log = OpenBehind([](const NatsMessage& message) { return IsAcknowledgement(message) ? kIsLost : kGoesOn; }, Options());
  std::promise<bool> durable;
  for (int number = 0; number < kMessages; ++number) ASSERT_TRUE(log->Append(Batch(number)));
  ASSERT_TRUE(log->Append(Batch(kMessages), [&](const Status& status) { durable.set_value(status.has_value()); }));
  EXPECT_TRUE(durable.get_future().get());
  EXPECT_THAT(AllOf(*log), ElementsAreArray(Injects(0, kMessages + 1)));
  EXPECT_GE(proxy_->taken(), 1);
}

// What the servers answer of the third frame, the first time, without having stored it.
class NotStoredTest : public UnreliableServersTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(NotStoredTest, AFrameThatTheServersDoNotHaveIsSentAgainWhateverTheySay) {
  Serve({});
  JetStreamOptions options = Options();
  options.limits.confirmed_within = milliseconds(50);
  bool answered = false;
  auto log = OpenBehind(
      [&](const NatsMessage& message) {
        return IsFrame(message, 3) && !std::exchange(answered, true) ? std::optional<std::string>(GetParam()) : kGoesOn;
      },
      options);
  for (int number = 0; number < kMessages; ++number) ASSERT_TRUE(log->Append(Batch(number)));
  const Status flushed = log->Flush();
  ASSERT_TRUE(flushed) << flushed.error().Text();
  EXPECT_THAT(AllOf(*log), ElementsAreArray(Injects(0, kMessages)));
  EXPECT_EQ(proxy_->taken(), 1);
}

INSTANTIATE_TEST_SUITE_P(Answers, NotStoredTest,
                         ::testing::Values("",  // none
                                                // A leader acknowledged it, and the next one has another message there, or none.
                                           R"({"stream":"test","seq":2})", R"({"stream":"test","seq":1000})",
                                           // A leader lost what it was about to store.
                                           R"({"stream":"test","seq":0,"duplicate":true})",
                                           R"({"stream":"test","error":{"code":503,"err_code":10009,"description":"no leader"}})"));

// Copies as a server has them that was killed and started again, and put something of its own into its copy, each for a while.
TEST_F(UnreliableServersTest, WhatOneOfThreeCopiesHasAndTheOthersHaveNotIsNotBelieved) {
  Serve({.count = 3});
  WriteMessages();
  std::string consumer;
  std::string before;
  const auto shifted = [&](const NatsMessage& message) -> std::optional<std::string> {
    const std::string_view reply = message.to_client() ? message.reply() : std::string_view();
    if (!reply.starts_with("$JS.ACK.test.") || message.payload.empty()) return kGoesOn;
    const std::string name(reply.substr(0, reply.find('.', std::string_view("$JS.ACK.test.").size())));
    if (consumer.empty()) consumer = name;
    if (consumer != name) return kGoesOn;
    const std::string payload = std::exchange(before, std::string(message.payload));
    return payload.empty() ? kGoesOn : payload;
  };
  auto log = OpenBehind(shifted, ToRead());
  const Status caught_up = log->AwaitCaughtUp();
  ASSERT_TRUE(caught_up) << caught_up.error().Text();
  EXPECT_THAT(AllOf(*log), ElementsAreArray(Injects(0, kMessages)));
  EXPECT_GE(proxy_->taken(), 1);
}

// What stands behind a key of a JSON text, up to the next of these.
std::string ValueIn(std::string_view text, std::string_view key, const char* end) {
  const std::size_t at = text.find(key);
  if (at == std::string_view::npos) return {};
  const std::size_t from = at + key.size();
  return std::string(text.substr(from, text.find_first_of(end, from) - from));
}

// Servers "one", "two" and "three", as consumers are told where they are. The copy of "one" has wrong messages from the 20th on;
// its consumers fall silent behind six of these, and those of "two" before them, until the reader of the six asks for the next:
// that is placed at "three", and consumers made from then on are well.
class MovedReader {
 public:
  std::optional<std::string> Decide(const NatsMessage& message) {
    if (!message.to_client()) return kGoesOn;
    if (message.payload.find("consumer_create_response") != std::string_view::npos) return Place(message.payload);
    const auto found = std::ranges::find_if(consumers_, [&](const Consumer& each) { return IsFrom(each, message); });
    if (found == consumers_.end()) return kGoesOn;
    const int sequence = SequenceOf(message);
    found->silent = found->silent || (found->silent_from != 0 && sequence >= found->silent_from);
    if (found->silent) return kIsLost;
    return found->server == "one" && sequence >= kWrongFrom ? std::string(message.payload) + "?" : kGoesOn;
  }
  [[nodiscard]] bool moved() const { return moved_; }

 private:
  static constexpr int kWrongFrom = 20;
  static constexpr int kMovesAt = 26;
  struct Consumer {
    std::string server = {};
    std::string inbox = {};            // what it says for itself goes there
    std::string acknowledgement = {};  // how the replies begin of the messages that it delivers
    int silent_from = 0;
    bool silent = false;
  };

  static bool IsFrom(const Consumer& consumer, const NatsMessage& message) {
    return message.subject() == consumer.inbox || message.reply().starts_with(consumer.acknowledgement);
  }
  std::string Place(std::string_view answer) {
    const bool moves = ValueIn(answer, "\"opt_start_seq\":", ",}") == std::to_string(kMovesAt);
    moved_ = moved_ || moves;
    const std::array<std::string, 3> servers{"one", "two", "three"};
    const std::string server = moves ? "three" : servers[consumers_.size() % (moved_ ? 3 : 2)];
    consumers_.push_back({.server = server,
                          .inbox = ValueIn(answer, "\"deliver_subject\":\"", "\""),
                          .acknowledgement = "$JS.ACK.test." + ValueIn(answer, "\"name\":\"", "\"") + '.',
                          .silent_from = moved_            ? 0
                                         : server == "one" ? kMovesAt
                                                           : kWrongFrom});
    const std::string leader = "\"leader\":\"" + ValueIn(answer, "\"leader\":\"", "\"") + '"';
    return std::string(answer).replace(answer.find(leader), leader.size(), "\"leader\":\"" + server + '"');
  }

  std::vector<Consumer> consumers_;
  bool moved_ = false;
};

TEST_F(UnreliableServersTest, WhatAReaderHasFromAServerThatItLeavesIsNotTakenForAnOpinionOfItsNextOne) {
  Serve({.count = 3});
  WriteMessages();
  MovedReader moved;
  auto log = OpenBehind([&](const NatsMessage& message) { return moved.Decide(message); }, ToRead());
  const Status caught_up = log->AwaitCaughtUp();
  ASSERT_TRUE(caught_up) << caught_up.error().Text();
  EXPECT_THAT(AllOf(*log), ElementsAreArray(Injects(0, kMessages)));
  EXPECT_TRUE(moved.moved());
}

// A leader may count a message that no other server ever had, nor will have while nobody writes: who begins to write does not wait
// for it.
TEST_F(UnreliableServersTest, AMessageThatOnlyTheLeaderClaimsHoldsUpNobodyWhoJoins) {
  Serve({.count = 3});
  WriteMessages();
  const std::string last = "\"last_seq\":";
  const auto claims_more = [&](const NatsMessage& message) -> std::optional<std::string> {
    const std::size_t at = message.to_client() ? message.payload.find(last) : std::string_view::npos;
    if (at == std::string_view::npos) return kGoesOn;
    std::string text(message.payload);
    const std::string had = ValueIn(text, last, ",}");
    return text.replace(at + last.size(), had.size(), std::to_string(std::stoi(had) + 5));
  };
  auto log = OpenBehind(claims_more, Options("broker-2"));
  EXPECT_GE(proxy_->taken(), 1);
  const Status joined = log->Join();
  ASSERT_TRUE(joined) << joined.error().Text();
  EXPECT_THAT(AllOf(*log), ElementsAreArray(Injects(0, kMessages)));
  EXPECT_FALSE(log->AwaitMore({kMessages + 1, 0}, milliseconds(1)));
}

TEST_F(UnreliableServersTest, CopiesOfWhichNoTwoAgreeAreNamed) {
  Serve({.count = 3});
  WriteMessages();
  const auto own = [](const NatsMessage& message) -> std::optional<std::string> {
    const std::string_view reply = message.to_client() ? message.reply() : std::string_view();
    if (!IsDelivered(message, 20)) return kGoesOn;
    return std::string(message.payload) + std::string(reply);
  };
  auto log = OpenBehind(own, ToRead());
  const Status caught_up = log->AwaitCaughtUp();
  ASSERT_FALSE(caught_up);
  EXPECT_EQ(caught_up.error().code, ErrorCode::kDataLoss);
  EXPECT_THAT(caught_up.error().Text(), HasSubstr("no two of the servers' copies of the stream have the same message 20"));
}

}  // namespace
}  // namespace entente::record
