// SPDX-License-Identifier: Apache-2.0
#pragma once

// An authority in a folder of the test, with certificates as they should not be; for tests.

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "base/io/system_clock.h"
#include "broker/certificates/authority.h"

namespace entente::broker::testing {

class TestAuthority {
 public:
  TestAuthority() : TestAuthority("authority") {}
  explicit TestAuthority(const std::string& name) : folder_(FreshFolder(name)) {
    const UtcTime now = SystemClock().Read().utc;
    auto made = Authority::Create(folder_, name, now - std::chrono::hours(1), now + kAuthorityLife);
    EXPECT_TRUE(made) << (made ? "" : made.error().Text());
    if (made) authority_ = std::make_unique<Authority>(*std::move(made));
  }
  ~TestAuthority() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  [[nodiscard]] static UtcTime Utc() { return SystemClock().Read().utc; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  Authority* operator->() { return authority_.get(); }

  TlsFiles Issue(const CertificateRequest& request) {
    const auto files = authority_->Issue(request);
    EXPECT_TRUE(files) << (files ? "" : files.error().Text());
    return files.value_or(TlsFiles{});
  }
  TlsFiles Node(const std::string& name) { return Issue(RequestFor(name, {}, Utc())); }
  TlsFiles Broker(const std::string& name = "EXCON/broker") {
    return Issue(RequestFor(name, {"localhost", "127.0.0.1", "::1"}, Utc()));
  }
  TlsFiles WithUris(const std::string& file, std::vector<std::string> uris) {
    CertificateRequest request = RequestFor(file, {}, Utc());
    request.uris = std::move(uris);
    return Issue(request);
  }
  TlsFiles Expired(const std::string& name) {
    CertificateRequest request = RequestFor(name, {}, Utc());
    request.not_before = Utc() - std::chrono::hours(48);
    request.not_after = Utc() - std::chrono::hours(24);
    return Issue(request);
  }
  void Revoke(const TlsFiles& files) {
    const auto revoked = authority_->Revoke(files.certificate, Utc());
    EXPECT_TRUE(revoked) << (revoked ? "" : revoked.error().Text());
  }
  static std::string Read(const std::filesystem::path& file) {
    std::ifstream from(file);
    std::ostringstream text;
    text << from.rdbuf();
    return text.str();
  }

 private:
  static std::filesystem::path FreshFolder(const std::string& name) {
    const auto* const info = ::testing::UnitTest::GetInstance()->current_test_info();
    std::filesystem::path folder = std::filesystem::path(::testing::TempDir()) /
                                   (std::string("entente_") + info->test_suite_name() + "_" + info->name() + "_" + name);
    std::filesystem::remove_all(folder);
    return folder;
  }

  std::filesystem::path folder_;
  std::unique_ptr<Authority> authority_;
};

}  // namespace entente::broker::testing
