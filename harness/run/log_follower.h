// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where several brokers share a record: takes its frames in the order of the log, this broker's own and those of the others, to
// this broker's relay, which applies them. Its own frames say by coming back that they are in the record.

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "base/time.h"
#include "broker/core/relay.h"
#include "broker/record/jetstream/jetstream_log.h"
#include "broker/service/bus_server.h"
#include "entente/v1/exercise.pb.h"

namespace entente::harness {

class LogFollower {
 public:
  // Frames on their way to the relay's thread; more: the log is read no further until it has taken some.
  static constexpr std::size_t kUnderWay = 256;

  // `log`, `exercise` and `clock` outlive it. `relay_writer`: what the relay's own events are signed with, and no others of this
  // process.
  LogFollower(record::JetStreamLog& log, const v1::Exercise& exercise, const Clock& clock, std::string relay_writer);
  ~LogFollower();
  LogFollower(const LogFollower&) = delete;
  LogFollower& operator=(const LogFollower&) = delete;

  // Before the server serves: all that anybody was promised before. Errors: it is of another exercise or policy; kUnavailable.
  Status Restore(broker::Relay& relay);
  [[nodiscard]] bool restored_any() const { return restored_any_; }
  // From there on. The server outlives Stop.
  void Start(broker::BusServer& server);
  void Stop();
  // What ended it: the record cannot be read any further, or another broker was started under another policy.
  [[nodiscard]] std::optional<Error> failure() const;

 private:
  void Follow(broker::BusServer& server);
  Result<std::optional<record::ReadFrame>> NextFrame();
  Result<std::optional<record::ReadFrame>> NextFrameBefore(record::Cursor end);
  void Hand(broker::BusServer& server, record::ReadFrame frame);
  void Take(broker::Relay& relay, const record::ReadFrame& frame);

  record::JetStreamLog& log_;
  const v1::Exercise& exercise_;
  const Clock& clock_;
  const std::string relay_writer_;
  std::unique_ptr<record::JetStreamReader> reader_;
  bool restored_any_ = false;
  std::uint64_t own_events_ = 0;  // of the relay, in the record; on the relay's thread alone
  std::atomic<bool> stop_ = false;
  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::size_t under_way_ = 0;
  std::optional<Error> failure_;
  std::thread thread_;
};

}  // namespace entente::harness
