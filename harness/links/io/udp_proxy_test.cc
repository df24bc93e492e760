// SPDX-License-Identifier: Apache-2.0
#include "harness/links/io/udp_proxy.h"

#include <gtest/gtest.h>

#include <asio/ip/udp.hpp>

#include "base/io/system_clock.h"

namespace entente::harness {
namespace {

using namespace std::chrono_literals;
using asio::ip::udp;

constexpr auto kPatience = 20s;

class UdpProxyTest : public ::testing::Test {
 protected:
  UdpProxyTest()
      : node_(context_, udp::endpoint{asio::ip::address_v4::loopback(), 0}),
        gateway_(context_, udp::endpoint{asio::ip::address_v4::loopback(), 0}) {}
  ~UdpProxyTest() override {
    if (proxy_) proxy_->Stop();
    context_.restart();
    context_.poll();
  }
  void Start(const Chain& chain) {
    link_.emplace("DEU/air", LinkCarrier::kDatagram, 1, chain);
    ProxyEvents events;
    events.decision = [this](const Decision& decision) { decisions_.push_back(decision); };
    events.lease_ended = [this](std::string_view fault) { ended_.emplace_back(fault); };
    UdpProxy::Config config;
    config.gateway = ProxyEndpoint{"127.0.0.1", gateway_.local_endpoint().port()};
    proxy_.emplace(context_, clock_, *link_, config, events);
    const auto bound = proxy_->Start();
    ASSERT_TRUE(bound) << bound.error().Text();
    bound_ = *bound;
  }
  template <typename Condition>
  bool RunUntil(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!condition() && std::chrono::steady_clock::now() < deadline) {
      context_.restart();
      context_.run_one_for(100ms);
    }
    return condition();
  }
  static udp::endpoint To(const ProxyEndpoint& endpoint) { return {asio::ip::make_address(endpoint.host), endpoint.port}; }
  std::string Receive(udp::socket& socket) {
    std::array<char, 2000> buffer{};
    std::optional<std::size_t> size;
    socket.async_receive(asio::buffer(buffer), [&](std::error_code, std::size_t received) { size = received; });
    EXPECT_TRUE(RunUntil([&] { return size.has_value(); }));
    return {buffer.data(), size.value_or(0)};
  }

  asio::io_context context_;
  SystemClock clock_;
  udp::socket node_;
  udp::socket gateway_;
  std::optional<Link> link_;
  std::optional<UdpProxy> proxy_;
  UdpProxy::Bound bound_;
  std::vector<Decision> decisions_;
  std::vector<std::string> ended_;
};

TEST_F(UdpProxyTest, DatagramsPassBothWaysOnceTheNodeWasHeard) {
  Start({SpecOf("latency", {{"delay", Duration(5ms)}})});
  node_.send_to(asio::buffer(std::string("hello")), To(bound_.facing_node));
  EXPECT_EQ(Receive(gateway_), "hello");
  gateway_.send_to(asio::buffer(std::string("heard you")), To(bound_.facing_gateway));
  EXPECT_EQ(Receive(node_), "heard you");
  EXPECT_EQ(decisions_.size(), 2U);
}

TEST_F(UdpProxyTest, OutageLosesDatagramsUntilItsLeaseEnds) {
  Start({});
  link_->StartFault({.id = "cut", .chain = {SpecOf("outage")}, .lease = 50ms}, clock_.Read().instant);
  proxy_->OnLinkChanged();
  node_.send_to(asio::buffer(std::string("lost")), To(bound_.facing_node));
  EXPECT_TRUE(RunUntil([&] { return !decisions_.empty() && !ended_.empty(); }));
  EXPECT_EQ(decisions_[0].rule, "outage");
  EXPECT_EQ(decisions_[0].kind, DecisionKind::kLost);
  node_.send_to(asio::buffer(std::string("found")), To(bound_.facing_node));
  EXPECT_EQ(Receive(gateway_), "found");
}

TEST_F(UdpProxyTest, TakenPortIsAnErrorThatSaysSo) {
  Start({});
  UdpProxy::Config config;
  config.facing_node = bound_.facing_node;
  UdpProxy second(context_, clock_, *link_, config, {});
  const auto bound = second.Start();
  ASSERT_FALSE(bound);
  EXPECT_EQ(bound.error().code, ErrorCode::kAlreadyExists);
}

TEST_F(UdpProxyTest, AProbePassesThroughItsSocketsAndIsHeardByNobodyElse) {
  Start({SpecOf("latency", {{"delay", Duration(10ms)}})});
  node_.send_to(asio::buffer("hello", 5), To(bound_.facing_node));
  EXPECT_EQ(Receive(gateway_), "hello");
  std::optional<MeasuredProbe> found;
  proxy_->Probe(kPatience, [&](const MeasuredProbe& measured) { found = measured; });
  ASSERT_TRUE(RunUntil([&] { return found.has_value(); }));
  EXPECT_TRUE(found->came) << found->trouble;
  EXPECT_GE(found->round_trip, Duration(20ms));
  gateway_.send_to(asio::buffer("answer", 6), To(bound_.facing_gateway));
  EXPECT_EQ(Receive(node_), "answer") << "the node is still whom the proxy learnt";
}

TEST_F(UdpProxyTest, AProbeDoesNotPassAnOutage) {
  Start({});
  link_->StartFault({.id = "hush", .chain = {SpecOf("outage", {{"how", std::string("silent")}})}, .lease = 1h},
                    clock_.Read().instant);
  std::optional<MeasuredProbe> found;
  proxy_->Probe(50ms, [&](const MeasuredProbe& measured) { found = measured; });
  ASSERT_TRUE(RunUntil([&] { return found.has_value(); }));
  EXPECT_EQ(found->trouble, "nothing came back");
}

}  // namespace
}  // namespace entente::harness
