// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <openssl/conf.h>
#include <openssl/ssl.h>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ssl.hpp>
#include <asio/write.hpp>
#include <fstream>

#include "adapters/gateway/io/byte_stream.h"
#include "adapters/gateway/io/test/certificates.h"
#include "adapters/gateway/io/test/talker.h"
#include "adapters/gateway/io/tls_context.h"

namespace entente::gateway {
namespace {

using namespace std::chrono_literals;
using test::Certificates;
using test::PortOf;
using test::Sockets;
using test::Talker;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::filesystem::path FreshFolder() {
  const auto* const info = ::testing::UnitTest::GetInstance()->current_test_info();
  std::filesystem::path folder = std::filesystem::path(::testing::TempDir()) / (std::string("entente_tls_") + info->name());
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

struct TlsTransportTest : ::testing::Test {
  ~TlsTransportTest() override { std::filesystem::remove_all(folder); }

  std::unique_ptr<Transport> Make(TlsFiles files, TransportRole role, adapter::LinkEnd& end, std::uint16_t port = 0) {
    TransportConfig config;
    config.kind = adapter::TransportKind::kTls;
    config.role = role;
    config.port = port;
    config.tls = std::move(files);
    config.reconnect = {1ms, 5ms, 2};
    return MakeTransport(sockets.context, sockets.clock, std::move(config), end);
  }
  std::unique_ptr<Transport> Listen(const TlsFiles& files) {
    auto server = Make(files, TransportRole::kListen, gateway);
    const Status started = server->Start();
    EXPECT_TRUE(started) << started.error().Text();
    return server;
  }
  std::unique_ptr<Transport> Dial(const TlsFiles& files, const Transport& to) {
    auto client = Make(files, TransportRole::kDial, node, PortOf(to));
    const Status started = client->Start();
    EXPECT_TRUE(started) << started.error().Text();
    return client;
  }
  bool ConnectsBoth() {
    return sockets.RunUntil([&] { return (gateway.connected && node.connected) || !node.reasons.empty(); }) && node.connected;
  }

  std::filesystem::path folder = FreshFolder();
  Certificates trust{folder};
  Sockets sockets;
  Talker gateway;
  Talker node;
};

TEST_F(TlsTransportTest, CarriesOctetsBetweenPeersThatKnowEachOther) {
  const auto server = Listen(trust.Issue("gateway"));
  const auto client = Dial(trust.Issue("node"), *server);
  ASSERT_TRUE(ConnectsBoth());
  const std::string large(300'000, 'x');
  gateway.Say(large);
  node.Say("hello");
  ASSERT_TRUE(sockets.RunUntil([&] { return node.heard == large && gateway.heard == "hello"; }));
}

TEST_F(TlsTransportTest, SaysFarewellSoThatThePeerKnowsItWasNoLoss) {
  const auto server = Listen(trust.Issue("gateway"));
  const auto client = Dial(trust.Issue("node"), *server);
  ASSERT_TRUE(ConnectsBoth());
  client->Stop();
  ASSERT_TRUE(sockets.RunUntil([&] { return !gateway.connected; }));
  EXPECT_THAT(gateway.reasons, ElementsAre(std::string(adapter::kClosedByPeer)));
  server->Stop();
  EXPECT_TRUE(sockets.RunOut());
}

TEST_F(TlsTransportTest, RefusesAPeerWithoutTheCertificateThatItDemands) {
  const auto server = Listen(trust.Issue("gateway"));
  TlsFiles anonymous;
  anonymous.authority = trust.authority();
  const auto client = Dial(anonymous, *server);
  ASSERT_TRUE(sockets.RunUntil([&] { return !gateway.reasons.empty() && !node.reasons.empty(); }));
  EXPECT_TRUE(gateway.peers.empty());
  EXPECT_THAT(gateway.reasons[0], HasSubstr("peer did not return a certificate"));
  client->Stop();
  server->Stop();
  EXPECT_TRUE(sockets.RunOut());
}

TEST_F(TlsTransportTest, RefusesACertificateOfAnotherAuthority) {
  Certificates stranger(folder);
  TlsFiles foreign = stranger.Issue("node");
  foreign.authority = trust.authority();
  const auto server = Listen(trust.Issue("gateway"));
  const auto client = Dial(foreign, *server);
  ASSERT_TRUE(sockets.RunUntil([&] { return !gateway.reasons.empty(); }));
  EXPECT_TRUE(gateway.peers.empty());
  EXPECT_THAT(gateway.reasons[0], HasSubstr("certificate verify failed"));
}

TEST_F(TlsTransportTest, ADiallerRefusesAGatewayOfAnotherAuthority) {
  Certificates stranger(folder);
  const auto server = Listen(stranger.Issue("gateway"));
  const auto client = Dial(trust.Issue("node"), *server);
  ASSERT_TRUE(sockets.RunUntil([&] { return !node.reasons.empty(); }));
  EXPECT_TRUE(node.peers.empty());
  EXPECT_THAT(node.reasons[0], HasSubstr("certificate verify failed"));
}

TEST_F(TlsTransportTest, ADiallerCanInsistOnTheNameOfTheGateway) {
  const auto server = Listen(trust.Issue("gateway"));
  TlsFiles files = trust.Issue("node");
  files.peer_name = "somebody-else";
  const auto client = Dial(files, *server);
  ASSERT_TRUE(sockets.RunUntil([&] { return !node.reasons.empty(); }));
  EXPECT_TRUE(node.peers.empty());
  client->Stop();

  node.reasons.clear();
  files.peer_name = "gateway";
  const auto right = Dial(files, *server);
  EXPECT_TRUE(ConnectsBoth());
}

TEST_F(TlsTransportTest, TakesAnyPeerWhenNoCertificateIsDemanded) {
  TlsFiles open = trust.Issue("gateway");
  open.require_peer_certificate = false;
  const auto server = Listen(open);
  TlsFiles anonymous;
  anonymous.authority = trust.authority();
  const auto client = Dial(anonymous, *server);
  EXPECT_TRUE(ConnectsBoth());
}

TEST_F(TlsTransportTest, AGarbageConnectionDoesNotPushOutTheGoodOne) {
  const auto server = Listen(trust.Issue("gateway"));
  const auto client = Dial(trust.Issue("node"), *server);
  ASSERT_TRUE(ConnectsBoth());
  asio::ip::tcp::socket garbage(sockets.context);
  garbage.connect({asio::ip::address_v4::loopback(), PortOf(*server)});
  asio::write(garbage, asio::buffer(std::string("GET / HTTP/1.1\r\n\r\n")));
  garbage.non_blocking(true);
  ASSERT_TRUE(sockets.RunUntil([&] {  // until it was closed
    std::array<char, 64> buffer{};
    std::error_code error;
    while (garbage.read_some(asio::buffer(buffer), error) > 0) {
    }
    return error != asio::error::would_block;
  }));
  node.Say("still here");
  ASSERT_TRUE(sockets.RunUntil([&] { return gateway.heard == "still here"; }));
  EXPECT_TRUE(gateway.reasons.empty());
}

TEST_F(TlsTransportTest, DoesNotSpeakTls11) {
  const auto server = Listen(trust.Issue("gateway"));
  asio::ssl::context old(asio::ssl::context::tls_client);
  SSL_CTX_set_security_level(old.native_handle(), 0);
  SSL_CTX_set_min_proto_version(old.native_handle(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(old.native_handle(), TLS1_1_VERSION);
  asio::ssl::stream<asio::ip::tcp::socket> stream(sockets.context, old);
  stream.next_layer().connect({asio::ip::address_v4::loopback(), PortOf(*server)});
  std::error_code outcome;
  bool done = false;
  stream.async_handshake(asio::ssl::stream_base::client, [&](std::error_code error) {
    outcome = error;
    done = true;
  });
  ASSERT_TRUE(sockets.RunUntil([&] { return done && !gateway.reasons.empty(); }));
  EXPECT_TRUE(outcome);
  EXPECT_TRUE(gateway.peers.empty());
}

// As broker/certificates/tls13.cc does.
void SwitchOffTls12() {
  OPENSSL_init_ssl(OPENSSL_INIT_LOAD_CONFIG, nullptr);
  constexpr std::string_view kConfiguration = "all = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\nProtocol = -TLSv1.2\n";
  const std::unique_ptr<BIO, void (*)(BIO*)> text(BIO_new_mem_buf(kConfiguration.data(), kConfiguration.size()), &BIO_free_all);
  const std::unique_ptr<CONF, void (*)(CONF*)> configuration(NCONF_new(nullptr), &NCONF_free);
  ASSERT_GT(NCONF_load_bio(configuration.get(), text.get(), nullptr), 0);
  ASSERT_GT(CONF_modules_load(configuration.get(), "all", 0), 0);
}

TEST_F(TlsTransportTest, SpeaksTls12WithOlderSystemsAlsoWhereTheProcessHasSwitchedItOff) {
  SwitchOffTls12();
  const auto server = Listen(trust.Issue("gateway"));
  asio::ssl::context older(asio::ssl::context::tls_client);
  SSL_CTX_clear_options(older.native_handle(), SSL_OP_NO_TLSv1_2);
  SSL_CTX_set_max_proto_version(older.native_handle(), TLS1_2_VERSION);
  const TlsFiles files = trust.Issue("node");
  older.use_certificate_chain_file(files.certificate.string());
  older.use_private_key_file(files.key.string(), asio::ssl::context::pem);
  TlsSocket stream(sockets.context, older);
  stream.next_layer().connect({asio::ip::address_v4::loopback(), PortOf(*server)});
  std::error_code outcome = asio::error::would_block;
  stream.async_handshake(asio::ssl::stream_base::client, [&](std::error_code error) { outcome = error; });
  ASSERT_TRUE(sockets.RunUntil([&] { return outcome != asio::error::would_block; }));
  EXPECT_FALSE(outcome) << outcome.message();
}

// Whoever the peer is, it is not the one that was asked for.
TEST_F(TlsTransportTest, ANameThatCannotBeCheckedFailsTheHandshake) {
  const auto server = Listen(trust.Issue("gateway"));
  const auto tls = MakeTlsContext(trust.Issue("node"), TransportRole::kDial);
  ASSERT_TRUE(tls);
  asio::ip::tcp::socket socket(sockets.context);
  socket.connect({asio::ip::address_v4::loopback(), PortOf(*server)});
  const auto unable = [](TlsSocket&, const std::string&) { return std::make_error_code(std::errc::not_enough_memory); };
  const auto stream = MakeTlsStream(std::move(socket), *tls, TransportRole::kDial, "gateway", unable);
  std::optional<std::error_code> outcome;
  asio::co_spawn(sockets.context, [&]() -> asio::awaitable<void> { outcome = co_await stream->Handshake(); }, asio::detached);
  ASSERT_TRUE(sockets.RunUntil([&] { return outcome.has_value(); }));
  EXPECT_EQ(*outcome, std::errc::not_enough_memory);
  EXPECT_TRUE(gateway.peers.empty());
}

TEST_F(TlsTransportTest, SaysWhatIsWrongWithItsFiles) {
  const TlsFiles right = trust.Issue("gateway");
  const auto error_of = [&](TlsFiles files) { return Make(std::move(files), TransportRole::kListen, gateway)->Start().error(); };

  TlsFiles missing = right;
  missing.certificate = folder / "nowhere.pem";
  EXPECT_EQ(error_of(missing).code, ErrorCode::kNotFound);
  EXPECT_EQ(error_of(missing).where, (folder / "nowhere.pem").string());

  TlsFiles other_key = right;
  other_key.key = trust.Issue("other").key;
  EXPECT_THAT(error_of(other_key).Text(), HasSubstr("key"));

  TlsFiles garbage = right;
  garbage.authority = folder / "garbage.pem";
  std::ofstream(garbage.authority) << "no PEM";
  EXPECT_EQ(error_of(garbage).code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(error_of(garbage).where, garbage.authority.string());

  EXPECT_THAT(error_of({}).Text(), HasSubstr("tls.certificate"));
  EXPECT_THAT(Make({}, TransportRole::kDial, node, 1)->Start().error().Text(), HasSubstr("tls.authority"));
}

}  // namespace
}  // namespace entente::gateway
