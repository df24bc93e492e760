// SPDX-License-Identifier: Apache-2.0
#pragma once

// The two halves of the bus as processes of their own, on loopback: `entente broker`, which listens, and `entente gateway`, which
// attaches to it. Their logs are the test's own, or files in its folder.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/cli/program.h"
#include "tests/external/peer_process.h"

namespace entente::program {

class BrokerProcess {
 public:
  // Starts it and waits until it listens; if it does not, the test fails and `port` is 0. `log` names a file: everything is logged.
  BrokerProcess(const Scratch& scratch, const std::string& exercise,
                const std::vector<std::string>& options = {"--record", "record"}, const std::string& log = {});

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string endpoint() const { return "127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] external::PeerProcess& process() { return process_; }

 private:
  external::PeerProcess process_;
  std::uint16_t port_ = 0;
};

class GatewayProcess {
 public:
  GatewayProcess(const Scratch& scratch, const std::string& exercise, const std::vector<std::string>& brokers,
                 const std::vector<std::string>& options = {}, const std::string& log = {});

  // Where it waits for the system of this node; if it does not, the test fails and this is 0.
  [[nodiscard]] std::uint16_t PortOf(std::string_view node);
  [[nodiscard]] external::PeerProcess& process() { return process_; }

 private:
  external::PeerProcess process_;
};

// Of a process that shows the certificate of `name` ("EXCON-broker"), as `entente certs --folder FOLDER` made it.
std::vector<std::string> TlsOptions(const std::string& name, const std::string& folder = "certificates");
std::vector<std::string> operator+(std::vector<std::string> first, const std::vector<std::string>& second);

}  // namespace entente::program
