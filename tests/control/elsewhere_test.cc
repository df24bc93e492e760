// SPDX-License-Identifier: Apache-2.0
// A run that leaves a real system's access point to a gateway in another process: faults of messages act there, too, and end there
// when the run does, however it ends.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <memory>

#include "broker/record/jetstream/jetstream_log.h"
#include "broker/record/jetstream/test_nats_servers.h"
#include "tests/cli/bus_processes.h"
#include "tests/cli/tablet.h"
#include "tests/control/controlled_run.h"

namespace entente::program {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr std::string_view kExercise = R"(version: 1
name: apart
duration: 10 min
bus: {{ jetstream: {{ servers: [{}] }} }}
policy:
  classifications: [UNCLASSIFIED]
  identities:
    EXCON/control: {{ role: excon, speaks-for: [FRA/*] }}
    DEU/gateway: {{ speaks-for: [DEU/*] }}
nations:
  DEU:
    clearance: UNCLASSIFIED
    label: UNCLASSIFIED
    nodes:
      brigade: {{ protocol: cot, external: true, listen: "127.0.0.1:0" }}
  FRA:
    clearance: UNCLASSIFIED
    label: UNCLASSIFIED
    nodes:
      brigade:
        protocol: cot
        units:
          coq: {{ callsign: COQ, dimension: land, function: U-C-A, route: [48.80 N 2.30 E], report-every: 1 s }}
{})";

// The record as it grows, seen by somebody who only reads it.
class RecordWatch {
 public:
  explicit RecordWatch(const std::vector<std::string>& servers) {
    auto log = record::JetStreamLog::Open({.servers = servers,
                                           .stream = {.name = "apart", .replicas = 1, .max_octets = -1},
                                           .writer = "test",
                                           .incarnation = 0,
                                           .limits = {},
                                           .only_read = true});
    EXPECT_TRUE(log) << log.error().Text();
    if (!log) return;
    log_ = *std::move(log);
    reader_ = *log_->Tail({}, {});
  }

  // The next event that is so, within a minute.
  template <typename IsSo>
  std::optional<v1::RecordEvent> Await(const IsSo& is_so) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    while (reader_ && std::chrono::steady_clock::now() < until) {
      auto next = reader_->Next();
      EXPECT_TRUE(next) << next.error().Text();
      if (!next) break;
      if (*next && is_so((*next)->event)) return std::move((*next)->event);
      if (!*next) log_->AwaitMore(reader_->cursor(), std::chrono::milliseconds(100));
    }
    return std::nullopt;
  }

 private:
  std::unique_ptr<record::JetStreamLog> log_;
  std::unique_ptr<record::RecordReader> reader_;
};

class ElsewhereTest : public testing::Test {
 protected:
  void SetUp() override {
    if (std::string_view(ENTENTE_NATS_SERVER).empty()) GTEST_SKIP() << "nats-server is not installed";
    servers_ = std::make_unique<record::NatsServers>(record::NatsServersOptions{.program = ENTENTE_NATS_SERVER});
    exercise_ = scratch_.File("apart.yaml", fmt::format(kExercise, servers_->urls().front(), ""));
  }

  void StartWithCertificates() {
    ASSERT_EQ(RunEntente(scratch_, {"certs", "--folder", "certificates", "--exercise", exercise_}).exit_code, 0);
    excon_ = "EXCON-control";
    Start(TlsOptions("EXCON-broker"), TlsOptions(excon_), TlsOptions("DEU-gateway"));
  }
  void Start(const std::vector<std::string>& of_broker = {}, const std::vector<std::string>& of_run = {},
             const std::vector<std::string>& of_gateway = {}) {
    broker_ = std::make_unique<BrokerProcess>(scratch_, exercise_, std::vector<std::string>{"--name", "broker-1"} + of_broker);
    ASSERT_NE(broker_->port(), 0);
    run_ = std::make_unique<ControlledRun>(
        scratch_, exercise_, std::vector<std::string>{"--broker", broker_->endpoint(), "--elsewhere", "DEU/brigade"} + of_run);
    ASSERT_TRUE(run_->AwaitRunning(excon_)) << run_->errors();
    gateway_ = std::make_unique<GatewayProcess>(
        scratch_, exercise_, std::vector<std::string>{broker_->endpoint()},
        std::vector<std::string>{"--node", "DEU/brigade", "--control", run_->endpoint()} + of_gateway, "gateway.log");
    tablet_ = std::make_unique<Tablet>(gateway_->PortOf("DEU/brigade"));
    EXPECT_THAT(tablet_->HearUntil("COQ"), HasSubstr("COQ")) << "simulated in the run";
    watch_ = std::make_unique<RecordWatch>(servers_->urls());
  }

  void AddPartition(const std::string& name) {
    const json added = run_->Ask({"fault", "add", "--name", name, "--partition", "[DEU, FRA]", "--for", "5min"}, excon_);
    EXPECT_EQ(added["fault"]["state"], "FAULT_STATE_ACTIVE");
  }

  // Recorded by the gateway: a message was stopped there.
  bool ActsAtTheGateway(const std::string& fault) {
    const auto impaired = watch_->Await([&](const v1::RecordEvent& event) {
      return event.has_message_impaired() && event.message_impaired().node() == "DEU/brigade" &&
             event.message_impaired().rule() == fault + "/partition";
    });
    return impaired && impaired->writer() == "gateway DEU/brigade" && impaired->message_impaired().decision() == "lost";
  }

  std::optional<v1::LinkProbed> ProbeAfter(const std::string& fault) {
    const auto probed = watch_->Await(
        [&](const v1::RecordEvent& event) { return event.has_link_probed() && event.link_probed().fault() == fault; });
    if (!probed) return std::nullopt;
    return probed->link_probed();
  }

  Scratch scratch_;
  std::unique_ptr<record::NatsServers> servers_;
  std::string exercise_;
  std::string excon_;  // whose certificate commands; empty: without TLS
  std::unique_ptr<BrokerProcess> broker_;
  std::unique_ptr<ControlledRun> run_;
  std::unique_ptr<GatewayProcess> gateway_;
  std::unique_ptr<Tablet> tablet_;
  std::unique_ptr<RecordWatch> watch_;
};

TEST_F(ElsewhereTest, AFaultOfMessagesActsAtTheOtherGatewayUntilItIsCleared) {
  Start();
  AddPartition("split");
  EXPECT_TRUE(ActsAtTheGateway("split"));
  const json cleared = run_->Ask({"fault", "clear", "split"});
  EXPECT_THAT(cleared["probes"][0]["found"].get<std::string>(), HasSubstr("gateways elsewhere"));
  const auto probed = ProbeAfter("split");
  ASSERT_TRUE(probed);
  EXPECT_EQ(probed->link(), "DEU/brigade");
  EXPECT_TRUE(probed->restored()) << probed->found();
  Tablet later(PortIn(gateway_->process().Lines().front()));
  EXPECT_THAT(later.HearUntil("COQ"), HasSubstr("COQ")) << "messages pass again";
}

TEST_F(ElsewhereTest, ARunThatIsKilledLeavesNoFaultAtTheOtherGateway) {
  Start();
  AddPartition("split");
  EXPECT_TRUE(ActsAtTheGateway("split"));
  run_->Kill();
  const auto probed = ProbeAfter("split");
  ASSERT_TRUE(probed) << "nobody renewed it";
  EXPECT_TRUE(probed->restored()) << probed->found();
  EXPECT_EQ(gateway_->process().Terminate(), 0);
}

TEST_F(ElsewhereTest, AlsoWithCertificates) {
  StartWithCertificates();
  AddPartition("split");
  EXPECT_TRUE(ActsAtTheGateway("split"));
  EXPECT_EQ(run_->Ask({"fault", "clear", "--all"}, excon_)["cleared"], json{"split"});
  const auto probed = ProbeAfter("split");
  ASSERT_TRUE(probed);
  EXPECT_TRUE(probed->restored()) << probed->found();
}

TEST_F(ElsewhereTest, WhatTheRunCannotReachIsRefused) {
  Start();
  const Outcome refused =
      run_->Control({"fault", "add", "--node", "DEU/brigade", "--for", "1min", "--conditions", "{latency: 120 ms}"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("DEU/brigade is hosted by a gateway elsewhere"));
  const std::vector<std::string> run{"run", exercise_, "--broker", broker_->endpoint()};
  for (const auto& [node, why] : {std::pair{"FRA/brigade", "FRA/brigade is no external node"},
                                  std::pair{"FRA/post", "the exercise has no node \"FRA/post\""}}) {
    const Outcome outcome = RunEntente(scratch_, run + std::vector<std::string>{"--elsewhere", node});
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_THAT(outcome.err, HasSubstr(why));
  }
}

TEST_F(ElsewhereTest, PlannedFaultsNeedALinkThatTheRunHasOrAWayToTheGateway) {
  Start();
  const auto refusal = [&](std::string_view fault) {
    const std::string file = scratch_.File(
        "planned.yaml", fmt::format(kExercise, servers_->urls().front(), fmt::format("faults: {{ f: {} }}\n", fault)));
    const Outcome outcome =
        RunEntente(scratch_, {"run", file, "--broker", broker_->endpoint(), "--elsewhere", "DEU/brigade", "--metrics-port", "0"});
    EXPECT_EQ(outcome.exit_code, 2);
    return outcome.err;
  };
  EXPECT_THAT(refusal("{ at: 1 s, for: 1 s, node: DEU/brigade, outage: silent }"), HasSubstr("its links are not the run's"));
  EXPECT_THAT(refusal("{ at: 1 s, for: 1 s, partition: [DEU, FRA] }"), HasSubstr("--control"));
}

TEST_F(ElsewhereTest, ARunOfAnotherExerciseIsNotFollowed) {
  Start();
  std::string other = fmt::format(kExercise, servers_->urls().front(), "");
  other.replace(other.find("name: apart"), 11, "name: other");
  constexpr std::string_view kWhy = "the run there is one of \"apart\", not of \"other\"";
  bool asked_to_end = false;
  const Outcome outcome = RunEntente(scratch_, {"gateway", scratch_.File("other.yaml", other), "--control", run_->endpoint()},
                                     [&](int pid, const std::string& err) {
                                       if (asked_to_end || err.find(kWhy) == std::string::npos) return;
                                       asked_to_end = true;
                                       kill(pid, SIGTERM);
                                     });
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err, HasSubstr(kWhy));
}

}  // namespace
}  // namespace entente::program
