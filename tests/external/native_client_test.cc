// SPDX-License-Identifier: Apache-2.0
// A node that is none of ours in language or process attaches to a real broker: what docs/native-client.md promises.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <functional>
#include <future>
#include <thread>

#include "base/io/system_clock.h"
#include "broker/record/log_reader.h"
#include "harness/links/io/tcp_proxy.h"
#include "tests/cli/bus_processes.h"
#include "tests/external/python_node.h"
#include "tests/whole/simulated_whole.h"

namespace entente::external {
namespace {

using nlohmann::json;
using program::Scratch;
using testing::Contains;
using testing::ElementsAreArray;
using testing::HasSubstr;

// A TCP line to the broker that can be cut; afterwards it takes connections at the same port again.
class CutLine {
 public:
  explicit CutLine(std::uint16_t broker)
      : link_("line", harness::LinkCarrier::kStream, 1, harness::Chain{}),
        proxy_(context_, clock_, link_, {.target = {"127.0.0.1", broker}}, {}) {
    const auto bound = proxy_.Start();
    EXPECT_TRUE(bound) << bound.error().Text();
    if (bound) port_ = bound->port;
    thread_ = std::thread([this] { context_.run(); });
  }
  ~CutLine() {
    asio::post(context_, [this] {
      proxy_.Stop();
      work_.reset();
    });
    thread_.join();
  }
  CutLine(const CutLine&) = delete;
  CutLine& operator=(const CutLine&) = delete;

  [[nodiscard]] std::string endpoint() const { return fmt::format("127.0.0.1:{}", port_); }
  void Cut() {
    OnItsThread([this] {
      link_.StartFault(
          {.id = "cut", .chain = {harness::SpecOf("outage", {{"how", std::string("refuse")}})}, .lease = std::chrono::hours(1)},
          clock_.Read().instant);
      proxy_.OnLinkChanged();
    });
    OnItsThread([this] {
      link_.EndFault("cut", clock_.Read().instant);
      proxy_.OnLinkChanged();
    });
  }

 private:
  void OnItsThread(const std::function<void()>& work) {
    std::promise<void> done;
    asio::post(context_, [&] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }

  SystemClock clock_;
  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
  harness::Link link_;
  harness::TcpProxy proxy_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

class NativeClient : public testing::Test {
 protected:
  void SetUp() override {
    if (!HasPython()) GTEST_SKIP() << "python3 with grpc and protobuf is not installed: scripts/setup test";
    StartBroker({});
  }

  void StartBroker(const std::vector<std::string>& options) {
    const std::string exercise = scratch_.File("two.yaml", whole::SmallExercise(""));
    std::vector<std::string> all{"--record", "record"};
    all.insert(all.end(), options.begin(), options.end());
    broker_ = std::make_unique<program::BrokerProcess>(scratch_, exercise, all);
    ASSERT_NE(broker_->port(), 0);
  }

  [[nodiscard]] std::string folder() const { return scratch_.path().string(); }
  [[nodiscard]] std::string endpoint() const { return broker_->endpoint(); }
  [[nodiscard]] std::unique_ptr<PythonNode> Start(const std::string& node, const std::vector<std::string>& options = {},
                                                  const std::string& broker = {}) const {
    auto started = std::make_unique<PythonNode>(broker.empty() ? endpoint() : broker, node, options, folder());
    EXPECT_EQ(started->Await("welcome").size(), 1U) << node;
    return started;
  }
  // Ends the broker and reads its record.
  std::vector<v1::RecordEvent> Recorded() {
    EXPECT_EQ(broker_->process().Terminate(), 0);
    std::vector<v1::RecordEvent> events;
    record::LogReader reader(scratch_.path() / "record", {}, {});
    for (auto next = reader.Next(); next && *next; next = reader.Next()) events.push_back(std::move((*next)->event));
    return events;
  }

  Scratch scratch_;
  std::unique_ptr<program::BrokerProcess> broker_;
};

std::vector<std::string> Texts(int first, int last) {
  std::vector<std::string> texts;
  for (int i = first; i <= last; ++i) texts.push_back(fmt::format("message {}", i));
  return texts;
}

std::vector<std::string> AwaitTextsUpTo(PythonNode& node, std::string_view last) {
  for (std::size_t count = 1;; ++count) {
    std::vector<std::string> texts = node.AwaitTexts(count);
    if (texts.size() < count || texts.back() == last) return texts;
  }
}

TEST_F(NativeClient, PublishesReceivesAndAcknowledges) {
  constexpr int kMessages = 100;
  const auto receiver = Start("FRA/logger");
  const auto sender = Start("DEU/tool", {"--deaf", "--leave-at-end"});
  for (const std::string& text : Texts(1, kMessages)) sender->SayChat(text);
  sender->process().Say("this is no envelope");
  sender->SayChat("of a policy that nobody has", "COSMIC");
  EXPECT_EQ(sender->process().End(), 0);
  EXPECT_EQ(sender->Events("receipt").size(), kMessages + 1U);
  EXPECT_THAT(sender->Events("receipt"),
              testing::Each(testing::Truly([](const json& receipt) { return receipt["refused"] == ""; })));
  EXPECT_EQ(sender->Await("goodbye").back()["reason"], "left: all is said");
  EXPECT_THAT(receiver->AwaitTexts(kMessages), ElementsAreArray(Texts(1, kMessages))) << "and not what its label withholds";
  EXPECT_EQ(receiver->Events("clock").size(), 1U);
  EXPECT_EQ(receiver->process().Terminate(), 0);

  const std::vector<v1::RecordEvent> events = Recorded();
  EXPECT_THAT(events, Contains(testing::Truly([](const v1::RecordEvent& event) {
                const v1::DeliveryAcknowledged& acknowledged = event.delivery_acknowledged();
                return acknowledged.node() == "FRA/logger" && acknowledged.precedence() == v1::PRECEDENCE_ROUTINE &&
                       acknowledged.delivery() == kMessages;
              })));
}

TEST_F(NativeClient, ResumesAfterABrokenStreamWithoutLossOrRepetition) {
  CutLine line(broker_->port());
  const auto receiver = Start("FRA/logger", {}, line.endpoint());
  const auto sender = Start("DEU/tool", {"--deaf"});
  int said = 0;
  for (std::size_t cuts = 1; cuts <= 3; ++cuts) {
    for (int i = 0; i < 20; ++i) sender->SayChat(fmt::format("message {}", ++said));
    line.Cut();
    for (int i = 0; i < 20; ++i) sender->SayChat(fmt::format("message {}", ++said));
    ASSERT_EQ(receiver->Await("welcome", cuts + 1).size(), cuts + 1) << "it came back";
  }
  EXPECT_THAT(receiver->AwaitTexts(static_cast<std::size_t>(said)), ElementsAreArray(Texts(1, said)));
  EXPECT_EQ(receiver->Events("welcome").back()["resumed"], true);
}

TEST_F(NativeClient, PublishesAgainWhatABrokenStreamLost) {
  CutLine line(broker_->port());
  const auto receiver = Start("FRA/logger");
  const auto sender = Start("DEU/tool", {"--deaf"}, line.endpoint());
  for (int i = 1; i <= 150; ++i) {
    sender->SayChat(fmt::format("message {}", i));
    if (i % 50 == 0) line.Cut();
  }
  EXPECT_THAT(receiver->AwaitTexts(150), ElementsAreArray(Texts(1, 150)));
  EXPECT_EQ(sender->Await("receipt", 150).size(), 150U);
}

TEST_F(NativeClient, RestartedProcessGoesOnFromItsMemory) {
  const auto sender = Start("DEU/tool", {"--deaf"});
  auto receiver = Start("FRA/logger", {"--memory", "logger.json"});
  for (const std::string& text : Texts(1, 10)) sender->SayChat(text);
  EXPECT_THAT(receiver->AwaitTexts(10), ElementsAreArray(Texts(1, 10)));
  receiver->process().Kill();
  for (const std::string& text : Texts(11, 20)) sender->SayChat(text);
  ASSERT_EQ(sender->Await("receipt", 20).size(), 20U);
  receiver = Start("FRA/logger", {"--memory", "logger.json"});
  EXPECT_EQ(receiver->Events("welcome").front()["resumed"], true);
  // What it had printed and not yet acknowledged when it was killed comes again: at least once, in order, nothing lost.
  std::vector<std::string> texts = AwaitTextsUpTo(*receiver, "message 20");
  while (!texts.empty() && texts.front() != "message 11") texts.erase(texts.begin());
  EXPECT_THAT(texts, ElementsAreArray(Texts(11, 20)));
}

TEST_F(NativeClient, IsToldWhyTheBrokerWillNotHaveIt) {
  PythonNode nobody(endpoint(), "not a node", {}, folder());
  const auto goodbyes = nobody.Await("goodbye");
  ASSERT_EQ(goodbyes.size(), 1U);
  EXPECT_THAT(goodbyes.front()["reason"].get<std::string>(), HasSubstr("not the name of a node"));
  EXPECT_EQ(nobody.process().End(), 1);
}

TEST_F(NativeClient, ToolsOfGrpcFindHealthAndSchema) {
  PeerProcess tools(PythonCommand({ENTENTE_SOURCE_DIR "/tests/external/ask_with_tools.py", endpoint()}), folder());
  const json answer = json::parse(tools.AwaitLine("{"), nullptr, false);
  EXPECT_EQ(tools.End(), 0);
  EXPECT_EQ(answer["health"][""], "SERVING");
  EXPECT_EQ(answer["health"]["entente.v1.Bus"], "SERVING");
  EXPECT_EQ(answer["health"]["no.such.Service"], "NOT_FOUND");
  EXPECT_THAT(answer["services"], Contains("entente.v1.Bus"));
  EXPECT_THAT(answer["services"], Contains("grpc.health.v1.Health"));
  EXPECT_EQ(answer["attach"], json::array({"entente.v1.ClientFrame", "entente.v1.BrokerFrame"}));
  EXPECT_EQ(answer["envelope"], 1);
}

class NativeClientWithTls : public NativeClient {
 protected:
  void SetUp() override {
    if (!HasPython()) GTEST_SKIP() << "python3 with grpc and protobuf is not installed: scripts/setup test";
    const program::Outcome made = program::RunEntente(
        scratch_, {"certs", "--folder", "certificates", "--broker", "EXCON/broker", "--node", "FRA/logger", "--node", "DEU/tool"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
    StartBroker({"--tls-certificate", "certificates/EXCON-broker.pem", "--tls-key", "certificates/EXCON-broker.key",
                 "--tls-authority", "certificates/authority.pem"});
  }
  // What lets a node prove that it is FRA/logger; `name` is that of its files.
  static std::vector<std::string> Proof(const std::string& name) {
    return {"--authority", "certificates/authority.pem",   "--certificate", "certificates/" + name + ".pem",
            "--key",       "certificates/" + name + ".key"};
  }
};

TEST_F(NativeClientWithTls, PublishesReceivesAcknowledgesAndResumes) {
  std::vector<std::string> remembering = Proof("FRA-logger");
  remembering.insert(remembering.end(), {"--memory", "logger.json"});
  auto receiver = Start("FRA/logger", remembering);
  const auto sender = Start("DEU/tool", Proof("DEU-tool"));
  for (const std::string& text : Texts(1, 10)) sender->SayChat(text);
  EXPECT_THAT(receiver->AwaitTexts(10), ElementsAreArray(Texts(1, 10)));
  EXPECT_EQ(receiver->process().Terminate(), 0);
  for (const std::string& text : Texts(11, 20)) sender->SayChat(text);
  ASSERT_EQ(sender->Await("receipt", 20).size(), 20U);
  receiver = Start("FRA/logger", remembering);
  EXPECT_EQ(receiver->Events("welcome").front()["resumed"], true);
  EXPECT_THAT(AwaitTextsUpTo(*receiver, "message 20"), ElementsAreArray(Texts(11, 20)));
  EXPECT_THAT(Recorded(), Contains(testing::Truly([](const v1::RecordEvent& event) {
                return event.node_attached().node() == "FRA/logger" && event.node_attached().identity() == "FRA/logger";
              })));
}

TEST_F(NativeClientWithTls, SpeaksForNobodyElse) {
  PythonNode impostor(endpoint(), "DEU/tool", Proof("FRA-logger"), folder());
  ASSERT_EQ(impostor.Await("goodbye").size(), 1U);
  EXPECT_EQ(impostor.process().End(), 1);
  EXPECT_THAT(Recorded(), Contains(testing::Truly([](const v1::RecordEvent& event) {
                return event.peer_refused().node() == "DEU/tool" && event.peer_refused().identity() == "FRA/logger";
              })));
}

}  // namespace
}  // namespace entente::external
