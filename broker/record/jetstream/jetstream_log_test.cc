// SPDX-License-Identifier: Apache-2.0
// The distributed record on real servers: one, and a cluster of three whose leader is killed.

#include "broker/record/copy_record.h"
#include "broker/record/jetstream/jetstream_fixture.h"
#include "broker/record/log_reader.h"
#include "broker/record/verify.h"

namespace entente::record {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(JetStreamLogTest, ReadsBackWhatWasAppendedInOrder) {
  Serve({});
  auto log = Open(Options());
  std::promise<bool> durable;
  for (int number = 0; number < 300; ++number) {
    ASSERT_TRUE(log->Append(
        Batch(number), number < 299 ? OnDurable{} : [&](const Status& status) { durable.set_value(status.has_value()); }));
  }
  EXPECT_TRUE(durable.get_future().get());
  ASSERT_TRUE(log->Flush());
  EXPECT_EQ(log->end(), (Cursor{300, 0}));
  auto reader = log->Tail({}, {});
  EXPECT_THAT(ReadAll(**reader), ElementsAreArray(Injects(0, 300)));
  EXPECT_EQ((*reader)->cursor(), log->end());
  EXPECT_FALSE((*reader)->Ended());
  EXPECT_FALSE(log->AwaitMore(log->end(), milliseconds(0)));
  ASSERT_TRUE(log->Close());
  EXPECT_THAT(ReadAll(**reader), IsEmpty());
  EXPECT_TRUE((*reader)->Ended());
  const Status refused = log->Append(Batch(0));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
}

TEST_F(JetStreamLogTest, ReadsFromAnyCursorAlsoWhatIsNoLongerInMemory) {
  Serve({});
  JetStreamOptions options = Options();
  options.window_octets = 512;
  auto log = Open(options);
  for (int number = 0; number < 40; ++number) ASSERT_TRUE(log->Append(Batch(number)));
  ASSERT_TRUE(log->Flush());
  const std::vector<std::string> all = Injects(0, 40);
  auto reader = log->Tail({}, {});
  std::vector<Cursor> cursors{Cursor{}};
  for (std::size_t i = 0; i < all.size(); ++i) cursors.push_back((**(*reader)->Next()).next);
  for (std::size_t i = 0; i < cursors.size(); i += 7) {
    auto again = log->Tail(cursors[i], {});
    EXPECT_THAT(ReadAll(**again), ElementsAreArray(all.begin() + static_cast<std::ptrdiff_t>(i), all.end()));
  }
}

TEST_F(JetStreamLogTest, SeveralBrokersSeeOneOrderAndOneDigest) {
  Serve({});
  auto one = Open(Options("broker-1"));
  auto two = Open(Options("broker-2"));
  auto three = Open(Options("broker-3"));
  for (int number = 0; number < 200; ++number) {
    ASSERT_TRUE(one->Append(Batch(number * 2)));
    ASSERT_TRUE(two->Append(Batch(number * 2 + 1)));
  }
  ASSERT_TRUE(one->Flush());
  ASSERT_TRUE(two->Flush());
  const Cursor last = std::max(one->end(), two->end());  // whose messages came last is the server's to say
  for (JetStreamLog* log : {one.get(), two.get(), three.get()}) {
    while (log->end() < last) log->AwaitMore(log->end(), milliseconds(100));
  }
  EXPECT_THAT(AllOf(*two), ElementsAreArray(AllOf(*one)));
  EXPECT_THAT(AllOf(*three), ElementsAreArray(AllOf(*two)));
  EXPECT_THAT(AllOf(*three), SizeIs(Injects(0, 400).size()));
  EXPECT_EQ(one->record_digest(), three->record_digest());
  EXPECT_NE(one->head(), two->head());
}

TEST_F(JetStreamLogTest, ABrokerThatBeginsAnewGoesOnBehindItsOldChain) {
  Serve({});
  {
    auto log = Open(Options());
    for (int number = 0; number < 20; ++number) ASSERT_TRUE(log->Append(Batch(number)));
    ASSERT_TRUE(log->Close());
  }
  auto log = Open(Options());
  ASSERT_TRUE(log->AwaitCaughtUp());
  EXPECT_EQ(log->end(), (Cursor{20, 0}));
  for (int number = 20; number < 30; ++number) ASSERT_TRUE(log->Append(Batch(number)));
  EXPECT_THAT(AllOf(*log), ElementsAreArray(Injects(0, 30)));
}

TEST_F(JetStreamLogTest, ABatchLargerThanAMessageMayBeBecomesSeveralAndALargerEventIsRefused) {
  Serve({.max_payload = "64KB"});
  auto log = Open(Options());
  std::vector<v1::RecordEvent> events;
  std::vector<std::string> names;
  for (int number = 0; number < 10; ++number)
    names.push_back(events.emplace_back(InjectEvent(number, 20'000)).inject_fired().inject());
  ASSERT_TRUE(log->Append(events));
  EXPECT_THAT(AllOf(*log), ElementsAreArray(names));
  EXPECT_EQ(log->end(), (Cursor{4, 0}));
  const Status refused = log->Append(std::vector{InjectEvent(1, 70'000)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(refused.error().Text(), HasSubstr("max_payload"));
}

TEST_F(JetStreamLogTest, AMessageThatTheStreamHasNoLongerIsNamed) {
  Serve({});
  auto link = NatsLink::Connect(servers_->urls(), "test", milliseconds(10'000));
  ASSERT_TRUE(link);
  const char* subjects[] = {"entente.test.*"};
  jsStreamConfig config;
  jsStreamConfig_Init(&config);
  config.Name = "test";
  config.Subjects = subjects;
  config.SubjectsLen = 1;
  config.Discard = js_DiscardNew;
  ASSERT_EQ(js_AddStream(nullptr, (*link)->jetstream(), &config, nullptr, nullptr), NATS_OK);
  auto log = Open(Options());
  for (int number = 0; number < 10; ++number) ASSERT_TRUE(log->Append(Batch(number)));
  ASSERT_TRUE(log->Flush());
  ASSERT_EQ(js_DeleteMsg((*link)->jetstream(), "test", 4, nullptr, nullptr), NATS_OK);
  const Status caught_up = Open(Options("reader"))->AwaitCaughtUp();
  ASSERT_FALSE(caught_up);
  EXPECT_EQ(caught_up.error().code, ErrorCode::kDataLoss);
  EXPECT_THAT(caught_up.error().Text(), HasSubstr("no message 4 any more"));
}

TEST_F(JetStreamLogTest, AFullStreamRefusesTheNewAndKeepsTheOld) {
  Serve({});
  JetStreamOptions options = Options();
  options.stream.max_octets = 20'000;
  auto log = Open(options);
  Status status;
  int taken = 0;
  for (; status && taken < 1000; ++taken) {
    status = log->Append(std::vector{InjectEvent(taken, 1000)});
    if (status && taken % 8 == 7) static_cast<void>(log->AwaitMore(log->end(), milliseconds(100)));
  }
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kExhausted);
  EXPECT_THAT(status.error().Text(), HasSubstr("make room"));
  auto reader = log->Tail({}, {});
  EXPECT_EQ(ReadAll(**reader).front(), "inject-0");
}

TEST_F(JetStreamLogTest, ItsCopyInAFolderIsAnOrdinaryRecord) {
  Serve({});
  auto log = Open(Options());
  for (int number = 0; number < 50; ++number) ASSERT_TRUE(log->Append(Batch(number)));
  ASSERT_TRUE(log->Flush());
  const TemporaryFolder folder;
  const VirtualClock clock(Noon());
  auto copy = OpenLog({.directory = folder.path()}, clock);
  const auto copied = CopyRecord(*log, *copy);
  ASSERT_TRUE(copied) << copied.error().Text();
  EXPECT_EQ(*copied, Injects(0, 50).size());
  ASSERT_TRUE(copy->Close());
  EXPECT_TRUE(VerifyLog(folder.path())->whole());
  EXPECT_EQ(VerifyLog(folder.path())->frames, 50U);
  LogReader reader(folder.path(), {}, {});
  EXPECT_THAT(ReadAll(reader), ElementsAreArray(Injects(0, 50)));
}

TEST_F(JetStreamLogTest, SaysThatThereIsNoServer) {
  JetStreamOptions options{.servers = {"nats://user:secret@127.0.0.1:1"},
                           .stream = {.name = "test", .replicas = 1, .max_octets = -1},
                           .writer = "broker-1",
                           .incarnation = 1,
                           .limits = {},
                           .window_octets = 0,
                           .reached_within = milliseconds(0),
                           .patience = milliseconds(0),
                           .only_read = false};
  const auto refused = JetStreamLog::Open(options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(refused.error().Text(), HasSubstr("nats://127.0.0.1:1"));
  EXPECT_THAT(refused.error().Text(), HasSubstr("start nats-server"));
  EXPECT_THAT(refused.error().Text(), Not(HasSubstr("secret")));
}

TEST_F(JetStreamLogTest, SaysThatJetStreamIsNotEnabled) {
  Serve({.jetstream = false});
  JetStreamOptions options = Options();
  options.patience = milliseconds(0);
  const auto refused = JetStreamLog::Open(options);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().Text(), HasSubstr("-js"));
}

TEST_F(JetStreamLogTest, RefusesAStreamThatWouldForgetOrHasOtherReplicas) {
  Serve({});
  auto link = NatsLink::Connect(servers_->urls(), "test", milliseconds(10'000));
  ASSERT_TRUE(link);
  const char* subjects[] = {"entente.test.*"};
  jsStreamConfig config;
  jsStreamConfig_Init(&config);
  config.Name = "test";
  config.Subjects = subjects;
  config.SubjectsLen = 1;
  config.MaxAge = 1'000'000'000'000;
  config.Discard = js_DiscardNew;
  ASSERT_EQ(js_AddStream(nullptr, (*link)->jetstream(), &config, nullptr, nullptr), NATS_OK);
  const auto forgets = JetStreamLog::Open(Options());
  ASSERT_FALSE(forgets);
  EXPECT_THAT(forgets.error().Text(), HasSubstr("age limit"));

  JetStreamOptions three = Options();
  three.stream.name = "other";
  three.stream.replicas = 3;
  three.patience = milliseconds(0);
  const auto alone = JetStreamLog::Open(three);
  ASSERT_FALSE(alone);
  EXPECT_THAT(alone.error().Text(), HasSubstr("replicas"));
}

TEST_F(JetStreamLogTest, RefusesToReadAStreamThatIsNotThere) {
  Serve({});
  JetStreamOptions options = Options();
  options.only_read = true;
  const auto refused = JetStreamLog::Open(options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kNotFound);
}

TEST_F(JetStreamLogTest, AFrameThatSomebodyElsePublishedIsNamed) {
  Serve({});
  auto log = Open(Options());
  for (int number = 0; number < 3; ++number) ASSERT_TRUE(log->Append(Batch(number)));
  ASSERT_TRUE(log->Flush());
  auto link = NatsLink::Connect(servers_->urls(), "test", milliseconds(10'000));
  ASSERT_EQ(js_Publish(nullptr, (*link)->jetstream(), "entente.test.intruder", "x", 1, nullptr, nullptr), NATS_OK);
  auto reader = log->Tail({}, {});
  Result<std::optional<ReadEvent>> read;
  do {
    log->AwaitMore((*reader)->cursor(), milliseconds(100));
    read = (*reader)->Next();
  } while (read);
  EXPECT_EQ((*reader)->cursor(), (Cursor{3, 0}));
  EXPECT_EQ(read.error().code, ErrorCode::kDataLoss);
  EXPECT_THAT(read.error().Text(), HasSubstr("message 4"));
}

TEST_F(JetStreamLogTest, GoesOnWhenItsOnlyServerIsKilledAndStartedAgain) {
  Serve({});
  auto log = Open(Options());
  for (int number = 0; number < 50; ++number) ASSERT_TRUE(log->Append(Batch(number)));
  const int end = AppendWhile(*log, 50, [&] {
    servers_->Kill(0);
    servers_->Start(0);
  });
  EXPECT_THAT(AllOf(*log), ElementsAreArray(Injects(0, end)));
}

TEST_F(JetStreamLogTest, LosesAndReordersNothingWhenTheLeaderOfTheClusterIsKilledInMidLoad) {
  Serve({.count = 3});
  auto log = Open(Options("broker-1"));
  auto other = Open(Options("broker-2"));
  ASSERT_TRUE(log->Append(Batch(0)));
  const int end = AppendWhile(*log, 1, [&] {
    servers_->Kill(servers_->Named(LeaderOf("test")));
    EXPECT_TRUE(log->Flush()) << "two of three are enough";
  });
  EXPECT_THAT(AllOf(*log), ElementsAreArray(Injects(0, end)));
  while (other->end() < log->end()) other->AwaitMore(other->end(), milliseconds(100));
  EXPECT_THAT(AllOf(*other), ElementsAreArray(Injects(0, end)));
  EXPECT_EQ(other->record_digest(), log->record_digest());
}

}  // namespace
}  // namespace entente::record
