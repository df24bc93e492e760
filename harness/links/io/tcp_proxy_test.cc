// SPDX-License-Identifier: Apache-2.0
#include "harness/links/io/tcp_proxy.h"

#include <gtest/gtest.h>

#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>

#include "base/io/system_clock.h"

namespace entente::harness {
namespace {

using namespace std::chrono_literals;
using asio::ip::tcp;

// The longest that a condition is waited for; a test that needs it has failed.
constexpr auto kPatience = 20s;

class TcpProxyTest : public ::testing::Test {
 protected:
  TcpProxyTest() : gateway_(context_, {asio::ip::address_v4::loopback(), 0}) {}
  ~TcpProxyTest() override {
    if (proxy_) proxy_->Stop();
    context_.restart();
    context_.poll();
  }

  void Start(const Chain& chain, std::size_t limit = kChannelOctets) {
    link_.emplace("DEU/alpha", LinkCarrier::kStream, 1, chain, Instant{}, limit);
    ProxyEvents events;
    events.decision = [this](const Decision& decision) { decisions_.push_back(decision); };
    events.lease_ended = [this](std::string_view fault) { ended_.emplace_back(fault); };
    events.connection = [this](std::string_view text) { said_.emplace_back(text); };
    TcpProxy::Config config;
    config.target = {"127.0.0.1", gateway_.local_endpoint().port()};
    proxy_.emplace(context_, clock_, *link_, config, events);
    const auto bound = proxy_->Start();
    ASSERT_TRUE(bound) << bound.error().Text();
    bound_ = *bound;
  }
  // A connection of the node through the proxy: its socket and the gateway's.
  std::pair<tcp::socket, tcp::socket> Connect() {
    std::pair<tcp::socket, tcp::socket> ends{context_, context_};
    bool there = false;
    ends.first.connect({asio::ip::make_address(bound_.host), bound_.port});
    gateway_.async_accept(ends.second, [&](std::error_code error) { there = !error; });
    EXPECT_TRUE(RunUntil([&] { return there; }));
    return ends;
  }
  template <typename Condition>
  bool RunUntil(Condition condition) {
    context_.restart();
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!condition() && std::chrono::steady_clock::now() < deadline) {
      context_.restart();
      context_.run_one_for(100ms);
    }
    return condition();
  }
  std::string ReadText(tcp::socket& socket, std::size_t size) {
    std::string text(size, '\0');
    bool done = false;
    asio::async_read(socket, asio::buffer(text), [&](std::error_code, std::size_t read) {
      text.resize(read);
      done = true;
    });
    RunUntil([&] { return done; });
    return text;
  }
  std::error_code ReadEnd(tcp::socket& socket) {
    char octet = 0;
    std::optional<std::error_code> end;
    socket.async_read_some(asio::buffer(&octet, 1), [&](std::error_code error, std::size_t) { end = error; });
    RunUntil([&] { return end.has_value(); });
    return end.value_or(std::error_code{});
  }

  asio::io_context context_;
  SystemClock clock_;
  tcp::acceptor gateway_;
  std::optional<Link> link_;
  std::optional<TcpProxy> proxy_;
  ProxyEndpoint bound_;
  std::vector<Decision> decisions_;
  std::vector<std::string> ended_;
  std::vector<std::string> said_;
};

TEST_F(TcpProxyTest, OctetsPassBothWays) {
  Start({});
  auto [node, gateway] = Connect();
  asio::write(node, asio::buffer(std::string("good morning")));
  EXPECT_EQ(ReadText(gateway, 12), "good morning");
  asio::write(gateway, asio::buffer(std::string("good day")));
  EXPECT_EQ(ReadText(node, 8), "good day");
  EXPECT_TRUE(decisions_.empty());
}

TEST_F(TcpProxyTest, LatencyIsKeptAndDecided) {
  Start({SpecOf("latency", {{"delay", Duration(50ms)}})});
  auto [node, gateway] = Connect();
  const auto before = std::chrono::steady_clock::now();
  asio::write(node, asio::buffer(std::string("late")));
  EXPECT_EQ(ReadText(gateway, 4), "late");
  EXPECT_GE(std::chrono::steady_clock::now() - before, 50ms);
  ASSERT_EQ(decisions_.size(), 1U);
  EXPECT_EQ(decisions_[0].rule, "latency");
}

TEST_F(TcpProxyTest, CloseComesAfterTheOctetsUnderWay) {
  Start({SpecOf("latency", {{"delay", Duration(20ms)}})});
  auto [node, gateway] = Connect();
  asio::write(node, asio::buffer(std::string("last words")));
  node.shutdown(tcp::socket::shutdown_send);
  EXPECT_EQ(ReadText(gateway, 10), "last words");
  EXPECT_EQ(ReadEnd(gateway), asio::error::eof);
  asio::write(gateway, asio::buffer(std::string("bye")));
  EXPECT_EQ(ReadText(node, 3), "bye");
}

TEST_F(TcpProxyTest, ResetPassesThrough) {
  Start({});
  auto [node, gateway] = Connect();
  asio::write(node, asio::buffer(std::string("x")));
  EXPECT_EQ(ReadText(gateway, 1), "x");
  node.set_option(asio::socket_base::linger(true, 0));
  node.close();
  EXPECT_EQ(ReadEnd(gateway), asio::error::connection_reset);
}

TEST_F(TcpProxyTest, AFullChannelStopsReadingAndThenAllArrives) {
  Start({SpecOf("latency", {{"delay", Duration(1h)}})}, 10'000);
  auto [node, gateway] = Connect();
  node.non_blocking(true);
  const std::string chunk(64 * 1024, 'x');
  std::size_t sent = 0;
  std::error_code error;
  // Until neither socket nor proxy takes any more, however often the proxy turns.
  for (int refused = 0; refused < 50;) {
    const std::size_t size = node.write_some(asio::buffer(chunk), error);
    sent += error ? 0 : size;
    refused = error ? refused + 1 : 0;
    context_.restart();
    context_.poll();
    ASSERT_LT(sent, 64UL * 1024 * 1024) << "the proxy reads without limit";
  }
  const Channel& channel = link_->channel(LinkDirection::kToGateway);
  EXPECT_TRUE(channel.full());
  EXPECT_LE(channel.octets_under_way(), 10'000U + 16 * 1024);
}

TEST_F(TcpProxyTest, SilentOutageHoldsOctetsUntilItsLeaseEnds) {
  Start({});
  auto [node, gateway] = Connect();
  link_->StartFault({.id = "cut", .chain = {SpecOf("outage")}, .lease = 50ms}, clock_.Read().instant);
  proxy_->OnLinkChanged();
  asio::write(node, asio::buffer(std::string("patience")));
  EXPECT_EQ(ReadText(gateway, 8), "patience");
  EXPECT_EQ(ended_, std::vector<std::string>{"cut"});
  EXPECT_TRUE(link_->restored());
}

TEST_F(TcpProxyTest, RefusingOutageResetsRefusesAndListensAgainOnTheSamePort) {
  Start({});
  auto [node, gateway] = Connect();
  link_->StartFault({.id = "cut", .chain = {SpecOf("outage", {{"how", std::string("refuse")}})}, .lease = 1h},
                    clock_.Read().instant);
  proxy_->OnLinkChanged();
  EXPECT_EQ(ReadEnd(node), asio::error::connection_reset);
  tcp::socket refused(context_);
  std::error_code error;
  refused.connect({asio::ip::make_address(bound_.host), bound_.port}, error);
  EXPECT_EQ(error, asio::error::connection_refused);
  EXPECT_EQ(link_->ClearAll(clock_.Read().instant), std::vector<std::string>{"cut"});
  proxy_->OnLinkChanged();
  auto [again, gateway_again] = Connect();
  asio::write(again, asio::buffer(std::string("back")));
  EXPECT_EQ(ReadText(gateway_again, 4), "back");
}

TEST_F(TcpProxyTest, ANewerConnectionTakesThePlaceOfTheOld) {
  Start({});
  auto [old_node, old_gateway] = Connect();
  auto [node, gateway] = Connect();
  EXPECT_EQ(ReadEnd(old_node), asio::error::connection_reset);
  asio::write(node, asio::buffer(std::string("new")));
  EXPECT_EQ(ReadText(gateway, 3), "new");
}

TEST_F(TcpProxyTest, TargetThatCannotBeReachedIsSaidAndTheNodeReset) {
  Start({});
  gateway_.close();
  tcp::socket node(context_);
  node.connect({asio::ip::make_address(bound_.host), bound_.port});
  const std::error_code end = ReadEnd(node);
  EXPECT_TRUE(end == asio::error::connection_reset || end == asio::error::eof) << end.message();
  EXPECT_NE(said_.back().find("cannot be reached"), std::string::npos);
}

TEST_F(TcpProxyTest, TakenPortIsAnErrorThatSaysSo) {
  Start({});
  TcpProxy::Config config;
  config.listen = bound_;
  config.target = bound_;
  TcpProxy second(context_, clock_, *link_, config, {});
  const auto bound = second.Start();
  ASSERT_FALSE(bound);
  EXPECT_EQ(bound.error().code, ErrorCode::kAlreadyExists);
  config.target.host = "gateway.example";
  TcpProxy third(context_, clock_, *link_, config, {});
  EXPECT_FALSE(third.Start());
}

TEST_F(TcpProxyTest, ALinkThatResetsResetsBothSides) {
  Start({SpecOf("reset", {{"octets", std::uint64_t{10}}})});
  auto [node, gateway] = Connect();
  asio::write(node, asio::buffer(std::string("more than ten")));
  EXPECT_EQ(ReadEnd(node), asio::error::connection_reset);
  EXPECT_EQ(decisions_.at(0).rule, "reset");
  auto [again, gateway_again] = Connect();
  asio::write(again, asio::buffer(std::string("again")));
  EXPECT_EQ(ReadText(gateway_again, 5), "again");
}

TEST_F(TcpProxyTest, ALinkThatTruncatesClosesInOrderWithinAUnit) {
  Start({SpecOf("truncate", {{"share", 1.0}, {"keep", 0.01}})});
  auto [node, gateway] = Connect();
  asio::write(node, asio::buffer(std::string("fourteen octetsnot these")));
  EXPECT_EQ(ReadText(gateway, 14), "fourteen octet");
  EXPECT_EQ(ReadEnd(gateway), asio::error::eof);
}

TEST_F(TcpProxyTest, ASlowConnectionIsAcceptedAndGoesOnLater) {
  Start({SpecOf("slow-open", {{"delay", Duration(50ms)}})});
  const auto before = std::chrono::steady_clock::now();
  auto [node, gateway] = Connect();
  EXPECT_GE(std::chrono::steady_clock::now() - before, 50ms);
  ASSERT_FALSE(decisions_.empty());
  EXPECT_EQ(decisions_[0].rule, "slow-open");
  asio::write(node, asio::buffer(std::string("here")));
  EXPECT_EQ(ReadText(gateway, 4), "here");
}

TEST_F(TcpProxyTest, ASlowCloseIsToldLater) {
  Start({SpecOf("slow-close", {{"delay", Duration(50ms)}})});
  auto [node, gateway] = Connect();
  const auto before = std::chrono::steady_clock::now();
  node.shutdown(tcp::socket::shutdown_send);
  EXPECT_EQ(ReadEnd(gateway), asio::error::eof);
  EXPECT_GE(std::chrono::steady_clock::now() - before, 50ms);
}

// What goes on being sent to whoever is gone does not give it away: the kernel there answers with a reset.
TEST_F(TcpProxyTest, ASlowCloseIsToldLaterToWhoGoesOnSending) {
  Start({SpecOf("slow-close", {{"delay", Duration(300ms)}})});
  auto [node, gateway] = Connect();
  const auto before = std::chrono::steady_clock::now();
  node.close();
  for (int i = 0; i < 3; ++i) {
    asio::write(gateway, asio::buffer(std::string("still there?")));
    for (int turn = 0; turn < 4; ++turn) {
      context_.restart();
      context_.run_one_for(5ms);
    }
  }
  const auto end = ReadEnd(gateway);
  EXPECT_TRUE(end == asio::error::eof || end == asio::error::connection_reset) << end.message();
  EXPECT_GE(std::chrono::steady_clock::now() - before, 300ms);
}

TEST_F(TcpProxyTest, AHalfOpenConnectionIsSilentUntilTheFaultEndsAndThenReset) {
  Start({});
  auto [node, gateway] = Connect();
  link_->StartFault({.id = "forgotten", .chain = {SpecOf("half-open")}, .lease = 50ms}, clock_.Read().instant);
  proxy_->OnLinkChanged();
  asio::write(node, asio::buffer(std::string("anybody?")));
  node.shutdown(tcp::socket::shutdown_send);
  EXPECT_EQ(ReadEnd(gateway), asio::error::connection_reset) << "neither the octets nor the close";
  EXPECT_EQ(ended_, std::vector<std::string>{"forgotten"});
  EXPECT_TRUE(link_->Probe(clock_.Read().instant).as_made);
}

TEST_F(TcpProxyTest, AFlappingLinkComesUpAgainByItself) {
  Start({});
  auto [node, gateway] = Connect();
  link_->StartFault({.id = "jam", .chain = {SpecOf("flap", {{"period", Duration(100ms)}})}, .lease = 1h}, clock_.Read().instant);
  proxy_->OnLinkChanged();
  asio::write(node, asio::buffer(std::string("now and then")));
  EXPECT_EQ(ReadText(gateway, 12), "now and then");
}

TEST_F(TcpProxyTest, AProbePassesThroughItsSocketsBesideTheConnection) {
  Start({SpecOf("latency", {{"delay", Duration(20ms)}})});
  auto [node, gateway] = Connect();
  const std::size_t decided = decisions_.size();
  std::optional<MeasuredProbe> found;
  proxy_->Probe(kPatience, [&](const MeasuredProbe& measured) { found = measured; });
  ASSERT_TRUE(RunUntil([&] { return found.has_value(); }));
  EXPECT_TRUE(found->came) << found->trouble;
  EXPECT_GE(found->round_trip, *link_->RoundTrip(clock_.Read().instant));
  EXPECT_EQ(link_->RoundTrip(clock_.Read().instant), Duration(40ms));
  EXPECT_EQ(decisions_.size(), decided) << "it uses up no unit of the link";
  asio::write(node, asio::buffer(std::string("still here")));
  EXPECT_EQ(ReadText(gateway, 10), "still here") << "the node's connection was left alone";
}

TEST_F(TcpProxyTest, AProbeSaysWhatDoesNotPass) {
  Start({});
  const auto probed = [&](Duration at_most) {
    std::optional<MeasuredProbe> found;
    proxy_->Probe(at_most, [&](const MeasuredProbe& measured) { found = measured; });
    EXPECT_TRUE(RunUntil([&] { return found.has_value(); }));
    return found.value_or(MeasuredProbe());
  };
  link_->StartFault({.id = "hush", .chain = {SpecOf("outage", {{"how", std::string("silent")}})}, .lease = 1h},
                    clock_.Read().instant);
  proxy_->OnLinkChanged();
  EXPECT_EQ(probed(50ms).trouble, "nothing came back");
  link_->StartFault({.id = "hush", .chain = {SpecOf("outage", {{"how", std::string("refuse")}})}, .lease = 1h},
                    clock_.Read().instant);
  proxy_->OnLinkChanged();
  EXPECT_TRUE(probed(kPatience).trouble.starts_with("the proxy is not reached"));
  EXPECT_TRUE(link_->EndFault("hush", clock_.Read().instant));
  proxy_->OnLinkChanged();
  EXPECT_TRUE(probed(kPatience).came);
}

TEST_F(TcpProxyTest, AProbeThatIsUnderWayEndsWithTheProxy) {
  Start({SpecOf("latency", {{"delay", Duration(1h)}})});
  std::optional<MeasuredProbe> found;
  proxy_->Probe(kPatience, [&](const MeasuredProbe& measured) { found = measured; });
  context_.poll();
  proxy_->Stop();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->trouble, "stopped");
}

}  // namespace
}  // namespace entente::harness
