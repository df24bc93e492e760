// SPDX-License-Identifier: Apache-2.0
#pragma once

// The gRPC shell of a BusClient: one stream to the broker on raw ByteBuffers; connects again with backoff until stopped. One thread
// owns the client, and after BusClient::Publish and the like calls Flush. It owns the stream in one of two ways:
//
// * it has nothing to wait for but the bus: it calls Poll, and everything happens within; nobody is woken in between;
// * it waits for other things too, as a gateway does for its sockets: the stream has a completion-queue thread of its own, which
//   moves frames only, and hands whatever touches the client to the owner's executor.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "broker/core/bus_client.h"

namespace grpc {
class ChannelCredentials;
}

namespace entente::broker {

struct BusStreamConfig {
  std::string endpoint;  // "127.0.0.1:40123"
  // MakeChannelCredentials of broker/certificates; nullptr: without TLS. Several streams may share them.
  std::shared_ptr<grpc::ChannelCredentials> credentials = nullptr;
  // Of other brokers of the same exercise: when one cannot be reached or is gone, the next is tried at once, round and round.
  std::vector<std::string> others = {};
  // Whose certificate is asked for, of `endpoint` and of each of the others, where these are only a way there: a link's proxy.
  // Empty: the host that is dialled.
  std::vector<std::string> hosts = {};
  // Waiting times before the first, second … attempt to connect again; the last one repeats; none: never again. A welcome starts
  // at the first again.
  std::vector<Duration> backoff = {std::chrono::milliseconds(50), std::chrono::milliseconds(200), std::chrono::seconds(1),
                                   std::chrono::seconds(5)};
  // Why a stream ended or could not be opened, for people; on the owner's thread.
  std::function<void(const std::string& reason)> on_closed = {};
};

class BusStream {
 public:
  // Runs the function later on the owner's thread, in order. Called from the completion-queue thread.
  using Executor = std::function<void(std::function<void()>)>;

  // `client`, `clock` and what `executor` refers to outlive the stream. Construct and destroy on the owner's thread; functions that
  // the executor still holds after the destructor do nothing.
  BusStream(BusStreamConfig config, BusClient& client, const Clock& clock, Executor executor);
  // Without an executor: the owner polls.
  BusStream(BusStreamConfig config, BusClient& client, const Clock& clock);
  ~BusStream();
  BusStream(const BusStream&) = delete;
  BusStream& operator=(const BusStream&) = delete;

  // Owner's thread.
  void Start();
  // Owner's thread: writes what the client has ready; while a write is in flight only full frames, and its end does the rest.
  void Flush();
  // Owner's thread, without an executor: waits at most that long for something to happen, then deals with all that did. Zero:
  // looks.
  void Poll(Duration at_most);
  // Owner's thread, not from a call of the client's sink: ends the stream and the thread. The client is told OnDisconnected.
  void Stop();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace entente::broker
