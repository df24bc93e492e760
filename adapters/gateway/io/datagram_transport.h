// SPDX-License-Identifier: Apache-2.0
#pragma once

// UDP in three shapes. Listening: a bound port; output goes to the configured peer, else to the last one heard, and the link counts
// as connected once there is one. Dialling: a fixed peer. Multicast: a group on one interface, heard by all and by ourselves; our
// own datagrams are left out. A datagram that the system does not take is lost, as datagrams may be.

#include <asio/ip/udp.hpp>
#include <memory>
#include <optional>

#include "adapters/gateway/io/link_driver.h"
#include "adapters/gateway/io/signal.h"
#include "adapters/gateway/io/transport_core.h"

namespace entente::gateway {

class DatagramTransport final : public TransportCore, public std::enable_shared_from_this<DatagramTransport> {
 public:
  DatagramTransport(asio::io_context& context, const Clock& clock, TransportConfig config, adapter::LinkEnd& end);

  Status Start() override;
  void Stop() override;
  void Abandon() override;
  [[nodiscard]] std::string endpoint() const override { return endpoint_; }

 private:
  using Udp = asio::ip::udp;

  Status OpenListener();
  Status OpenDialler();
  Status OpenGroup();
  // The group's socket, whose port is known after it, and the one that sends to it.
  std::error_code OpenGroupReceiver(const asio::ip::address_v4& group, const asio::ip::address_v4& interface);
  std::error_code OpenGroupSender(const asio::ip::address_v4& interface);
  asio::awaitable<void> ReceiveLoop();
  asio::awaitable<void> SendLoop();
  void OnDatagram(const Udp::endpoint& from, ByteView octets);
  void MeetWishToClose();
  [[nodiscard]] Udp::socket& sender() { return group_sender_.is_open() ? group_sender_ : socket_; }

  asio::io_context& context_;
  TransportConfig config_;
  LinkDriver driver_;
  Udp::socket socket_;
  Udp::socket group_sender_;
  std::optional<Udp::endpoint> peer_;
  bool follows_last_heard_ = false;
  Udp::endpoint own_;  // of group_sender_
  Signal output_ready_;
  Bytes input_;
  std::string endpoint_;
};

}  // namespace entente::gateway
