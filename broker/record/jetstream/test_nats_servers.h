// SPDX-License-Identifier: Apache-2.0
#pragma once

// Real nats-servers with JetStream for a test: one, or a cluster, on free loopback ports, with their files in a folder that is gone
// with the test. Any of them can be killed and started again in its place.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/process/process.h"

namespace entente::record {

struct NatsServersOptions {
  std::string program = {};  // nats-server
  int count = 1;             // more than one: a cluster
  bool jetstream = true;
  std::string max_file_store = "1GB";
  std::string max_payload = "1MB";
};

class NatsServers {
 public:
  // Fails the test when they cannot be started. A cluster may still be choosing its leader.
  explicit NatsServers(NatsServersOptions options);
  ~NatsServers();  // kills them
  NatsServers(const NatsServers&) = delete;
  NatsServers& operator=(const NatsServers&) = delete;

  // "nats://127.0.0.1:40123", each; also of those that are down.
  [[nodiscard]] std::vector<std::string> urls() const;
  [[nodiscard]] std::uint16_t port(int server) const { return servers_.at(static_cast<std::size_t>(server)).client_port; }
  // "n0", "n1", …, as JetStream names a stream's leader.
  [[nodiscard]] int Named(const std::string& name) const;
  [[nodiscard]] int count() const { return static_cast<int>(servers_.size()); }

  void Kill(int server);  // SIGKILL
  void Start(int server);
  void Freeze(int server);  // SIGSTOP: there, and silent
  void Thaw(int server);

 private:
  struct Server {
    std::string name;
    std::uint16_t client_port = 0;
    std::uint16_t route_port = 0;
    std::unique_ptr<process::Process> process = {};  // none: it is down
  };

  [[nodiscard]] Server& At(int server) { return servers_[static_cast<std::size_t>(server)]; }
  void Configure(const Server& server) const;

  const NatsServersOptions options_;
  std::filesystem::path folder_;
  std::vector<Server> servers_;
};

}  // namespace entente::record
