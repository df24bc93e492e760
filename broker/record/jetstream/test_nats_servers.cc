// SPDX-License-Identifier: Apache-2.0
#include "broker/record/jetstream/test_nats_servers.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

namespace entente::record {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = Loopback(0);
  socklen_t length = sizeof(address);
  EXPECT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), length), 0);
  EXPECT_EQ(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length), 0);
  close(fd);
  return ntohs(address.sin_port);
}

bool Answers(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(port);
  const bool connected = connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  close(fd);
  return connected;
}

void AwaitAnswer(int port, pid_t pid) {
  constexpr int kLooks = 600;
  constexpr int kLookEveryMs = 20;
  for (int look = 0; look < kLooks; ++look) {
    if (Answers(port)) return;
    if (waitpid(pid, nullptr, WNOHANG) == pid) break;
    poll(nullptr, 0, kLookEveryMs);
  }
  ADD_FAILURE() << "nats-server does not answer at port " << port;
}

}  // namespace

NatsServers::NatsServers(NatsServersOptions options) : options_(std::move(options)) {
  std::string pattern = (std::filesystem::temp_directory_path() / "entente-nats-XXXXXX").string();
  EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
  folder_ = pattern;
  for (int i = 0; i < options_.count; ++i) servers_.push_back({fmt::format("n{}", i), FreePort(), FreePort(), -1});
  for (const Server& server : servers_) Configure(server);
  for (int i = 0; i < options_.count; ++i) Start(i);
}

NatsServers::~NatsServers() {
  for (int i = 0; i < options_.count; ++i) Kill(i);
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
  pid_t& pid = servers_[static_cast<std::size_t>(server)].pid;
  if (pid <= 0) return;
  kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
  pid = -1;
}

void NatsServers::Start(int server) {
  Server& started = servers_[static_cast<std::size_t>(server)];
  const std::string configuration = (folder_ / (started.name + ".conf")).string();
  const std::string log = (folder_ / (started.name + ".log")).string();
  started.pid = fork();
  if (started.pid == 0) {
    const int output = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    execl(options_.program.c_str(), "nats-server", "-c", configuration.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  ASSERT_GT(started.pid, 0);
  AwaitAnswer(started.client_port, started.pid);
}

void NatsServers::Freeze(int server) {
  kill(servers_[static_cast<std::size_t>(server)].pid, SIGSTOP);
}

void NatsServers::Thaw(int server) {
  kill(servers_[static_cast<std::size_t>(server)].pid, SIGCONT);
}

}  // namespace entente::record
