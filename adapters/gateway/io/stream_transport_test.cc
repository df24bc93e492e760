// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>

#include "adapters/gateway/core/test/access_point_world.h"
#include "adapters/gateway/io/test/talker.h"

namespace entente::gateway {
namespace {

using namespace std::chrono_literals;
using adapter::TransportKind;
using asio::ip::tcp;
using test::PortOf;
using test::Sockets;
using test::Talker;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TransportConfig Listen(std::uint16_t port = 0) {
  TransportConfig config;
  config.port = port;
  return config;
}

TransportConfig Dial(std::uint16_t port) {
  TransportConfig config;
  config.role = TransportRole::kDial;
  config.port = port;
  config.reconnect = {1ms, 5ms, 2};
  return config;
}

struct StreamTransportTest : ::testing::Test {
  std::unique_ptr<Transport> Make(TransportConfig config, adapter::LinkEnd& end) {
    return MakeTransport(sockets.context, sockets.clock, std::move(config), end);
  }
  std::unique_ptr<Transport> Started(TransportConfig config, adapter::LinkEnd& end) {
    auto transport = Make(std::move(config), end);
    const Status started = transport->Start();
    EXPECT_TRUE(started) << started.error().Text();
    return transport;
  }
  // A peer of the test's own, without any of our code.
  tcp::socket RawPeer(const Transport& to) {
    tcp::socket socket(sockets.context);
    socket.connect({asio::ip::address_v4::loopback(), PortOf(to)});
    return socket;
  }

  Sockets sockets;
  Talker gateway;
  Talker node;
};

TEST_F(StreamTransportTest, CarriesOctetsBothWaysInOrder) {
  const auto server = Started(Listen(), gateway);
  const auto client = Started(Dial(PortOf(*server)), node);
  ASSERT_TRUE(sockets.RunUntil([&] { return gateway.connected && node.connected; }));
  std::string all;
  for (int i = 0; i < 1000; ++i) {
    const std::string line = "line " + std::to_string(i) + "\n";
    all += line;
    gateway.Say(line);
    node.Say(line);
  }
  ASSERT_TRUE(sockets.RunUntil([&] { return gateway.heard.size() >= all.size() && node.heard.size() >= all.size(); }));
  EXPECT_EQ(gateway.heard, all);
  EXPECT_EQ(node.heard, all);
  EXPECT_THAT(gateway.peers[0], StartsWith("127.0.0.1:"));
  EXPECT_EQ(node.peers[0], server->endpoint());
}

TEST_F(StreamTransportTest, StopsInAnOrderlyWayAndLeavesNothingToDo) {
  const auto server = Started(Listen(), gateway);
  const auto client = Started(Dial(PortOf(*server)), node);
  ASSERT_TRUE(sockets.RunUntil([&] { return gateway.connected && node.connected; }));
  client->Stop();
  EXPECT_THAT(node.reasons, ElementsAre("stopped"));
  EXPECT_FALSE(node.wake_up);
  ASSERT_TRUE(sockets.RunUntil([&] { return !gateway.connected; }));
  EXPECT_THAT(gateway.reasons, ElementsAre(std::string(adapter::kClosedByPeer)));
  server->Stop();
  EXPECT_TRUE(sockets.RunOut());
}

TEST_F(StreamTransportTest, IsDestroyedWithoutTouchingTheLinkEnd) {
  auto server = Started(Listen(), gateway);
  auto client = Started(Dial(PortOf(*server)), node);
  ASSERT_TRUE(sockets.RunUntil([&] { return gateway.connected && node.connected; }));
  client.reset();
  server.reset();
  EXPECT_TRUE(gateway.reasons.empty());
  EXPECT_TRUE(sockets.RunOut());
}

TEST_F(StreamTransportTest, ConnectsAgainWhenThePeerComesBack) {
  auto server = Started(Listen(), gateway);
  const std::uint16_t port = PortOf(*server);
  const auto client = Started(Dial(port), node);
  ASSERT_TRUE(sockets.RunUntil([&] { return node.connected && gateway.connected; }));
  server->Stop();
  ASSERT_TRUE(sockets.RunUntil([&] { return node.reasons.size() >= 2; }));
  EXPECT_EQ(node.reasons[0], adapter::kClosedByPeer);
  EXPECT_THAT(node.reasons[1], HasSubstr("Connection refused")) << "said once, however many attempts";
  server = Started(Listen(port), gateway);
  ASSERT_TRUE(sockets.RunUntil([&] { return node.peers.size() == 2; }));
  EXPECT_EQ(node.reasons.size(), 2U);
  client->Stop();
  server->Stop();
  EXPECT_TRUE(sockets.RunOut());
}

TEST_F(StreamTransportTest, ASecondConnectionReplacesTheFirst) {
  const auto server = Started(Listen(), gateway);
  auto first = RawPeer(*server);
  ASSERT_TRUE(sockets.RunUntil([&] { return gateway.peers.size() == 1; }));
  auto second = RawPeer(*server);
  ASSERT_TRUE(sockets.RunUntil([&] { return gateway.peers.size() == 2; }));
  EXPECT_THAT(gateway.reasons, ElementsAre("replaced by a connection from " + gateway.peers[1]));
  EXPECT_TRUE(gateway.connected);
  std::array<char, 8> buffer{};
  std::error_code error;
  first.read_some(asio::buffer(buffer), error);
  EXPECT_EQ(error, asio::error::eof) << "the first one is told";
  asio::write(second, asio::buffer("second", 6));
  ASSERT_TRUE(sockets.RunUntil([&] { return gateway.heard == "second"; }));
}

TEST_F(StreamTransportTest, TellsAResetFromAnOrderlyEnd) {
  const auto server = Started(Listen(), gateway);
  auto peer = RawPeer(*server);
  ASSERT_TRUE(sockets.RunUntil([&] { return gateway.connected; }));
  peer.set_option(asio::socket_base::linger(true, 0));
  peer.close();
  ASSERT_TRUE(sockets.RunUntil([&] { return !gateway.connected; }));
  EXPECT_THAT(gateway.reasons, ElementsAre("connection reset by the peer"));
}

TEST_F(StreamTransportTest, StopsReadingWhileTheLinkEndWantsNoInput) {
  const auto server = Started(Listen(), gateway);
  gateway.listens = false;
  auto peer = RawPeer(*server);
  ASSERT_TRUE(sockets.RunUntil([&] { return gateway.connected; }));
  peer.non_blocking(true);
  const std::string block(64 * 1024, 'x');
  std::size_t written = 0;
  std::error_code error;
  while (!error) {  // until the system's own buffers are full
    sockets.context.poll();
    written += peer.write_some(asio::buffer(block), error);
  }
  EXPECT_EQ(error, asio::error::would_block);
  EXPECT_TRUE(gateway.heard.empty());
  gateway.listens = true;
  gateway.wake_up();
  ASSERT_TRUE(sockets.RunUntil([&] { return gateway.heard.size() == written; }));
}

TEST_F(StreamTransportTest, APeerThatDoesNotReadHoldsOneBatchAndNoMore) {
  const auto server = Started(Listen(), gateway);
  auto peer = RawPeer(*server);
  ASSERT_TRUE(sockets.RunUntil([&] { return gateway.connected; }));
  for (int i = 0; i < 1000; ++i) gateway.says.emplace_back(64 * 1024, 'x');
  gateway.wake_up();
  std::uint64_t taken = 0;
  ASSERT_TRUE(sockets.RunUntil([&] {  // until a whole turn of the loop takes nothing more
    const bool settled = taken == gateway.said && taken > 0 && sockets.context.poll() == 0;
    taken = gateway.said;
    return settled;
  }));
  EXPECT_LT(taken, 1000U) << "the rest stays with the link end";
  EXPECT_LT(gateway.written, taken) << "what the system did not take is not called written";
  std::string received(64 * 1024, ' ');
  std::size_t octets = 0;
  peer.non_blocking(true);
  ASSERT_TRUE(sockets.RunUntil([&] {
    std::error_code error;
    octets += peer.read_some(asio::buffer(received), error);
    return octets == 1000UL * 64 * 1024;
  })) << "everything arrives once it reads";
  ASSERT_TRUE(sockets.RunUntil([&] { return gateway.written == 1000U; }));
}

TEST_F(StreamTransportTest, ClosesWhenTheLinkEndWantsToAfterWritingWhatItHas) {
  const auto server = Started(Listen(), gateway);
  const auto client = Started(Dial(PortOf(*server)), node);
  gateway.close_when_heard = "enough";
  ASSERT_TRUE(sockets.RunUntil([&] { return node.connected && gateway.connected; }));
  node.Say("that is enough");
  gateway.says.emplace_back("farewell");
  ASSERT_TRUE(sockets.RunUntil([&] { return !gateway.reasons.empty() && !node.reasons.empty(); }));
  EXPECT_EQ(gateway.reasons[0], "heard enough");
  EXPECT_EQ(node.heard, "farewell");
  client->Stop();
  server->Stop();
  EXPECT_TRUE(sockets.RunOut());
}

TEST_F(StreamTransportTest, ClosesAPeerThatDoesNotReadAllTheSame) {
  const auto server = Started(Listen(), gateway);
  auto peer = RawPeer(*server);
  ASSERT_TRUE(sockets.RunUntil([&] { return gateway.connected; }));
  for (int i = 0; i < 1000; ++i) gateway.says.emplace_back(64 * 1024, 'x');
  gateway.close_wish = "heard enough";
  gateway.wake_up();
  ASSERT_TRUE(sockets.RunUntil([&] { return !gateway.connected; }));
  EXPECT_THAT(gateway.reasons, ElementsAre("heard enough"));
}

TEST_F(StreamTransportTest, KeepsTheDeadlineOfTheLinkEnd) {
  const auto server = Started(Listen(), gateway);
  const auto client = Started(Dial(PortOf(*server)), node);
  ASSERT_TRUE(sockets.RunUntil([&] { return gateway.connected && node.connected; }));
  gateway.deadline = sockets.clock.Read().instant + 5ms;
  gateway.wake_up();
  ASSERT_TRUE(sockets.RunUntil([&] { return node.heard == "deadline\n"; }));
}

TEST_F(StreamTransportTest, SaysWhatIsWrongBeforeItStarts) {
  const auto server = Started(Listen(), gateway);
  const auto error_of = [&](TransportConfig config) { return Make(std::move(config), node)->Start().error(); };

  const Error taken = error_of(Listen(PortOf(*server)));
  EXPECT_EQ(taken.code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(taken.what, "the port " + std::to_string(PortOf(*server)) + " of 127.0.0.1 is taken");

  TransportConfig nowhere = Listen();
  nowhere.host = "no such host";
  EXPECT_EQ(error_of(nowhere).code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(error_of(nowhere).Text(), HasSubstr("\"no such host\""));

  TransportConfig foreign = Listen();
  foreign.host = "192.0.2.1";
  EXPECT_THAT(error_of(foreign).Text(), HasSubstr("no address of this machine"));

  EXPECT_THAT(error_of(Dial(0)).Text(), HasSubstr("no port"));
}

// The whole of it: an access point behind a socket, hostile peers beside a good one.
TEST_F(StreamTransportTest, HostilePeersOfOneNodeDisturbNoOther) {
  test::Gateway shared;
  test::World good(shared, test::LineConfig("DEU/good"));
  test::World attacked(shared, test::LineConfig("FRA/attacked"));
  const auto good_server = Started(Listen(), good.point);
  const auto attacked_server = Started(Listen(), attacked.point);
  const auto client = Started(Dial(PortOf(*good_server)), node);
  ASSERT_TRUE(sockets.RunUntil([&] { return node.connected && good.point.connected(); }));

  auto garbage = RawPeer(*attacked_server);
  asio::write(garbage, asio::buffer(std::string("\0\xFF\x01 garbage\n\n\n", 14)));
  auto endless = RawPeer(*attacked_server);
  endless.non_blocking(true);
  const std::string flood(64 * 1024, 'x');  // a line without an end
  std::size_t sent = 0;
  for (int i = 0; i < 50; ++i) {
    std::error_code error;
    asio::write(endless, asio::buffer(flood), error);
    sockets.context.poll();
    node.Say(test::TrackLine("alpha", std::to_string(i % 90)));
    ++sent;
  }
  ASSERT_TRUE(sockets.RunUntil([&] { return good.bus.published.size() == sent && !attacked.point.connected(); }));
  EXPECT_THAT(shared.States(), ::testing::Contains("LOST: a line of more than 1,000 octets"));
  EXPECT_TRUE(attacked.bus.published.empty());
  EXPECT_FALSE(shared.EventsOf(v1::RecordEvent::kUnitRefused).empty());
  EXPECT_TRUE(good.point.connected());

  auto again = RawPeer(*attacked_server);
  asio::write(again, asio::buffer(test::TrackLine("bravo", "2")));
  ASSERT_TRUE(sockets.RunUntil([&] { return attacked.bus.published.size() == 1; })) << "the attacked node can come back";
}

TEST_F(StreamTransportTest, ReadsUnitsHoweverTheyAreSliced) {
  test::Gateway shared;
  test::World world(shared);
  const auto server = Started(Listen(), world.point);
  auto peer = RawPeer(*server);
  peer.set_option(tcp::no_delay(true));
  const std::string said = test::TrackLine("alpha", "1") + test::TrackLine("bravo", "2") + "nonsense\n" + "flash fire\n";
  for (const char octet : said) {
    asio::write(peer, asio::buffer(&octet, 1));
    sockets.context.poll();
  }
  ASSERT_TRUE(sockets.RunUntil([&] { return world.bus.published.size() == 3; }));
  EXPECT_EQ(shared.EventsOf(v1::RecordEvent::kUnitRefused).size(), 1U);
}

TEST_F(StreamTransportTest, DeliversToTheNodeAndAcknowledges) {
  test::Gateway shared;
  test::World world(shared);
  const auto server = Started(Listen(), world.point);
  world.Deliver(test::TrackEnvelope("mmsi:1", 1), 1);
  const auto client = Started(Dial(PortOf(*server)), node);
  ASSERT_TRUE(sockets.RunUntil([&] { return node.connected; }));
  world.Deliver(test::TrackEnvelope("mmsi:1", 2), 2);
  ASSERT_TRUE(sockets.RunUntil([&] { return node.heard == "track mmsi:1 1 0 \ntrack mmsi:1 2 0 \n"; }));
  EXPECT_EQ(world.bus.acknowledged.back().second, 2U);
  world.point.Close("ENDEX", sockets.clock.Read());
  ASSERT_TRUE(sockets.RunUntil([&] { return !node.connected; }));
  EXPECT_EQ(node.reasons[0], adapter::kClosedByPeer);
}

}  // namespace
}  // namespace entente::gateway
