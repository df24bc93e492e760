// SPDX-License-Identifier: Apache-2.0
#include "broker/record/jetstream/test_nats_servers.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "tests/loopback/loopback.h"

namespace entente::record {
namespace {

std::string TextOf(const std::string& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

void AwaitAnswer(std::uint16_t port, process::Process& process, const std::string& log) {
  constexpr int kLooks = 600;
  constexpr std::chrono::milliseconds kLookEvery(20);
  for (int look = 0; look < kLooks; ++look) {
    if (loopback::Connect(port).number() >= 0) return;
    if (!process.Follow(kLookEvery)) break;
  }
  ADD_FAILURE() << "nats-server does not answer at port " << port << "; it says:\n" << TextOf(log);
}

}  // namespace

NatsServers::NatsServers(NatsServersOptions options) : options_(std::move(options)) {
  std::string pattern = (std::filesystem::temp_directory_path() / "entente-nats-XXXXXX").string();
  EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
  folder_ = pattern;
  for (int i = 0; i < options_.count; ++i) servers_.push_back({fmt::format("n{}", i), loopback::FreePort(), loopback::FreePort()});
  for (const Server& server : servers_) Configure(server);
  for (int i = 0; i < options_.count; ++i) Start(i);
}

NatsServers::~NatsServers() {
  servers_.clear();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void NatsServers::Configure(const Server& server) const {
  std::ofstream file(folder_ / (server.name + ".conf"));
  file << fmt::format("server_name: {}\nlisten: \"127.0.0.1:{}\"\nmax_payload: {}\n", server.name, server.client_port,
                      options_.max_payload);
  if (options_.jetstream) {
    file << fmt::format("jetstream {{ store_dir: \"{}\", max_file_store: {} }}\n", (folder_ / server.name).string(),
                        options_.max_file_store);
  }
  if (servers_.size() < 2) return;
  file << fmt::format("cluster {{\n  name: test\n  listen: \"127.0.0.1:{}\"\n  routes: [\n", server.route_port);
  for (const Server& other : servers_) file << fmt::format("    \"nats://127.0.0.1:{}\"\n", other.route_port);
  file << "  ]\n}\n";
}

std::vector<std::string> NatsServers::urls() const {
  std::vector<std::string> urls;
  for (const Server& server : servers_) urls.push_back(fmt::format("nats://127.0.0.1:{}", server.client_port));
  return urls;
}

int NatsServers::Named(const std::string& name) const {
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    if (servers_[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

void NatsServers::Kill(int server) {
  At(server).process.reset();
}

// Whoever starts one again in mid-load does so on a thread that ends before the server does.
void NatsServers::Start(int server) {
  Server& started = At(server);
  const auto file = [&](const char* ending) { return (folder_ / (started.name + ending)).string(); };
  started.process = std::make_unique<process::Process>(
      process::Command{.argv = {options_.program, "-c", file(".conf"), "-l", file(".log")}, .ends_with_thread = false});
  AwaitAnswer(started.client_port, *started.process, file(".log"));
}

void NatsServers::Freeze(int server) {
  At(server).process->Signal(SIGSTOP);
}

void NatsServers::Thaw(int server) {
  At(server).process->Signal(SIGCONT);
}

}  // namespace entente::record
