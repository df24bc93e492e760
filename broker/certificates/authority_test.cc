// SPDX-License-Identifier: Apache-2.0
#include "broker/certificates/authority.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/certificates/openssl.h"
#include "broker/certificates/secret_file.h"
#include "broker/certificates/subject_names.h"
#include "broker/certificates/test_authority.h"

namespace entente::broker {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::TestAuthority;

openssl::X509Ptr ReadOne(const std::filesystem::path& file) {
  auto all = openssl::ReadCertificates(TestAuthority::Read(file), file.string());
  EXPECT_TRUE(all && all->size() == 1);
  return all ? std::move(all->front()) : nullptr;
}

TEST(AuthorityTest, IssuesAnIdentityForAShortWhile) {
  TestAuthority authority;
  const UtcTime now = TestAuthority::Utc();
  const TlsFiles files = authority.Node("DEU/brigade");
  const auto certificate = ReadOne(files.certificate);
  EXPECT_THAT(UrisOf(certificate.get()), ElementsAre("entente://DEU/brigade"));
  const UtcTime until = openssl::ToUtc(X509_get0_notAfter(certificate.get()));
  EXPECT_LE(until, now + kLeafLife + std::chrono::minutes(1));
  EXPECT_GT(until, now + kLeafLife - std::chrono::minutes(1));
  EXPECT_LT(openssl::ToUtc(X509_get0_notBefore(certificate.get())), now);
}

TEST(AuthorityTest, KeysAreReadableByTheirOwnerOnly) {
  TestAuthority authority;
  const TlsFiles files = authority.Node("DEU/brigade");
  EXPECT_FALSE(IsReadableByOthers(files.key));
  EXPECT_FALSE(IsReadableByOthers(authority.folder() / "authority.key"));
  EXPECT_TRUE(IsReadableByOthers(files.certificate));
}

TEST(AuthorityTest, OverwritesNothingUnasked) {
  TestAuthority authority;
  const TlsFiles files = authority.Node("DEU/brigade");
  const std::string key = TestAuthority::Read(files.key);
  CertificateRequest again = RequestFor("DEU/brigade", {}, TestAuthority::Utc());
  const auto refused = authority->Issue(again);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(TestAuthority::Read(files.key), key);
  again.replace = true;
  EXPECT_TRUE(authority->Issue(again));
  EXPECT_NE(TestAuthority::Read(files.key), key);
  const auto second = Authority::Create(authority.folder(), "another", TestAuthority::Utc(), TestAuthority::Utc() + kAuthorityLife);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().Text(), HasSubstr("authority.key"));
}

TEST(AuthorityTest, OpensAgainAndGoesOn) {
  TestAuthority authority;
  auto again = Authority::Open(authority.folder());
  ASSERT_TRUE(again) << again.error().Text();
  EXPECT_TRUE(again->Issue(RequestFor("FRA/hq", {}, TestAuthority::Utc())));
  EXPECT_EQ(again->not_after(), authority->not_after());
}

TEST(AuthorityTest, RevokesOnceAndKeepsTheOthers) {
  TestAuthority authority;
  const TlsFiles deu = authority.Node("DEU/brigade");
  const TlsFiles fra = authority.Node("FRA/hq");
  EXPECT_EQ(authority->Revoke(deu.certificate, TestAuthority::Utc()), true);
  EXPECT_EQ(authority->Revoke(fra.certificate, TestAuthority::Utc()), true);
  EXPECT_EQ(authority->Revoke(deu.certificate, TestAuthority::Utc()), false);
  const auto lists = openssl::ReadCrls(TestAuthority::Read(deu.revoked), "list");
  ASSERT_TRUE(lists && lists->size() == 1);
  EXPECT_EQ(sk_X509_REVOKED_num(X509_CRL_get_REVOKED(lists->front().get())), 2);
}

TEST(AuthorityTest, RevokesOnlyWhatItSigned) {
  TestAuthority authority;
  TestAuthority stranger("stranger");
  const auto revoked = authority->Revoke(stranger.Node("DEU/brigade").certificate, TestAuthority::Utc());
  ASSERT_FALSE(revoked);
  EXPECT_THAT(revoked.error().Text(), HasSubstr("this authority did not sign it"));
}

}  // namespace
}  // namespace entente::broker
