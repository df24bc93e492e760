// SPDX-License-Identifier: Apache-2.0
// Several brokers that share one record on real NATS servers: what is said at one is heard at all, and brokers and servers may be
// killed in mid-load.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/io/files.h"
#include "broker/record/jetstream/jetstream_log.h"
#include "broker/record/jetstream/test_nats_servers.h"
#include "tests/cli/bus_processes.h"
#include "tests/cli/program.h"
#include "tests/cli/tablet.h"
#include "tests/whole/simulated_whole.h"

namespace entente::program {
namespace {

using record::NatsServers;
using testing::HasSubstr;

class SharedRecord : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::string_view(ENTENTE_NATS_SERVER).empty()) GTEST_SKIP() << "nats-server is not installed";
  }

  void Serve(int count) {
    servers_ = std::make_unique<NatsServers>(record::NatsServersOptions{.program = ENTENTE_NATS_SERVER, .count = count});
  }

  [[nodiscard]] std::string ServerList() const { return fmt::format("[{}]", fmt::join(servers_->urls(), ", ")); }

  // Of broker-1, broker-2, …
  void StartBrokers(int count) {
    for (int i = 0; i < count; ++i) StartBroker(i);
  }
  void StartBroker(int index) {
    const std::string name = fmt::format("broker-{}", index + 1);
    brokers_.push_back(std::make_unique<BrokerProcess>(scratch_, exercise_, std::vector<std::string>{"--name", name}));
    ASSERT_NE(brokers_.back()->port(), 0) << name;
    endpoints_.push_back(brokers_.back()->endpoint());
  }

  std::unique_ptr<GatewayProcess> StartGateway(const std::string& node, const std::vector<std::string>& brokers) {
    return std::make_unique<GatewayProcess>(scratch_, exercise_, brokers, std::vector<std::string>{"--node", node});
  }

  Scratch scratch_;
  std::unique_ptr<NatsServers> servers_;
  std::string exercise_;
  std::vector<std::unique_ptr<BrokerProcess>> brokers_;
  std::vector<std::string> endpoints_;
};

TEST_F(SharedRecord, WhatIsSaidAtOneBrokerIsHeardAtTheOtherAlsoWhenOneIsGone) {
  Serve(1);
  exercise_ = scratch_.File("two.yaml", whole::SmallExercise(fmt::format("bus: {{ jetstream: {{ servers: {} }} }}", ServerList()),
                                                             "        listen: 127.0.0.1:0", "        listen: 127.0.0.1:0"));
  StartBrokers(2);
  ASSERT_EQ(endpoints_.size(), 2U);
  const auto first = StartGateway("DEU/brigade", {endpoints_[0], endpoints_[1]});
  const auto second = StartGateway("FRA/brigade", {endpoints_[1]});
  Tablet sender(first->PortOf("DEU/brigade"));
  Tablet receiver(second->PortOf("FRA/brigade"));
  sender.Say(TrackOf("TABLET-1", "ADLER"));
  EXPECT_THAT(receiver.HearUntil("ADLER"), HasSubstr("TABLET-1"));
  brokers_[0].reset();  // SIGKILL
  sender.Say(TrackOf("TABLET-2", "FALKE"));
  EXPECT_THAT(receiver.HearUntil("FALKE"), HasSubstr("TABLET-2")) << "the gateway goes to the other broker";
  receiver.Say(TrackOf("TABLET-3", "MILAN"));
  EXPECT_THAT(sender.HearUntil("MILAN"), HasSubstr("TABLET-3"));
  EXPECT_EQ(first->process().Terminate(), 0);
  EXPECT_EQ(second->process().Terminate(), 0);
  EXPECT_EQ(brokers_[1]->process().Terminate(), 0);
  const Outcome pulled = RunEntente(scratch_, {"pull", exercise_});
  EXPECT_EQ(pulled.exit_code, 0) << pulled.err;
  EXPECT_THAT(pulled.out, HasSubstr("every chain whole"));
}

TEST_F(SharedRecord, ABrokerWithoutANameIsToldToTakeOne) {
  Serve(1);
  exercise_ = scratch_.File("two.yaml", whole::SmallExercise(fmt::format("bus: {{ jetstream: {{ servers: {} }} }}", ServerList())));
  const Outcome outcome = RunEntente(scratch_, {"broker", exercise_, "--listen", "127.0.0.1:0"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("--name"));
  const Outcome run = RunEntente(scratch_, {"run", exercise_});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_THAT(run.err, HasSubstr("--broker"));
}

TEST_F(SharedRecord, ABrokerUnderAnotherPolicyIsRefused) {
  Serve(1);
  std::string text = whole::SmallExercise(fmt::format("bus: {{ jetstream: {{ servers: {} }} }}", ServerList()));
  exercise_ = scratch_.File("two.yaml", text);
  StartBrokers(1);
  const std::string_view clearance = "clearance: ";
  const std::size_t at = text.find(clearance);
  ASSERT_NE(at, std::string::npos);
  text.replace(at, text.find('\n', at) - at, "clearance: UNCLASSIFIED");
  const Outcome other =
      RunEntente(scratch_, {"broker", scratch_.File("other.yaml", text), "--name", "broker-2", "--listen", "127.0.0.1:0"});
  EXPECT_EQ(other.exit_code, 4);
  EXPECT_THAT(other.err, HasSubstr("policy is not the one that the record was begun under"));
  EXPECT_EQ(brokers_[0]->process().Terminate(), 0) << "the first goes on";
}

// How many messages the record has accepted, as somebody outside sees it.
class AcceptedCount {
 public:
  explicit AcceptedCount(const std::vector<std::string>& servers) {
    record::JetStreamOptions options;
    options.servers = servers;
    options.stream.name = "distributed";
    options.writer = "test";
    options.only_read = true;
    auto log = record::JetStreamLog::Open(std::move(options));
    EXPECT_TRUE(log.has_value());
    if (!log) return;
    log_ = std::move(*log);
    reader_ = std::move(*log_->Tail({}, {.events = {v1::RecordEvent::kMessageAccepted}, .writers = {}}));
  }
  std::size_t Look() {
    while (reader_) {
      const auto next = reader_->Next();
      EXPECT_TRUE(next.has_value());
      if (!next || !*next) break;
      ++count_;
    }
    return count_;
  }

 private:
  std::unique_ptr<record::JetStreamLog> log_;
  std::unique_ptr<record::RecordReader> reader_;
  std::size_t count_ = 0;
};

// The exercise that ships, judged by what its nodes composed and understood: nothing lost, nobody sees too much.
TEST_F(SharedRecord, TheDistributedExercisePassesAlthoughABrokerAndAServerAreKilled) {
  Serve(3);
  const auto shipped = ReadFile(std::filesystem::path(ENTENTE_SOURCE_DIR) / "exercises/distributed.yaml");
  ASSERT_TRUE(shipped);
  std::string text = ToText(*shipped);
  const std::size_t list = text.find("[nats://");
  ASSERT_NE(list, std::string::npos);
  text.replace(list, text.find(']', list) + 1 - list, ServerList());
  exercise_ = scratch_.File("distributed.yaml", text);
  StartBrokers(3);
  ASSERT_EQ(endpoints_.size(), 3U);
  AcceptedCount accepted(servers_->urls());
  bool broker_killed = false;
  bool server_killed = false;
  std::vector<std::string> arguments{"run", exercise_, "--duration", "15", "--quiet"};
  for (const std::string& endpoint : endpoints_) arguments.insert(arguments.end(), {"--broker", endpoint});
  const Outcome outcome = RunEntente(scratch_, arguments, [&](int, const std::string&) {
    const std::size_t count = accepted.Look();
    if (count > 10 && !std::exchange(broker_killed, true)) brokers_[0].reset();
    if (count > 25 && !std::exchange(server_killed, true)) servers_->Kill(1);
  });
  EXPECT_TRUE(broker_killed && server_killed) << "the load was over before";
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("pass  nothing-is-lost"));
}

}  // namespace
}  // namespace entente::program
