// SPDX-License-Identifier: Apache-2.0
#pragma once

// The gRPC shell of live control: serves entente.v1.Control beside a run. Calls are taken on a polling thread of its own and handed
// to the run; who watches is served by a second one, so that reading the record never keeps a command waiting. Construct, Start,
// Stop; the destructor stops.
//
// With TLS a peer is who its certificate says, by the same gate as on the bus, and only the role EXCON commands. Without TLS it
// listens on loopback only, and whoever reaches it commands.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "broker/certificates/tls_files.h"
#include "broker/record/record.h"
#include "entente/v1/policy.pb.h"
#include "harness/run/run_commands.h"
#include "proto/event_sink.h"

namespace entente::harness {

struct ControlServerConfig {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one
  std::optional<broker::TlsFiles> tls{};
  v1::ExercisePolicy policy{};  // roles of identities
};

class ControlServer {
 public:
  // References outlive it. `sink` gets what is refused, on threads of the server.
  static Result<std::unique_ptr<ControlServer>> Start(ControlServerConfig config, RunCommands& commands, record::Record& record,
                                                      const Clock& clock, EventSink sink);
  ~ControlServer();
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;

  [[nodiscard]] std::string endpoint() const;  // "127.0.0.1:40123"
  // After the run has ended its commands: tells watchers what the record still has, and ends both threads.
  void Stop();

 private:
  class Impl;
  explicit ControlServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace entente::harness
