// SPDX-License-Identifier: Apache-2.0
#pragma once

// The gRPC shell of the relay: serves entente.v1.Bus on an asynchronous completion queue with raw ByteBuffers, one polling thread
// and one write in flight per stream. The relay is driven from that thread alone. Construct, Start, Stop; the destructor stops.
// Beside it the standard health service and server reflection.
//
// With TLS a peer is who its certificate says, and may do what IdentityBook says. Without TLS it binds 127.0.0.1 only, unless
// `insecure_any_interface` says otherwise in so many words.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "broker/certificates/tls_files.h"
#include "broker/core/relay.h"

namespace entente::broker {

struct BusServerConfig {
  // Before anything is served: Relay::Restore. Its error ends Start.
  std::function<Status(Relay&)> restore{};
  // On the polling thread, whenever the relay had something to do: what its sink got by then may be committed.
  std::function<void(Relay&)> after_round{};
  RelayConfig relay;
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;                          // 0: any free one, see BusServer::port()
  std::optional<TlsFiles> tls{};                   // mutual TLS 1.3, on any interface
  v1::ExercisePolicy policy{};                     // identities of peers, and limits of their nations
  v1::StreamLimits stream_limits{};                // of each node; 0: none
  Duration check_every = std::chrono::seconds(1);  // whether peers keep to what they may
  // "I know that anybody who reaches this port can read and write the exercise": needed for any address but loopback.
  bool insecure_any_interface = false;
  Duration drain = std::chrono::seconds(2);           // how long Stop lets goodbyes go out
  Duration hello_within = std::chrono::seconds(10);   // a stream without its hello by then is turned away
  Duration stalled_after = std::chrono::seconds(30);  // a peer that took nothing for so long, though something waits, is cut
  // A connection that was silent for so long is asked for an answer; without one within the timeout it is cut.
  Duration keep_alive = std::chrono::seconds(20);
  Duration keep_alive_timeout = std::chrono::seconds(10);
};

class BusServer {
 public:
  // Octets of one entente.v1.RecordEvent that the node appends to the record; called on the polling thread.
  using AppendEvent = std::function<void(std::string_view node, std::string record_event)>;

  // `guard` and `clock` outlive the server. `sink` and `append` are called on the polling thread.
  static Result<std::unique_ptr<BusServer>> Start(BusServerConfig config, const ReleaseGuard& guard, const Clock& clock,
                                                  EventSink sink, AppendEvent append = {});
  ~BusServer();
  BusServer(const BusServer&) = delete;
  BusServer& operator=(const BusServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::string endpoint() const;  // "127.0.0.1:40123"

  // Any thread. Runs `work` on the polling thread, soon; for OnRecorded, ReplaceGuard, counters. Dropped after Stop.
  void Post(std::function<void(Relay&)> work);
  // Any thread but the polling one, once is enough: says goodbye to every node, lets it go out, ends the thread.
  void Stop(std::string_view reason);

 private:
  class Impl;
  explicit BusServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace entente::broker
