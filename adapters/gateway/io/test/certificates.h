// SPDX-License-Identifier: Apache-2.0
#pragma once

// A small certificate authority for tests, made when they run: PEM files in a folder of the test.

#include <filesystem>
#include <memory>
#include <string>

#include "adapters/gateway/io/transport.h"

namespace entente::gateway::test {

class Certificates {
 public:
  // Writes into `folder`, which exists.
  explicit Certificates(std::filesystem::path folder);
  ~Certificates();
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  // Certificate and key for `name`, signed by this authority, which is also whom it trusts.
  TlsFiles Issue(const std::string& name);
  [[nodiscard]] std::filesystem::path authority() const { return folder_ / (name_ + "-authority.pem"); }

 private:
  struct Authority;
  std::filesystem::path folder_;
  std::string name_;
  std::unique_ptr<Authority> authority_;
};

}  // namespace entente::gateway::test
