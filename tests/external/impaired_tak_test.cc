// SPDX-License-Identifier: Apache-2.0
// A real third-party client, @tak-ps/node-tak, through every kind of impairment: eighteen of them over TLS in one live run, one for
// each kind and one whose link is left alone. Of each, the record says that its traffic was impaired as asked, and the record and
// the client's own log that it recovered. docs/third-party.md has what it did meanwhile.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "base/io/system_clock.h"
#include "broker/record/log_reader.h"
#include "broker/record/segment_log.h"
#include "harness/links/impairment.h"
#include "harness/run/live_run.h"
#include "tests/external/certificates.h"
#include "tests/external/peer_process.h"

namespace entente::external {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AnyOf;
using testing::Contains;
using testing::IsEmpty;
using testing::Matcher;
using testing::Not;

constexpr std::int64_t kMillisecondNs = 1'000'000;
// What was on its way when a fault began may be read so much later.
constexpr std::int64_t kUnderWayNs = 2'000'000'000;

// One client and what is done to its link.
struct Case {
  std::string_view name;
  std::string_view fault;     // as the exercise file says it
  std::string_view decision;  // that the record must hold of it; empty: connections are what it acts on
  bool breaks = false;        // the connection does not outlive it
};

// A stream repeats what a link loses: it comes late. What is damaged under TLS breaks the connection, since TLS notices.
constexpr std::array kCases{
    Case{"latency", "impairments: {kind: latency, delay: 400 ms}", "delayed"},
    Case{"rate", "impairments: {kind: rate, rate: 16 kbit/s}", "delayed"},
    Case{"loss", "impairments: {kind: loss, share: 30 %}", "delayed"},
    Case{"burst-loss", "impairments: {kind: burst-loss, p: 50 %, r: 30 %}", "delayed"},
    Case{"duplicate", "messages: {impairments: {kind: duplicate, share: 100 %}}", "duplicated"},
    Case{"reorder", "impairments: {kind: reorder, share: 60 %, by: 500 ms}", "reordered"},
    Case{"corrupt", "impairments: {kind: corrupt, share: 60 %, what: octets, count: 200}", "corrupted", true},
    Case{"truncate", "impairments: {kind: truncate, share: 60 %, keep: 30 %}", "truncated", true},
    Case{"slice", "impairments: {kind: slice, octets: 64, gap: 5 ms}", "sliced"},
    Case{"slow-drip", "impairments: {kind: slow-drip, octets: 400, every: 100 ms}", "sliced"},
    Case{"slow-open", "impairments: [{kind: slow-open, delay: 3 s}, reset]", "", true},
    Case{"slow-close", "impairments: {kind: slow-close, delay: 3 s}", "", true},
    Case{"reset", "impairments: reset", "", true},
    Case{"half-open", "impairments: half-open", "lost", true},
    Case{"outage", "impairments: outage", "held"},
    Case{"outage-refused", "impairments: {kind: outage, how: refuse}", "", true},
    Case{"flap", "impairments: {kind: flap, period: 3 s, down: 40 %, how: refuse}", "", true},
    Case{"untouched", "", ""},
};

constexpr std::string_view kHead = R"(
version: 1
name: impaired-tak
seed: 11
duration: 26 s
drain: 2 s
await-external: 60 s
policy:
  classifications: [UNCLASSIFIED]
nations:
  DEU:
    clearance: UNCLASSIFIED
    label: UNCLASSIFIED rel DEU NOR
    nodes:
      hq:
        protocol: cot
        units:
          lion: {callsign: LION, dimension: land, function: U-C-I, route: [53.50 N 9.90 E, 53.60 N 9.90 E], speed: 60 km/h, report-every: 500 ms}
  NOR:
    clearance: UNCLASSIFIED
    label: UNCLASSIFIED rel DEU NOR
    nodes:
)";

std::string Exercise() {
  std::string text(kHead);
  for (const Case& tested : kCases) {
    text += fmt::format(
        "      {}: {{protocol: cot, transport: tls, external: true, listen: 127.0.0.1:0, receives-from: DEU, tls: {{certificate: "
        "server.pem, key: "
        "server.key, authority: ca.pem, require-peer-certificate: true}}}}\n",
        tested.name);
  }
  text += "faults:\n";
  for (const Case& tested : kCases) {
    if (!tested.fault.empty()) text += fmt::format("  {0}: {{at: 5 s, for: 9 s, node: NOR/{0}, {1}}}\n", tested.name, tested.fault);
  }
  return text + "expectations:\n  no-leak: {no-leak: true}\n";
}

using Breaks = std::vector<std::string>;

// What one client, and its line of the record, went through.
struct Passage {
  std::vector<json> said;                      // the client's log
  std::map<std::string, int> decisions;        // of its fault
  std::int64_t shortest_delay_ns = INT64_MAX;  // of those decisions
  std::int64_t first_break_ns = 0;
  Breaks breaks;  // at the gateway, with the reason
  std::int64_t began_ns = 0;
  std::int64_t ended_ns = 0;
  std::string probe;
  std::int64_t ingested_after_ns = 0;  // the first message of the client after the fault
  int ingested = 0;

  [[nodiscard]] int Count(std::string_view key, std::int64_t from_ns = 0, std::int64_t to_ns = INT64_MAX) const {
    return static_cast<int>(std::ranges::count_if(said, [&](const json& entry) {
      const std::int64_t at_ns = entry["at"].get<std::int64_t>() * kMillisecondNs;
      return entry.contains(key) && at_ns >= from_ns && at_ns < to_ns;
    }));
  }
  // Milliseconds from the fault's end to the client's first received track; -1: none came.
  [[nodiscard]] std::int64_t HeardAfterMs() const {
    for (const json& entry : said) {
      const std::int64_t after_ms = entry["at"].get<std::int64_t>() - ended_ns / kMillisecondNs;
      if (entry.contains("callsign") && after_ms >= 0) return after_ms;
    }
    return -1;
  }
  // Why the client gave up connections, but at the end of the run.
  [[nodiscard]] std::set<std::string> Lost() const {
    constexpr std::int64_t kAftermathNs = 5'000'000'000;
    std::set<std::string> reasons;
    for (const json& entry : said) {
      const bool of_fault = entry["at"].get<std::int64_t>() * kMillisecondNs < ended_ns + kAftermathNs;
      if (of_fault && entry.contains("lost")) reasons.insert(entry["lost"]);
    }
    return reasons;
  }
  // When the client first says this; 0: never.
  [[nodiscard]] std::int64_t FirstNs(std::string_view key, std::int64_t from_ns = 0) const {
    for (const json& entry : said) {
      const std::int64_t at_ns = entry["at"].get<std::int64_t>() * kMillisecondNs;
      if (at_ns >= from_ns && entry.contains(key)) return at_ns;
    }
    return 0;
  }
};

// The run is long, and one for all: its findings are read by many tests of one process, which is why they are one test here.
class ImpairedTak : public testing::Test {
 protected:
  void SetUp() override {
    if (std::string_view(ENTENTE_NODE).empty() || !fs::exists(fs::path(ENTENTE_PEERS_DIR) / "node_modules")) {
      GTEST_SKIP() << "node or the npm peers are not installed: scripts/setup test";
    }
    folder_ = fs::temp_directory_path() / fmt::format("entente-impaired-tak-{}-{:016x}", getpid(), EntropyNumber());
    fs::create_directories(folder_);
    MakeCertificates(folder_);
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  void Run() {
    const auto plan = harness::PrepareRun(Exercise(), folder_ / "exercise.yaml", {});
    ASSERT_TRUE(plan.has_value()) << plan.error().Text();
    const SystemClock clock;
    auto log = record::SegmentLog::Open({.directory = folder_ / "record"}, clock);
    ASSERT_TRUE(log.has_value()) << log.error().Text();
    harness::Recorder recorder(**log);
    const broker::PolicyGuard guard(plan->exercise.policy());
    const harness::LiveHooks hooks{.on_progress = [this](const harness::LiveProgress& progress) { return Look(progress); }};
    const Status ran = harness::RunLive(*plan, guard, recorder, hooks);
    ASSERT_TRUE(ran.has_value()) << ran.error().Text();
    ASSERT_NE(clients_, nullptr) << "the run never waited for the external nodes";
    clients_->End();
    ASSERT_TRUE((*log)->Close().has_value());
    ReadLog();
    ReadRecord();
  }

  std::map<std::string, Passage, std::less<>> passages_;

 private:
  bool Look(const harness::LiveProgress& progress) {
    if (!clients_ && progress.awaited.size() == kCases.size()) Start(progress.awaited);
    if (clients_ && !closed_ && progress.active_faults.contains("slow-close")) {
      closed_ = true;
      clients_->Say("close slow-close 4000");
    }
    if (clients_) clients_->Lines();  // what nobody reads would hold them up
    return true;
  }
  // "NOR/latency at 127.0.0.1:40123"
  void Start(const std::vector<std::string>& awaited) {
    std::vector<std::string> argv{ENTENTE_NODE, "node-tak-fleet.mjs", (folder_ / "client.pem").string(),
                                  (folder_ / "client.key").string()};
    for (const std::string& node : awaited) {
      const std::size_t from = node.find('/') + 1;
      argv.push_back(node.substr(from, node.find(' ') - from) + '=' + node.substr(node.rfind(':') + 1));
    }
    clients_ = std::make_unique<PeerProcess>(argv, ENTENTE_PEERS_DIR);
  }
  void ReadLog() {
    for (const std::string& line : clients_->Lines()) {
      json entry = json::parse(line);
      passages_[entry["client"]].said.push_back(std::move(entry));
    }
  }
  void ReadRecord() {
    record::LogReader reader(folder_ / "record", {}, {});
    for (auto next = reader.Next(); next && *next; next = reader.Next()) Take((*next)->event);
  }
  Passage* Find(std::string_view node) {
    const auto found = passages_.find(node.starts_with("NOR/") ? node.substr(4) : node);
    return found == passages_.end() ? nullptr : &found->second;
  }
  void Take(const v1::RecordEvent& event) {
    if (Passage* passage = Find(event.fault_started().fault())) passage->began_ns = event.utc_ns();
    if (Passage* passage = Find(event.fault_ended().fault())) {
      passage->ended_ns = event.utc_ns();
      passage->probe = event.fault_ended().probe();
    }
    const auto decided = [&](const std::string& node, const std::string& rule, const std::string& decision) {
      Passage* passage = Find(node);
      if (passage == nullptr || !rule.starts_with(node.substr(4))) return;
      ++passage->decisions[decision];
      passage->shortest_delay_ns = std::min(passage->shortest_delay_ns, event.link_decision().delay_ns());
    };
    if (event.has_link_decision())
      decided(event.link_decision().link(), event.link_decision().rule(), event.link_decision().decision());
    if (event.has_message_impaired())
      decided(event.message_impaired().node(), event.message_impaired().rule(), event.message_impaired().decision());
    const v1::NodeStateChanged& change = event.node_state_changed();
    if (Passage* passage = Find(change.node()); passage != nullptr && change.state() == v1::NODE_STATE_LOST) {
      passage->breaks.push_back(change.reason());
      if (passage->first_break_ns == 0) passage->first_break_ns = event.utc_ns();
    }
    if (Passage* passage = Find(event.message_ingested().node())) {
      ++passage->ingested;
      if (passage->ended_ns != 0 && passage->ingested_after_ns == 0) passage->ingested_after_ns = event.utc_ns();
    }
  }

  fs::path folder_;
  std::unique_ptr<PeerProcess> clients_;
  bool closed_ = false;
};

void Print(std::string_view name, const Passage& passage) {
  std::string decisions;
  for (const auto& [decision, count] : passage.decisions) decisions += fmt::format("{} {} ", count, decision);
  std::string lost;
  for (const std::string& reason : passage.Lost()) lost += reason + ' ';
  std::cout << fmt::format(
      "{:<15} decisions: {:<24} connected {} times, {} pongs; tracks heard {} in the fault, {} in all; said {}; lost: {}; first "
      "heard "
      "{} ms after; gateway: {}; probe: {}\n",
      name, decisions, passage.Count("connected"), passage.Count("pong"),
      passage.Count("callsign", passage.began_ns, passage.ended_ns), passage.Count("callsign"), passage.ingested, lost,
      passage.HeardAfterMs(), passage.breaks.empty() ? "" : passage.breaks.front(), passage.probe);
}

// What is told of each kind beside that.
void ExpectAsAsked(std::map<std::string, Passage, std::less<>>& passages) {
  constexpr std::int64_t kThreeSeconds = 3'000'000'000;
  const int untouched = passages["untouched"].Count("callsign");
  EXPECT_GE(passages["latency"].shortest_delay_ns, 400 * kMillisecondNs);
  EXPECT_GT(passages["duplicate"].Count("callsign"), untouched + 10) << "what came twice, it took twice";
  EXPECT_GE(passages["outage"].Count("callsign"), untouched - 2) << "what the silence held came after it";
  for (const char* silent : {"outage", "half-open"}) {
    const Passage& passage = passages[silent];
    EXPECT_EQ(passage.Count("callsign", passage.began_ns + kUnderWayNs, passage.ended_ns), 0) << silent;
    EXPECT_EQ(passage.Count("lost", passage.began_ns, passage.ended_ns), 0) << silent << ": the client does not notice";
  }
  for (const char* broken : {"reset", "half-open", "slow-open", "flap", "outage-refused"}) {
    // Node reports a reset that meets it in the middle of something as the end of the stream.
    EXPECT_THAT(passages[broken].Lost(), Contains(AnyOf("ECONNRESET", "end"))) << broken;
  }
  EXPECT_GE(passages["flap"].Count("connected"), 3);
  const Passage& opened = passages["slow-open"];
  const std::int64_t dialled_ns = opened.FirstNs("connecting", opened.began_ns);
  EXPECT_GE(opened.FirstNs("connected", dialled_ns) - dialled_ns, kThreeSeconds);
  const Passage& closed = passages["slow-close"];
  EXPECT_GE(closed.first_break_ns - closed.FirstNs("lost", closed.began_ns), kThreeSeconds) << "the gateway was told late";
}

TEST(ImpairedTakCases, LeaveNoKindOut) {
  for (const harness::ImpairmentKind* kind : harness::ImpairmentKinds()) {
    if (kind->of_node) continue;  // a real system's clock is its own: an exercise file that skews it is refused
    EXPECT_TRUE(std::ranges::find(kCases, kind->name, &Case::name) != kCases.end()) << kind->name;
  }
}

TEST_F(ImpairedTak, GoesThroughEveryKindAndRecovers) {
  Run();
  for (const Case& tested : kCases) {
    SCOPED_TRACE(tested.name);
    const Passage& passage = passages_[std::string(tested.name)];
    Print(tested.name, passage);
    EXPECT_GT(passage.ingested, 5);
    EXPECT_EQ(passage.Count("timeout"), 0) << "the library sets no timeout of its own";
    if (tested.fault.empty()) {
      EXPECT_EQ(passage.Count("connected"), 1);
      EXPECT_THAT(passage.breaks, IsEmpty());
      continue;
    }
    ASSERT_NE(passage.ended_ns, 0) << "the fault did not end";
    if (!tested.decision.empty()) {
      EXPECT_GT(passage.decisions.count(std::string(tested.decision)), 0U) << "impaired, and otherwise than asked";
    }
    EXPECT_GE(passage.HeardAfterMs(), 0) << "the client heard nothing after the fault";
    EXPECT_NE(passage.ingested_after_ns, 0) << "nothing of the client was understood after the fault";
    EXPECT_EQ(passage.Count("connected") > 1, tested.breaks);
    EXPECT_THAT(passage.breaks, tested.breaks ? Matcher<Breaks>(Not(IsEmpty())) : Matcher<Breaks>(IsEmpty())) << "at the gateway";
  }
  ExpectAsAsked(passages_);
}

}  // namespace
}  // namespace entente::external
