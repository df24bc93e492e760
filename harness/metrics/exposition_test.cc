// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

#include "harness/assessment/record_script.h"
#include "harness/metrics/exposer.h"
#include "harness/metrics/metric_families.h"
#include "harness/metrics/metric_table.h"

namespace entente::harness {
namespace {

using ::testing::HasSubstr;

// One HTTP/1.0 GET over loopback; the whole answer, head and body.
std::string Get(std::uint16_t port, const std::string& path) {
  const int client = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (::connect(client, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
    const std::string request = "GET " + path + " HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n";
    if (::send(client, request.data(), request.size(), 0) == static_cast<ssize_t>(request.size())) {
      char buffer[4096];
      for (ssize_t got; (got = ::recv(client, buffer, sizeof(buffer), 0)) > 0;)
        answer.append(buffer, static_cast<std::size_t>(got));
    }
  }
  ::close(client);
  return answer;
}

std::string Body(const std::string& answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? std::string() : answer.substr(end + 4);
}

// A run in which every metric has something to show.
Fold EventfulFold() {
  RecordScript script;
  script.Node("DEU/a");
  script.Node("FRA/b");
  script.Begin();
  script.Deliver("DEU/a", "FRA/b", 30);
  script.Deliver("DEU/a", "FRA/b", 40'000);
  auto leaked = script.Track("DEU/a");
  leaked.truth.mutable_label()->set_classification("SECRET");
  script.ComeToNode(leaked, "FRA/b");
  script.Understood(leaked, "FRA/b");
  const auto damaged = script.Track("DEU/a");
  script.Composed(damaged);
  script.Damaged(damaged, "DEU/a", v1::DIRECTION_TO_GATEWAY);
  script.Refused("DEU/a", v1::SIDE_GATEWAY, RecordScript::DamagedHash(damaged));
  script.LinkLost("FRA/b", v1::DIRECTION_TO_NODE);
  script.FaultStarted("cut", "outage", "FRA/b");
  script.Add().mutable_inject_fired()->set_inject("msel-1");
  script.Add().mutable_command_given()->set_command("pause");
  script.Add().mutable_process_fault()->set_text("a \"quoted\"\nline");
  v1::MessageRefused& refused = *script.Add().mutable_message_refused();
  *refused.mutable_id() = damaged.id;
  refused.set_reason("not \"its\" node");
  script.Add().mutable_peer_refused()->set_reason("the certificate names no node");
  return script.ToFold();
}

ProcessGauges SomeGauges() {
  ProcessGauges gauges;
  gauges.queued_octets["FRA/b"] = 4096;
  gauges.resident_octets = 1;
  return gauges;
}

class ExpositionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto started = Exposer::Start({});
    ASSERT_TRUE(started) << started.error().Text();
    exposer_ = std::move(*started);
    exposer_->Publish(EventfulFold().figures());
    exposer_->SetGauges(SomeGauges());
  }
  std::string Scrape() { return Body(Get(exposer_->port(), "/metrics")); }

  std::unique_ptr<Exposer> exposer_;
};

TEST_F(ExpositionTest, ServesTheFiguresOfTheFoldOverHttp) {
  const std::string answer = Get(exposer_->port(), "/metrics");
  EXPECT_THAT(answer, HasSubstr("200 OK"));
  const std::string body = Body(answer);
  EXPECT_THAT(
      body,
      HasSubstr("entente_understood_messages_total{nation=\"FRA\",node=\"FRA/b\",family=\"track\",precedence=\"ROUTINE\"} 3"));
  EXPECT_THAT(body, HasSubstr("entente_refused_peers_total 1"));
  EXPECT_THAT(body, HasSubstr("entente_commands_total{outcome=\"carried_out\"} 1"));
  EXPECT_THAT(body, HasSubstr("entente_leaks_total{from_nation=\"DEU\",to_nation=\"FRA\"} 1"));
  EXPECT_THAT(body, HasSubstr("entente_node_queue_octets{nation=\"FRA\",node=\"FRA/b\"} 4096"));
}

TEST_F(ExpositionTest, HistogramBucketsAreCumulativeAndEndWithInfinity) {
  const std::string body = Scrape();
  EXPECT_THAT(body, HasSubstr("entente_delivery_latency_seconds_bucket{precedence=\"ROUTINE\",le=\"0.05\"} 2"));
  EXPECT_THAT(body, HasSubstr("entente_delivery_latency_seconds_bucket{precedence=\"ROUTINE\",le=\"30\"} 2"));
  EXPECT_THAT(body, HasSubstr("entente_delivery_latency_seconds_bucket{precedence=\"ROUTINE\",le=\"+Inf\"} 3"));
  EXPECT_THAT(body, HasSubstr("entente_delivery_latency_seconds_count{precedence=\"ROUTINE\"} 3"));
}

// The text format, line by line: a TYPE before its samples, each family in one piece, each series once.
TEST_F(ExpositionTest, IsRightTextFormat) {
  static const std::regex kSample(
      R"(^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{([a-zA-Z_][a-zA-Z0-9_]*="(\\[\\"n]|[^"\\])*",?)*\})? (-?[0-9.eE+-]+|[+-]Inf|NaN)$)");
  static const std::regex kType(R"(^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)$)");
  std::istringstream body(Scrape());
  std::set<std::string> series;
  std::set<std::string> families;
  std::string family;
  std::smatch match;
  for (std::string line; std::getline(body, line);) {
    if (line.starts_with("# HELP ") || line.find("exposer_") != std::string::npos) continue;  // the library's own of itself
    if (std::regex_match(line, match, kType)) {
      family = match[1];
      EXPECT_TRUE(families.insert(family).second) << family << " comes twice";
      continue;
    }
    ASSERT_TRUE(std::regex_match(line, match, kSample)) << line;
    EXPECT_TRUE(match[1].str().starts_with(family)) << line << " stands under " << family;
    EXPECT_TRUE(series.insert(line.substr(0, line.rfind(' '))).second) << line << " comes twice";
  }
  EXPECT_GT(series.size(), 20U);
}

TEST_F(ExpositionTest, PromtoolAgreesWhereItIsInstalled) {
  if (std::system("command -v promtool >/dev/null 2>&1") != 0) GTEST_SKIP() << "promtool is not installed (Debian: prometheus)";
  // Only what is Entente's own: the exposer library adds metrics about itself.
  std::istringstream body(Scrape());
  const std::string path = ::testing::TempDir() + "entente_metrics.txt";
  {
    std::ofstream file(path);
    for (std::string line; std::getline(body, line);) {
      if (line.find("exposer_") == std::string::npos) file << line << '\n';
    }
  }
  EXPECT_EQ(std::system(("promtool check metrics < " + path).c_str()), 0);
}

TEST_F(ExpositionTest, EveryMetricOfTheTableIsExposedWithItsLabels) {
  const Fold fold = EventfulFold();
  std::map<std::string, prometheus::MetricFamily> exposed;
  for (auto& family : MetricFamilies(fold.figures(), SomeGauges())) exposed[family.name] = family;
  for (const MetricDescription& metric : MetricTable()) {
    const auto found = exposed.find(std::string(metric.name));
    if (found == exposed.end()) {
      ADD_FAILURE() << metric.name << " is not exposed";
      continue;
    }
    std::string labels;
    for (const auto& label : found->second.metric.front().label) labels += (labels.empty() ? "" : ", ") + label.name;
    EXPECT_EQ(labels, metric.labels) << metric.name;
  }
  EXPECT_EQ(exposed.size(), MetricTable().size());
}

TEST(Metrics, TheDocumentShowsTheSameTable) {
  std::ifstream file(std::string(ENTENTE_SOURCE_DIR) + "/docs/metrics.md");
  const std::string document((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::size_t rows = 0;
  for (std::size_t at = 0; (at = document.find("\n| `entente_", at)) != std::string::npos; ++at) ++rows;
  EXPECT_EQ(rows, MetricTable().size());
  for (const MetricDescription& metric : MetricTable()) {
    const std::string row = "| `" + std::string(metric.name) + "` | " + std::string(KindName(metric.kind)) + " | " +
                            (metric.labels.empty() ? "–" : std::string(metric.labels)) + " | " + std::string(metric.help) + " |";
    EXPECT_THAT(document, HasSubstr(row));
  }
}

TEST(Metrics, NamesEndInTheirUnitOrTotal) {
  for (const MetricDescription& metric : MetricTable()) {
    EXPECT_EQ(metric.name.ends_with("_total"), metric.kind == MetricKind::kCounter) << metric.name;
  }
}

TEST(Metrics, ATakenPortIsAClearError) {
  auto first = Exposer::Start({});
  ASSERT_TRUE(first);
  const auto second = Exposer::Start({.port = (*first)->port()});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kAlreadyExists);
  EXPECT_THAT(second.error().Text(), HasSubstr(std::to_string((*first)->port())));
}

TEST(Metrics, PublishingAndScrapingGoOnAtOnce) {
  auto exposer = Exposer::Start({});
  ASSERT_TRUE(exposer);
  const Figures figures = EventfulFold().figures();
  std::jthread publisher([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) (*exposer)->Publish(figures);
  });
  for (int i = 0; i < 20; ++i) EXPECT_THAT(Get((*exposer)->port(), "/metrics"), HasSubstr("200 OK"));
}

}  // namespace
}  // namespace entente::harness
