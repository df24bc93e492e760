// SPDX-License-Identifier: Apache-2.0
#pragma once

// Real sockets for link ends: a gateway's access point and a simulated node are driven alike. A transport lives on one io_context,
// single-threaded; it is started once and stopped once, and after Stop() its io_context runs out of work. What goes wrong before
// the first connection (a taken port, a bad host, a missing certificate) is an Error of Start(); what goes wrong later is told to
// the link end as the reason of OnDisconnected.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "adapters/api/adapter_info.h"
#include "adapters/api/link_end.h"
#include "base/result.h"
#include "base/time.h"

namespace asio {
class io_context;
}

namespace entente::gateway {

enum class TransportRole { kListen, kDial };

// PEM files. A listener needs certificate and key; a dialler needs them when the listener demands them. `authority`: whom the
// peer's certificate must be signed by; a dialler always checks, a listener when `require_peer_certificate` says so.
struct TlsFiles {
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::filesystem::path authority;
  bool require_peer_certificate = true;
  std::string peer_name;
};

// Waits before dialling again: `first`, then `growth` times longer each time, up to `longest`; from the start again after a
// connection that carried octets.
struct ReconnectPolicy {
  Duration first = std::chrono::milliseconds(200);
  Duration longest = std::chrono::seconds(5);
  double growth = 2;
};

struct TransportConfig {
  adapter::TransportKind kind = adapter::TransportKind::kTcp;
  TransportRole role = TransportRole::kListen;
  std::string host = "127.0.0.1";  // listen: address to bind; dial: name or address of the peer
  std::uint16_t port = 0;          // listen and multicast: 0 is any free one
  // kUdp, listen: where output goes before the peer was heard; empty and 0: nowhere, it is dropped.
  std::string peer_host;
  std::uint16_t peer_port = 0;
  std::string group;                    // of kUdpMulticast
  std::string interface = "127.0.0.1";  // of kUdpMulticast: address of the interface
  std::optional<TlsFiles> tls;          // of kTls
  ReconnectPolicy reconnect;
};

class Transport {
 public:
  virtual ~Transport() = default;
  [[nodiscard]] virtual Status Start() = 0;
  // Orderly: the link end is told, the peer is told, nothing of this transport is left on the io_context once its handlers ran.
  virtual void Stop() = 0;
  // "127.0.0.1:40123"; after Start, with the port that was really taken. A dialler says where it dials to.
  [[nodiscard]] virtual std::string endpoint() const = 0;
};

// `end`, `clock` and `context` outlive the transport. Destroying it without Stop() ends it without telling the link end.
std::unique_ptr<Transport> MakeTransport(asio::io_context& context, const Clock& clock, TransportConfig config,
                                         adapter::LinkEnd& end);

}  // namespace entente::gateway
