// SPDX-License-Identifier: Apache-2.0
#pragma once

// One connection to a group of NATS servers, which finds another server by itself when its own dies, for ever; and what its
// errors mean to people. Thread-safe.

#include <nats/nats.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "broker/record/jetstream/callback_key.h"

namespace entente::record {

// Frees what the library gave.
struct NatsDeleter {
  void operator()(natsOptions* options) const { natsOptions_Destroy(options); }
  void operator()(natsConnection* connection) const { natsConnection_Destroy(connection); }
  void operator()(natsSubscription* subscription) const { natsSubscription_Destroy(subscription); }
  void operator()(natsMsg* message) const { natsMsg_Destroy(message); }
  void operator()(jsCtx* context) const { jsCtx_Destroy(context); }
  void operator()(jsStreamInfo* info) const { jsStreamInfo_Destroy(info); }
  void operator()(jsConsumerInfo* info) const { jsConsumerInfo_Destroy(info); }
};
template <typename T>
using NatsOwned = std::unique_ptr<T, NatsDeleter>;

// What JetStream said, in the record's terms: kExhausted when it has no room, kUnavailable when it may answer later.
Error NatsError(natsStatus status, jsErrCode code, std::string what, std::string where);
// Worth another attempt: no leader yet, no answer, not connected.
bool MayPass(natsStatus status, jsErrCode code);

class NatsLink {
 public:
  // `servers`: "nats://127.0.0.1:4222", each of one group; tried for as long as `patience`. kUnavailable: none answers.
  static Result<std::unique_ptr<NatsLink>> Connect(const std::vector<std::string>& servers, const std::string& name,
                                                   std::chrono::milliseconds patience);
  ~NatsLink();
  NatsLink(const NatsLink&) = delete;
  NatsLink& operator=(const NatsLink&) = delete;

  [[nodiscard]] natsConnection* connection() const { return connection_.get(); }
  // How long one request of JetStream's API may take.
  static constexpr std::chrono::milliseconds kRequestTime{2000};
  [[nodiscard]] jsCtx* jetstream() const { return jetstream_.get(); }
  // The servers, for people: without user and password.
  [[nodiscard]] const std::string& where() const { return where_; }
  [[nodiscard]] bool connected() const { return natsConnection_Status(connection_.get()) == NATS_CONN_STATUS_CONNECTED; }
  // Grows with every connection made after the first.
  [[nodiscard]] std::uint64_t reconnections() const { return *reconnections_; }

 private:
  using Count = std::atomic<std::uint64_t>;

  explicit NatsLink(std::string where)
      : where_(std::move(where)), reconnections_(std::make_shared<Count>(0)), key_(reconnections_) {}

  const std::string where_;
  const std::shared_ptr<Count> reconnections_;
  const CallbackKey<Count> key_;
  NatsOwned<natsConnection> connection_;
  NatsOwned<jsCtx> jetstream_;
};

}  // namespace entente::record
