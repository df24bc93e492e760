// SPDX-License-Identifier: Apache-2.0
#include "broker/certificates/certificate_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/io/files.h"
#include "broker/certificates/test_authority.h"

namespace entente::broker {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::TestAuthority;

class CertificateCheckTest : public ::testing::Test {
 protected:
  // The name, or why it is refused.
  std::string Check(const TlsFiles& peer, PeerSide side = PeerSide::kClient, std::string_view host = {},
                    UtcTime at = TestAuthority::Utc()) {
    return CheckPem(TestAuthority::Read(peer.certificate), side, host, at);
  }
  std::string CheckPem(const std::string& pem, PeerSide side = PeerSide::kClient, std::string_view host = {},
                       UtcTime at = TestAuthority::Utc()) {
    const auto checked = check_->Check(pem, {}, side, host, at);
    return checked ? checked->name : checked.error().Text();
  }
  static std::shared_ptr<CertificateCheck> Open(const TlsFiles& files) {
    auto opened = CertificateCheck::Open(files);
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().Text());
    return opened.value_or(nullptr);
  }

  TestAuthority authority_;
  TlsFiles broker_ = authority_.Broker();
  std::shared_ptr<CertificateCheck> check_ = Open(broker_);
};

TEST_F(CertificateCheckTest, TakesWhomTheAuthoritySigned) {
  EXPECT_EQ(Check(authority_.Node("DEU/brigade")), "DEU/brigade");
}

TEST_F(CertificateCheckTest, RefusesAnotherAuthority) {
  TestAuthority stranger("stranger");
  EXPECT_THAT(Check(stranger.Node("DEU/brigade")),
              AllOf(HasSubstr("entente://DEU/brigade"), HasSubstr("unable to get local issuer")));
}

// The same name as the real one's, another key.
TEST_F(CertificateCheckTest, RefusesAnAuthorityThatOnlyBearsTheName) {
  const std::filesystem::path folder = authority_.folder() / "false";
  const UtcTime now = TestAuthority::Utc();
  auto impostor = Authority::Create(folder, "authority", now, now + kAuthorityLife);
  ASSERT_TRUE(impostor);
  const auto files = impostor->Issue(RequestFor("DEU/brigade", {}, now));
  ASSERT_TRUE(files);
  EXPECT_THAT(Check(*files), HasSubstr("certificate of entente://DEU/brigade"));
}

TEST_F(CertificateCheckTest, RefusesWhatIsNotInDate) {
  EXPECT_THAT(Check(authority_.Expired("DEU/brigade")), AllOf(HasSubstr("expired"), HasSubstr("entente certs --renew")));
  const TlsFiles fra = authority_.Node("FRA/hq");
  EXPECT_EQ(Check(fra), "FRA/hq");
  EXPECT_THAT(Check(fra, PeerSide::kClient, {}, TestAuthority::Utc() + std::chrono::days(8)), HasSubstr("expired"));
  EXPECT_THAT(Check(fra, PeerSide::kClient, {}, TestAuthority::Utc() - std::chrono::minutes(30)), HasSubstr("not yet valid"));
}

TEST_F(CertificateCheckTest, RefusesWhatIsRevokedAsSoonAsTheListSaysSo) {
  const TlsFiles deu = authority_.Node("DEU/brigade");
  const TlsFiles fra = authority_.Node("FRA/hq");
  const std::uint64_t before = check_->Generation();
  EXPECT_EQ(Check(deu), "DEU/brigade");
  authority_.Revoke(deu);
  EXPECT_GT(check_->Generation(), before);
  EXPECT_THAT(Check(deu), HasSubstr("certificate revoked"));
  EXPECT_EQ(Check(fra), "FRA/hq");
}

TEST_F(CertificateCheckTest, WithoutAListOfTheAuthorityNobodyIsTaken) {
  TestAuthority other("other");
  TlsFiles files = broker_;
  files.revoked = other.Node("FRA/hq").revoked;
  check_ = Open(files);
  EXPECT_THAT(Check(authority_.Node("DEU/brigade")), HasSubstr("unable to get certificate CRL"));
}

TEST_F(CertificateCheckTest, NoListAsksForNone) {
  TlsFiles files = broker_;
  files.revoked.clear();
  check_ = Open(files);
  const TlsFiles deu = authority_.Node("DEU/brigade");
  authority_.Revoke(deu);
  EXPECT_EQ(Check(deu), "DEU/brigade");
}

TEST_F(CertificateCheckTest, ExactlyOneUriNamesTheNode) {
  EXPECT_THAT(Check(authority_.WithUris("none", {})), HasSubstr("names no node"));
  EXPECT_THAT(Check(authority_.WithUris("two", {"entente://DEU/brigade", "entente://FRA/hq"})), HasSubstr("names 2 nodes"));
  EXPECT_THAT(Check(authority_.WithUris("strange", {"entente://somebody"})), HasSubstr("names no node"));
  EXPECT_EQ(Check(authority_.WithUris("more", {"spiffe://exercise/deu", "entente://DEU/brigade"})), "DEU/brigade");
}

TEST_F(CertificateCheckTest, ANodesCertificateDoesNotMakeABroker) {
  EXPECT_THAT(Check(authority_.Node("DEU/brigade"), PeerSide::kServer), HasSubstr("purpose"));
  EXPECT_EQ(Check(broker_, PeerSide::kServer, "127.0.0.1"), "EXCON/broker");
  EXPECT_EQ(Check(broker_, PeerSide::kServer, "[::1]"), "EXCON/broker");
  EXPECT_EQ(Check(broker_, PeerSide::kServer, "localhost"), "EXCON/broker");
  EXPECT_THAT(Check(broker_, PeerSide::kServer, "192.0.2.7"), HasSubstr("IP address mismatch"));
  EXPECT_THAT(Check(broker_, PeerSide::kServer, "broker.example"), HasSubstr("ostname mismatch"));
}

TEST_F(CertificateCheckTest, NothingAndGarbageAreRefused) {
  EXPECT_THAT(CheckPem(""), HasSubstr("showed no certificate"));
  EXPECT_THAT(CheckPem("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), HasSubstr("no certificate"));
}

TEST_F(CertificateCheckTest, TheAuthorityItselfIsNoNode) {
  EXPECT_THAT(CheckPem(TestAuthority::Read(broker_.authority)), ::testing::Not("DEU/brigade"));
}

TEST_F(CertificateCheckTest, ANewAuthorityIsInForceAsSoonAsItsFileIs) {
  TestAuthority next("next");
  const TlsFiles fra = next.Node("FRA/hq");
  const std::filesystem::path both = authority_.folder() / "both.pem";
  const std::filesystem::path none = authority_.folder() / "none.pem";
  ASSERT_TRUE(WriteFile(both, TestAuthority::Read(broker_.authority)));
  check_ = Open({.certificate = broker_.certificate, .key = broker_.key, .authority = both, .revoked = {}});
  EXPECT_THAT(Check(fra), HasSubstr("issuer"));
  ASSERT_TRUE(WriteFile(both, TestAuthority::Read(broker_.authority) + TestAuthority::Read(fra.authority)));
  EXPECT_EQ(Check(fra), "FRA/hq");
}

TEST_F(CertificateCheckTest, AnUnusableNewFileLeavesTheOldInForce) {
  const TlsFiles deu = authority_.Node("DEU/brigade");
  const TlsFiles revoked = authority_.Node("FRA/hq");
  authority_.Revoke(revoked);
  EXPECT_THAT(Check(revoked), HasSubstr("certificate revoked"));
  ASSERT_TRUE(WriteFile(broker_.revoked, "half a fi"));
  EXPECT_THAT(Check(revoked), HasSubstr("certificate revoked"));
  EXPECT_EQ(Check(deu), "DEU/brigade");
}

TEST_F(CertificateCheckTest, MissingFilesAreNamed) {
  const auto opened = CertificateCheck::Open({.certificate = {}, .key = {}, .authority = "/nowhere/authority.pem", .revoked = {}});
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().Text(), HasSubstr("/nowhere/authority.pem"));
}

TEST_F(CertificateCheckTest, OwnFilesMustBelongTogether) {
  const TlsFiles deu = authority_.Node("DEU/brigade");
  EXPECT_TRUE(CheckOwnFiles(deu, PeerSide::kClient, TestAuthority::Utc()));
  TlsFiles mixed = deu;
  mixed.key = authority_.Node("FRA/hq").key;
  const auto wrong = CheckOwnFiles(mixed, PeerSide::kClient, TestAuthority::Utc());
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().Text(), HasSubstr("not the one of the certificate"));
  const auto expired = CheckOwnFiles(authority_.Expired("NOR/hq"), PeerSide::kClient, TestAuthority::Utc());
  ASSERT_FALSE(expired);
  EXPECT_THAT(expired.error().Text(), HasSubstr("has expired"));
}

}  // namespace
}  // namespace entente::broker
