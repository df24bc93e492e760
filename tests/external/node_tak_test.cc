// SPDX-License-Identifier: Apache-2.0
// A real third-party client, @tak-ps/node-tak, takes part as an external node over TLS with a client certificate.

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/io/system_clock.h"
#include "broker/record/segment_log.h"
#include "harness/assessment/assessment.h"
#include "harness/run/live_run.h"
#include "tests/external/certificates.h"
#include "tests/external/peer_process.h"

namespace entente::external {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::string_view kExercise = R"(
version: 1
name: node-tak
seed: 3
duration: 12 s
drain: 2 s
await-external: 30 s
policy:
  classifications: [UNCLASSIFIED, SECRET]
nations:
  DEU:
    clearance: SECRET
    label: UNCLASSIFIED rel DEU NOR
    nodes:
      hq:
        protocol: cot
        units:
          lion: {callsign: LION, dimension: land, function: U-C-I, route: [53.50 N 9.90 E], report-every: 1 s}
          secret: {callsign: HIDDEN, dimension: land, route: [53.40 N 9.80 E], report-every: 1 s, label: SECRET rel DEU}
  NOR:
    clearance: SECRET
    label: UNCLASSIFIED rel DEU NOR
    nodes:
      tablet:
        protocol: cot
        transport: tls
        external: true
        tls: {certificate: server.pem, key: server.key, authority: ca.pem, require-peer-certificate: true}
injects:
  greeting: {at: 4 s, node: DEU/hq, chat: Moin}
expectations:
  from-tablet: {from: NOR, to: DEU, families: track, delivery: {at-least: 90 %, within: 2 s}}
  no-leak: {no-leak: true}
  to-tablet: {from: DEU, to: NOR, families: track, delivery: {at-least: 90 %}}
)";

class NodeTak : public testing::Test {
 protected:
  void SetUp() override {
    if (std::string_view(ENTENTE_NODE).empty() || !fs::exists(fs::path(ENTENTE_PEERS_DIR) / "node_modules")) {
      GTEST_SKIP() << "node or the npm peers are not installed: scripts/setup test";
    }
    folder_ = fs::temp_directory_path() / fmt::format("entente-node-tak-{}-{:016x}", getpid(), EntropyNumber());
    fs::create_directories(folder_);
    MakeCertificates(folder_);
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  // Starts the client at the endpoint that READY says it waits at.
  void StartClientAt(const std::string& awaited) {
    const std::string port = awaited.substr(awaited.rfind(':') + 1);
    client_ = std::make_unique<PeerProcess>(
        std::vector<std::string>{ENTENTE_NODE, "node-tak-client.mjs", port, (folder_ / "client.pem").string(),
                                 (folder_ / "client.key").string()},
        ENTENTE_PEERS_DIR);
  }
  std::vector<json> Received() {
    std::vector<json> received;
    for (const std::string& line : client_->Lines()) received.push_back(json::parse(line));
    return received;
  }

  fs::path folder_;
  std::unique_ptr<PeerProcess> client_;
};

std::size_t CountOf(const std::vector<json>& received, std::string_view key, const json& value) {
  return static_cast<std::size_t>(
      std::ranges::count_if(received, [&](const json& entry) { return entry.value(key, json()) == value; }));
}

TEST_F(NodeTak, ConnectsSendsAndReceivesAsAnExternalNode) {
  const auto plan = harness::PrepareRun(std::string(kExercise), folder_ / "exercise.yaml", {});
  ASSERT_TRUE(plan.has_value()) << plan.error().Text();
  const SystemClock clock;
  auto log = record::SegmentLog::Open({.directory = folder_ / "record"}, clock);
  ASSERT_TRUE(log.has_value()) << log.error().Text();
  harness::Recorder recorder(**log);
  const broker::PolicyGuard guard(plan->exercise.policy());
  harness::LiveHooks hooks;
  hooks.on_progress = [&](const harness::LiveProgress& progress) {
    if (!client_ && !progress.awaited.empty()) StartClientAt(progress.awaited.front());
    return true;
  };
  const Status ran = harness::RunLive(*plan, guard, recorder, hooks);
  ASSERT_TRUE(ran.has_value()) << ran.error().Text();
  ASSERT_NE(client_, nullptr) << "the run never waited for the external node";
  client_->End();

  const std::vector<json> received = Received();
  EXPECT_EQ(CountOf(received, "connected", true), 1U);
  EXPECT_GE(CountOf(received, "pong", true), 2U) << "the client pings every 5 s and waits for the pong";
  EXPECT_GE(CountOf(received, "callsign", "LION"), 8U) << "tracks of DEU/hq";
  EXPECT_GE(CountOf(received, "remarks", "Moin"), 1U) << "the chat of DEU/hq";
  EXPECT_EQ(CountOf(received, "callsign", "HIDDEN"), 0U) << "what is not releasable to NOR";

  const harness::Assessment assessment = recorder.WithFold([](const harness::Fold& fold) { return harness::Assess(fold); });
  const auto understood = [&](std::string_view id) {
    const auto found = std::ranges::find(assessment.expectations, id, &harness::ExpectationSummary::id);
    return found == assessment.expectations.end() ? harness::Verdict::kNotRun : found->judgement.verdict;
  };
  EXPECT_EQ(understood("from-tablet"), harness::Verdict::kPass);
  EXPECT_EQ(understood("no-leak"), harness::Verdict::kPass);
  // What the client makes of its messages cannot be seen from here: never a pass, although it was sent all of them.
  EXPECT_EQ(understood("to-tablet"), harness::Verdict::kInconclusive);
  EXPECT_EQ(assessment.exit_code, 3);
}

}  // namespace
}  // namespace entente::external
