// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/io/datagram_transport.h"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/ip/multicast.hpp>

#include "adapters/gateway/io/address.h"
#include "base/io/log.h"

namespace entente::gateway {
namespace {

constexpr std::size_t kDatagramOctets = 65'536;
constexpr int kSocketBufferOctets = 1024 * 1024;  // asked of the system, which may give less

}  // namespace

DatagramTransport::DatagramTransport(asio::io_context& context, const Clock& clock, TransportConfig config, adapter::LinkEnd& end)
    : context_(context),
      config_(std::move(config)),
      driver_(context, clock, end, [this] { output_ready_.Notify(); }),
      socket_(context),
      group_sender_(context),
      output_ready_(context),
      input_(kDatagramOctets) {}

Status DatagramTransport::Start() {
  const bool is_group = config_.kind == adapter::TransportKind::kUdpMulticast;
  const Status opened = is_group ? OpenGroup() : config_.role == TransportRole::kListen ? OpenListener() : OpenDialler();
  if (!opened) {
    Abandon();
    return opened;
  }
  std::error_code ignored;
  socket_.set_option(Udp::socket::receive_buffer_size(kSocketBufferOctets), ignored);
  driver_.Attach();
  asio::co_spawn(context_, [self = shared_from_this()] { return self->ReceiveLoop(); }, asio::detached);
  asio::co_spawn(context_, [self = shared_from_this()] { return self->SendLoop(); }, asio::detached);
  if (peer_) driver_.Connected(EndpointText(peer_->address(), peer_->port()));
  return {};
}

Status DatagramTransport::OpenListener() {
  const auto addresses = ResolveHost(context_, config_.host);
  if (!addresses) return std::unexpected(addresses.error());
  const Udp::endpoint wanted(addresses->front(), config_.port);
  std::error_code error;
  socket_.open(wanted.protocol(), error);
  if (!error) socket_.bind(wanted, error);
  if (error) return CannotListen(error, config_.host, config_.port);
  const Udp::endpoint bound = socket_.local_endpoint(error);
  endpoint_ = EndpointText(bound.address(), bound.port());
  follows_last_heard_ = config_.peer_host.empty();
  if (follows_last_heard_) return {};
  const auto peers = ResolveHost(context_, config_.peer_host);
  if (!peers) return std::unexpected(peers.error());
  peer_.emplace(peers->front(), config_.peer_port);
  return {};
}

Status DatagramTransport::OpenDialler() {
  if (config_.port == 0) return Fail(ErrorCode::kInvalidArgument, "there is no port to send to", config_.host, "say the port");
  const auto addresses = ResolveHost(context_, config_.host);
  if (!addresses) return std::unexpected(addresses.error());
  peer_.emplace(addresses->front(), config_.port);
  std::error_code error;
  socket_.open(peer_->protocol(), error);
  if (!error) socket_.connect(*peer_, error);
  if (error) return Fail(ErrorCode::kIo, "cannot send to this host: " + error.message(), config_.host);
  endpoint_ = EndpointText(peer_->address(), peer_->port());
  return {};
}

Status DatagramTransport::OpenGroup() {
  std::error_code error;
  const auto group = asio::ip::make_address_v4(config_.group, error);
  if (error || !group.is_multicast()) {
    return Fail(ErrorCode::kInvalidArgument, "\"" + config_.group + "\" is no IPv4 multicast group", {},
                "write one such as 239.1.2.3");
  }
  const auto interface = asio::ip::make_address_v4(config_.interface, error);
  if (error) {
    return Fail(ErrorCode::kInvalidArgument, "\"" + config_.interface + "\" is no IPv4 address of an interface", {},
                "write one such as 127.0.0.1");
  }
  if (const auto failed = OpenGroupReceiver(group, interface)) return CannotListen(failed, config_.group, config_.port);
  if (const auto failed = OpenGroupSender(interface)) return CannotListen(failed, config_.interface, 0);
  peer_.emplace(group, socket_.local_endpoint(error).port());
  endpoint_ = EndpointText(peer_->address(), peer_->port());
  return {};
}

// Bound to the group, so that datagrams for other groups on the same port stay away.
std::error_code DatagramTransport::OpenGroupReceiver(const asio::ip::address_v4& group, const asio::ip::address_v4& interface) {
  std::error_code error;
  socket_.open(Udp::v4(), error);
  if (!error) socket_.set_option(Udp::socket::reuse_address(true), error);
  if (!error) socket_.bind({group, config_.port}, error);
  if (!error) socket_.set_option(asio::ip::multicast::join_group(group, interface), error);
  return error;
}

std::error_code DatagramTransport::OpenGroupSender(const asio::ip::address_v4& interface) {
  std::error_code error;
  group_sender_.open(Udp::v4(), error);
  if (!error) group_sender_.bind({interface, 0}, error);
  if (!error) group_sender_.set_option(asio::ip::multicast::outbound_interface(interface), error);
  if (!error) group_sender_.set_option(asio::ip::multicast::enable_loopback(true), error);
  if (!error) group_sender_.set_option(asio::ip::multicast::hops(1), error);
  if (!error) own_ = group_sender_.local_endpoint(error);
  return error;
}

void DatagramTransport::Stop() {
  if (driver_.connected()) driver_.Disconnected(kStopped);
  Abandon();
}

void DatagramTransport::Abandon() {
  driver_.Detach();
  std::error_code ignored;
  socket_.close(ignored);
  group_sender_.close(ignored);
  output_ready_.Notify();
}

asio::awaitable<void> DatagramTransport::ReceiveLoop() {
  const auto self = shared_from_this();
  Udp::endpoint from;
  while (socket_.is_open()) {
    const auto [error, octets] = co_await socket_.async_receive_from(asio::buffer(input_), from, kAwait);
    if (!socket_.is_open()) co_return;
    // An error here is an ICMP answer to what we sent: the peer is not there yet.
    if (!error) OnDatagram(from, ByteView(input_).first(octets));
  }
}

void DatagramTransport::OnDatagram(const Udp::endpoint& from, ByteView octets) {
  if (group_sender_.is_open() && from == own_) return;
  if (follows_last_heard_) peer_ = from;
  if (!driver_.connected()) {
    if (!driver_.wants_close().empty()) return;
    driver_.Connected(EndpointText(peer_->address(), peer_->port()));
  }
  driver_.Received(octets);
}

asio::awaitable<void> DatagramTransport::SendLoop() {
  const auto self = shared_from_this();
  while (socket_.is_open()) {
    const std::optional<adapter::Output> output = driver_.connected() ? driver_.NextOutput() : std::nullopt;
    if (!output) {
      MeetWishToClose();
      co_await output_ready_.Wait();
      continue;
    }
    const auto buffer = asio::buffer(output->octets->data(), output->octets->size());
    const bool connected_socket = config_.role == TransportRole::kDial && !group_sender_.is_open();
    const auto [error, sent] =
        connected_socket ? co_await socket_.async_send(buffer, kAwait) : co_await sender().async_send_to(buffer, *peer_, kAwait);
    if (error == asio::error::message_size) {
      spdlog::warn("{}: a unit of {} octets is too large for a datagram and was not sent", endpoint_, output->octets->size());
    }
    if (driver_.connected()) driver_.Written();
  }
}

void DatagramTransport::MeetWishToClose() {
  const std::string reason = driver_.wants_close();
  if (driver_.connected() && !reason.empty()) driver_.Disconnected(reason);
}

}  // namespace entente::gateway
