// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the tests on real servers share: starting them, opening records on them, and a load that lasts while something is done to
// them.

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <thread>

#include "broker/record/jetstream/jetstream_log.h"
#include "broker/record/jetstream/test_nats_servers.h"
#include "broker/record/record_fixture.h"

namespace entente::record {

class JetStreamLogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::string_view(ENTENTE_NATS_SERVER).empty()) GTEST_SKIP() << "nats-server is not installed";
  }

  void Serve(NatsServersOptions options) {
    options.program = ENTENTE_NATS_SERVER;
    servers_ = std::make_unique<NatsServers>(std::move(options));
  }

  JetStreamOptions Options(const std::string& writer = "broker-1") {
    return {.servers = servers_->urls(),
            .stream = {.name = "test", .replicas = servers_->count(), .max_octets = -1},
            .writer = writer,
            .incarnation = ++incarnation_,
            .limits = {},
            .window_octets = 32UL * 1024 * 1024,
            .reached_within = std::chrono::milliseconds(30'000),
            .patience = std::chrono::milliseconds(30'000),
            .only_read = false};
  }

  // Throws when it cannot be opened: the test ends there.
  static std::unique_ptr<JetStreamLog> Open(JetStreamOptions options) {
    Result<std::unique_ptr<JetStreamLog>> log = JetStreamLog::Open(std::move(options));
    EXPECT_TRUE(log.has_value()) << log.error().Text();
    return std::move(log).value();
  }

  static std::vector<std::string> AllOf(JetStreamLog& log) {
    EXPECT_TRUE(log.Flush());
    auto reader = log.Tail({}, {});
    return ReadAll(**reader);
  }

  std::string LeaderOf(const char* stream) {
    auto link = NatsLink::Connect(servers_->urls(), "test", std::chrono::milliseconds(10'000));
    for (;;) {
      jsStreamInfo* asked = nullptr;
      js_GetStreamInfo(&asked, (*link)->jetstream(), stream, nullptr, nullptr);
      const NatsOwned<jsStreamInfo> info(asked);
      if (info && info->Cluster != nullptr && info->Cluster->Leader != nullptr) return info->Cluster->Leader;
    }
  }

  std::unique_ptr<NatsServers> servers_;
  std::uint64_t incarnation_ = 0;
};

// Appends batches for as long as `doing` takes, then lets everything be acknowledged.
inline int AppendWhile(JetStreamLog& log, int first, const std::function<void()>& doing) {
  std::atomic<bool> done = false;
  std::thread load([&] {
    doing();
    done = true;
  });
  int number = first;
  // Not faster than the servers take it, so that it lasts.
  for (; !done || number < first + 100; ++number) {
    std::promise<void> durable;
    EXPECT_TRUE(log.Append(Batch(number)));
    EXPECT_TRUE(log.Append(Batch(++number), [&](const Status& status) {
      EXPECT_TRUE(status.has_value());
      durable.set_value();
    }));
    durable.get_future().get();
  }
  load.join();
  return number;
}

}  // namespace entente::record
