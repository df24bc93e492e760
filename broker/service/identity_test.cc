// SPDX-License-Identifier: Apache-2.0
// Who gets onto the bus and who does not, over real TLS with real certificates.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "base/io/files.h"
#include "broker/certificates/credentials.h"
#include "broker/certificates/test_authority.h"
#include "broker/client/test_node.h"
#include "broker/core/refusal.h"
#include "broker/policy/test_policy.h"
#include "broker/service/bus_server.h"
#include "broker/service/test_event_log.h"

namespace entente::broker {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr v1::Precedence kRoutine = v1::PRECEDENCE_ROUTINE;

v1::ExercisePolicy Policy() {
  v1::ExercisePolicy policy;
  const auto add = [&](const char* name, v1::Role role, const char* speaks_for) {
    v1::IdentityPolicy& entry = *policy.add_identities();
    entry.set_identity(name);
    entry.set_role(role);
    entry.add_speaks_for(speaks_for);
  };
  add("DEU/gateway", v1::ROLE_NODE, "DEU/*");
  add("FRA/observer", v1::ROLE_OBSERVER, "FRA/observer");
  return policy;
}

class BusIdentityTest : public ::testing::Test {
 protected:
  void SetUp() override { Start(authority_.Broker()); }
  ~BusIdentityTest() override { server_.reset(); }

  void Start(const TlsFiles& files) {
    BusServerConfig config;
    config.relay.exercise = "secured";
    config.tls = files;
    config.policy = Policy();
    config.check_every = std::chrono::milliseconds(20);
    const auto note = [this](const v1::RecordEvent& event) { events_.Note(event); };
    auto server = BusServer::Start(config, guard_, clock_, note, [note](std::string_view, const std::string& octets) {
      v1::RecordEvent event;
      EXPECT_TRUE(event.ParseFromString(octets));
      note(event);
    });
    ASSERT_TRUE(server) << server.error().Text();
    server_ = *std::move(server);
  }
  std::shared_ptr<grpc::ChannelCredentials> With(const TlsFiles& files, const std::string& broker = {}) {
    auto made = MakeChannelCredentials(files, broker, clock_);
    EXPECT_TRUE(made) << (made ? "" : made.error().Text());
    return made.value_or(nullptr);
  }
  std::unique_ptr<TestNode> Node(const std::string& name, const TlsFiles& files) {
    return std::make_unique<TestNode>(server_->endpoint(), name, 7, With(files));
  }
  v1::RecordEvent Await(v1::RecordEvent::EventCase wanted) {
    return events_.Await([&](const v1::RecordEvent& event) { return event.event_case() == wanted; });
  }
  std::string AwaitRefusal() { return Await(v1::RecordEvent::kPeerRefused).peer_refused().reason(); }

  TestAuthority authority_;
  PolicyGuard guard_{TestPolicy()};
  SystemClock clock_;
  EventLog events_;
  std::unique_ptr<BusServer> server_;
};

TEST_F(BusIdentityTest, NodesOfTheExerciseExchangeMessages) {
  const auto deu = Node("DEU/brigade", authority_.Node("DEU/brigade"));
  const auto fra = Node("FRA/hq", authority_.Node("FRA/hq"));
  ASSERT_TRUE(deu->AwaitWelcome());
  ASSERT_TRUE(fra->AwaitWelcome());
  deu->Publish(kRoutine, 1, 100);
  ASSERT_TRUE(fra->AwaitDeliveries(100));
  const v1::NodeAttached attached = Await(v1::RecordEvent::kNodeAttached).node_attached();
  EXPECT_EQ(attached.identity(), attached.node());
  EXPECT_THAT(attached.peer(), HasSubstr("ipv4:127.0.0.1:"));
}

TEST_F(BusIdentityTest, AGatewaySpeaksForTheNodesOfItsPolicy) {
  const TlsFiles gateway = authority_.Node("DEU/gateway");
  const auto brigade = Node("DEU/brigade", gateway);
  const auto rear = Node("DEU/rear", gateway);
  ASSERT_TRUE(brigade->AwaitWelcome());
  ASSERT_TRUE(rear->AwaitWelcome());
  EXPECT_EQ(Await(v1::RecordEvent::kNodeAttached).node_attached().identity(), "DEU/gateway");
  const auto other = Node("FRA/hq", gateway);
  ASSERT_TRUE(other->AwaitGoodbye());
  EXPECT_THAT(other->Copy(&TestNode::goodbye_), HasSubstr("certificate of DEU/gateway does not speak for \"FRA/hq\""));
  const v1::PeerRefused refused = Await(v1::RecordEvent::kPeerRefused).peer_refused();
  EXPECT_EQ(refused.identity(), "DEU/gateway");
  EXPECT_EQ(refused.node(), "FRA/hq");
  EXPECT_THAT(refused.peer(), HasSubstr("ipv4:127.0.0.1:"));
}

TEST_F(BusIdentityTest, AnotherNodesOriginIsRefused) {
  const auto deu = Node("DEU/brigade", authority_.Node("DEU/brigade"));
  ASSERT_TRUE(deu->AwaitWelcome());
  deu->PublishOctets(TestTrack("DEU/brigade", 7, kRoutine, 1).id(), Octets(TestTrack("FRA/hq", 7, kRoutine, 1)));
  ASSERT_TRUE(deu->AwaitReceipts(1));
  EXPECT_THAT(deu->Copy(&TestNode::receipts_), ElementsAre(Text(Refusal::kNotOwnOrigin)));
  EXPECT_EQ(Await(v1::RecordEvent::kMessageRefused).message_refused().node(), "DEU/brigade");
}

TEST_F(BusIdentityTest, AnObserverReceivesAndDoesNotPublish) {
  const auto observer = Node("FRA/observer", authority_.Node("FRA/observer"));
  const auto deu = Node("DEU/brigade", authority_.Node("DEU/brigade"));
  ASSERT_TRUE(observer->AwaitWelcome());
  ASSERT_TRUE(deu->AwaitWelcome());
  observer->Publish(kRoutine, 1, 1);
  ASSERT_TRUE(observer->AwaitReceipts(1));
  EXPECT_THAT(observer->Copy(&TestNode::receipts_), ElementsAre(Text(Refusal::kMayNotPublish)));
  EXPECT_EQ(Await(v1::RecordEvent::kMessageRefused).message_refused().reason(), Text(Refusal::kMayNotPublish));
  deu->Publish(kRoutine, 1, 1);
  ASSERT_TRUE(observer->AwaitDeliveries(1));
}

TEST_F(BusIdentityTest, EventsOfOwnNodesReachTheRecordAndForgedOnesCutTheForger) {
  const auto gateway = Node("DEU/brigade", authority_.Node("DEU/gateway"));
  const auto fra = Node("FRA/hq", authority_.Node("FRA/hq"));
  ASSERT_TRUE(gateway->AwaitWelcome());
  ASSERT_TRUE(fra->AwaitWelcome());
  v1::RecordEvent event;
  event.set_writer("gateway");
  event.mutable_unit_received()->set_node("DEU/rear");
  gateway->AppendEvent(event);
  EXPECT_EQ(Await(v1::RecordEvent::kUnitReceived).unit_received().node(), "DEU/rear");
  v1::RecordEvent verdict;
  verdict.set_writer("gateway");
  verdict.mutable_run_ended()->set_reason("we won");
  gateway->AppendEvent(verdict);
  ASSERT_TRUE(gateway->AwaitGoodbye());
  EXPECT_THAT(gateway->Copy(&TestNode::goodbye_), HasSubstr("run_ended by \"gateway\" is not a peer's to say"));
  EXPECT_THAT(AwaitRefusal(), HasSubstr("is not a peer's to say"));
  EXPECT_EQ(fra->Copy(&TestNode::goodbye_), "");
  EXPECT_EQ(events_.Count([](const v1::RecordEvent& each) { return each.has_run_ended(); }), 0);
}

TEST_F(BusIdentityTest, AnotherAuthoritysNodeIsRefused) {
  TestAuthority stranger("stranger");
  TlsFiles files = stranger.Node("DEU/brigade");
  files.authority = authority_->FilesOf("x").authority;
  files.revoked.clear();
  const auto node = Node("DEU/brigade", files);
  EXPECT_THAT(AwaitRefusal(), HasSubstr("issuer certificate"));
}

TEST_F(BusIdentityTest, AnotherAuthoritysBrokerIsRefused) {
  TestAuthority stranger("stranger");
  TlsFiles files = authority_.Node("DEU/brigade");
  files.authority = stranger->FilesOf("x").authority;
  files.revoked.clear();
  auto node = Node("DEU/brigade", files);
  node->Publish(kRoutine, 1, 1);
  EXPECT_TRUE(node->Await([&] { return node->closed_.find("issuer certificate") != std::string::npos; }))
      << node->Copy(&TestNode::closed_);
  EXPECT_EQ(node->Copy(&TestNode::welcomes_), 0);
}

TEST_F(BusIdentityTest, TheBrokerMustHaveTheNameThatWasAskedFor) {
  const TlsFiles files = authority_.Node("DEU/brigade");
  TestNode right(server_->endpoint(), "DEU/brigade", 7, With(files, "EXCON/broker"));
  EXPECT_TRUE(right.AwaitWelcome());
  TestNode wrong(server_->endpoint(), "DEU/brigade", 7, With(files, "EXCON/other"));
  EXPECT_TRUE(wrong.Await([&] { return wrong.closed_.find("not the broker EXCON/other") != std::string::npos; }))
      << wrong.Copy(&TestNode::closed_);
}

TEST_F(BusIdentityTest, AnExpiredCertificateIsRefusedByBothSides) {
  const TlsFiles expired = authority_.Expired("DEU/brigade");
  const auto own = MakeChannelCredentials(expired, {}, clock_);
  ASSERT_FALSE(own);
  EXPECT_THAT(own.error().Text(), HasSubstr("has expired"));
  VirtualClock lagging(clock_.Read().utc - std::chrono::hours(36));
  const auto credentials = MakeChannelCredentials(expired, {}, lagging);
  ASSERT_TRUE(credentials) << credentials.error().Text();
  TestNode node(server_->endpoint(), "DEU/brigade", 7, *credentials);
  EXPECT_THAT(node.Await([&] { return node.closed_.find("not yet valid") != std::string::npos; }), true);
}

TEST_F(BusIdentityTest, NoUriOrTwoAreRefused) {
  for (const auto& [file, uris, reason] :
       {std::tuple{"none", std::vector<std::string>{}, "names no node"},
        std::tuple{"two", std::vector<std::string>{"entente://DEU/brigade", "entente://FRA/hq"}, "names 2 nodes"}}) {
    const TlsFiles files = authority_.WithUris(file, uris);
    const auto own = MakeChannelCredentials(files, {}, clock_);
    ASSERT_FALSE(own);
    EXPECT_THAT(own.error().Text(), HasSubstr(reason));
  }
}

TEST_F(BusIdentityTest, ARevokedNodeIsCutAndDoesNotComeBack) {
  const TlsFiles files = authority_.Node("DEU/brigade");
  const auto deu = Node("DEU/brigade", files);
  const auto fra = Node("FRA/hq", authority_.Node("FRA/hq"));
  ASSERT_TRUE(deu->AwaitWelcome());
  ASSERT_TRUE(fra->AwaitWelcome());
  authority_.Revoke(files);
  ASSERT_TRUE(deu->AwaitGoodbye());
  EXPECT_THAT(deu->Copy(&TestNode::goodbye_), HasSubstr("certificate revoked"));
  EXPECT_THAT(AwaitRefusal(), HasSubstr("certificate revoked"));
  EXPECT_EQ(deu->Copy(&TestNode::welcomes_), 1);
  EXPECT_EQ(fra->Copy(&TestNode::goodbye_), "");
}

TEST_F(BusIdentityTest, NewOwnCertificatesAreReadWithoutARestart) {
  TestAuthority next("next");
  const TlsFiles deu = next.Node("DEU/brigade");
  TlsFiles moving = authority_.Broker("EXCON/second");
  server_.reset();
  Start(moving);
  ASSERT_TRUE(WriteFile(moving.authority, TestAuthority::Read(deu.authority)));
  ASSERT_TRUE(WriteFile(moving.revoked, TestAuthority::Read(deu.revoked)));
  const TlsFiles replaced = next.Broker();
  ASSERT_TRUE(WriteFile(moving.key, TestAuthority::Read(replaced.key)));
  ASSERT_TRUE(WriteFile(moving.certificate, TestAuthority::Read(replaced.certificate)));
  const auto node = Node("DEU/brigade", deu);
  EXPECT_TRUE(node->AwaitWelcome());
}

// A client of OpenSSL's own, which says how far the handshake came.
std::string Handshake(std::uint16_t port, int version, const TlsFiles* files) {
  const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
  SSL_CTX_clear_options(context.get(), SSL_OP_NO_TLSv1_2 | SSL_OP_NO_TLSv1_3);
  SSL_CTX_set_min_proto_version(context.get(), version);
  SSL_CTX_set_max_proto_version(context.get(), version);
  const unsigned char http2[] = {2, 'h', '2'};
  SSL_CTX_set_alpn_protos(context.get(), http2, sizeof(http2));
  if (files != nullptr) {
    SSL_CTX_use_certificate_chain_file(context.get(), files->certificate.c_str());
    SSL_CTX_use_PrivateKey_file(context.get(), files->key.c_str(), SSL_FILETYPE_PEM);
  }
  BIO* const connection = BIO_new_ssl_connect(context.get());
  BIO_set_conn_hostname(connection, fmt::format("127.0.0.1:{}", port).c_str());
  const bool shaken = BIO_do_handshake(connection) == 1;
  SSL* ssl = nullptr;
  BIO_get_ssl(connection, &ssl);
  std::string outcome = shaken ? SSL_get_version(ssl) : "refused";
  if (shaken) {
    char octet = 0;  // settings of HTTP/2, or the end
    if (BIO_read(connection, &octet, 1) <= 0) outcome += ", closed";
  }
  BIO_free_all(connection);
  return outcome;
}

TEST_F(BusIdentityTest, SpeaksTls13Only) {
  const TlsFiles files = authority_.Node("DEU/brigade");
  EXPECT_EQ(Handshake(server_->port(), TLS1_2_VERSION, &files), "refused");
  EXPECT_EQ(Handshake(server_->port(), TLS1_3_VERSION, &files), "TLSv1.3");
}

TEST_F(BusIdentityTest, ShowingNoCertificateOrAWrongOneIsRefusedAndRecorded) {
  EXPECT_EQ(Handshake(server_->port(), TLS1_3_VERSION, nullptr), "TLSv1.3, closed");
  EXPECT_THAT(AwaitRefusal(), HasSubstr("showed no certificate"));
  const TlsFiles nobody = authority_.WithUris("nobody", {});
  EXPECT_EQ(Handshake(server_->port(), TLS1_3_VERSION, &nobody), "TLSv1.3, closed");
  const TlsFiles two = authority_.WithUris("two", {"entente://DEU/brigade", "entente://FRA/hq"});
  EXPECT_EQ(Handshake(server_->port(), TLS1_3_VERSION, &two), "TLSv1.3, closed");
  const TlsFiles expired = authority_.Expired("NOR/hq");
  EXPECT_EQ(Handshake(server_->port(), TLS1_3_VERSION, &expired), "TLSv1.3, closed");
  for (const char* reason : {"names no node", "names 2 nodes", "has expired"}) {
    const auto says_so = [&](const v1::RecordEvent& event) {
      return event.peer_refused().reason().find(reason) != std::string::npos;
    };
    EXPECT_TRUE(events_.Find(says_so)) << reason;
  }
}

TEST_F(BusIdentityTest, ListensAnywhereWithTlsAlone) {
  BusServerConfig config;
  config.address = "0.0.0.0";
  EXPECT_FALSE(BusServer::Start(config, guard_, clock_, {}));
  config.tls = authority_.Broker("EXCON/second");
  const auto server = BusServer::Start(config, guard_, clock_, {});
  EXPECT_TRUE(server) << server.error().Text();
}

TEST_F(BusIdentityTest, FilesThatDoNotFitAreNamedAtTheStart) {
  BusServerConfig config;
  config.tls = authority_.Broker("EXCON/second");
  config.tls->key = authority_.Node("FRA/hq").key;
  const auto server = BusServer::Start(config, guard_, clock_, {});
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error().Text(), HasSubstr("FRA-hq.key"));
}

}  // namespace
}  // namespace entente::broker
