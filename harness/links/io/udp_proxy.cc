// SPDX-License-Identifier: Apache-2.0
#include "harness/links/io/udp_proxy.h"

#include <algorithm>
#include <array>
#include <asio/ip/udp.hpp>
#include <asio/steady_timer.hpp>
#include <vector>

#include "harness/links/io/endpoints.h"
#include "harness/links/io/udp_probe.h"

namespace entente::harness {
namespace {

using asio::ip::udp;

constexpr std::size_t kLongestDatagram = 65'535;

}  // namespace

class UdpProxy::Impl : public std::enable_shared_from_this<UdpProxy::Impl> {
 public:
  Impl(asio::io_context& context, const Clock& clock, Link& link, Config config, ProxyEvents events)
      : context_(context),
        clock_(clock),
        link_(link),
        config_(std::move(config)),
        events_(std::move(events)),
        timer_(context),
        facing_node_{udp::socket(context), LinkDirection::kToGateway},
        facing_gateway_{udp::socket(context), LinkDirection::kToNode} {}

  Result<Bound> Start();
  Status SetPeers(const std::optional<ProxyEndpoint>& node, const std::optional<ProxyEndpoint>& gateway);
  void OnLinkChanged();
  void Probe(Duration at_most, OnProbed done);
  void Stop();

 private:
  // One socket, the peer that it speaks with, and the direction of what it hears.
  struct Side {
    udp::socket socket;
    LinkDirection hears;
    std::optional<udp::endpoint> peer = {};
    bool learns = true;  // the peer is whoever sent last
    udp::endpoint sender = {};
    std::array<std::uint8_t, kLongestDatagram> buffer{};
  };

  static Result<ProxyEndpoint> Open(Side& side, const ProxyEndpoint& bind, const std::optional<ProxyEndpoint>& peer);
  static Status SetPeer(Side& side, const std::optional<ProxyEndpoint>& peer);
  void Receive(Side& side);
  void OnReceived(Side& side, std::size_t size);
  // Sends what is due from `from`'s peer to `to`'s.
  void SendDue(LinkDirection direction, Side& to);
  void ArmTimer();
  void Tell(const std::vector<Decision>& decisions) const;
  [[nodiscard]] Instant Now() const { return clock_.Read().instant; }

  asio::io_context& context_;
  const Clock& clock_;
  Link& link_;
  Config config_;
  ProxyEvents events_;
  asio::steady_timer timer_;
  Side facing_node_;
  Side facing_gateway_;
  std::vector<std::shared_ptr<UdpProbe>> probes_;
  bool stopped_ = true;
};

Result<ProxyEndpoint> UdpProxy::Impl::Open(Side& side, const ProxyEndpoint& bind, const std::optional<ProxyEndpoint>& peer) {
  const auto address = ResolveAddress(bind);
  if (!address) return std::unexpected(address.error());
  if (Status set = SetPeer(side, peer); !set) return std::unexpected(set.error());
  const udp::endpoint wanted{*address, bind.port};
  std::error_code error;
  side.socket.open(wanted.protocol(), error);
  if (!error) side.socket.bind(wanted, error);
  if (!error) side.socket.non_blocking(true, error);
  if (error) return std::unexpected(CannotBind(bind, bind.port, error));
  return ProxyEndpoint{side.socket.local_endpoint().address().to_string(), side.socket.local_endpoint().port()};
}

Status UdpProxy::Impl::SetPeer(Side& side, const std::optional<ProxyEndpoint>& peer) {
  if (!peer) return {};
  const auto address = ResolveAddress(*peer);
  if (!address) return std::unexpected(address.error());
  side.peer = udp::endpoint{*address, peer->port};
  side.learns = false;
  return {};
}

Status UdpProxy::Impl::SetPeers(const std::optional<ProxyEndpoint>& node, const std::optional<ProxyEndpoint>& gateway) {
  if (Status set = SetPeer(facing_node_, node); !set) return set;
  return SetPeer(facing_gateway_, gateway);
}

Result<UdpProxy::Bound> UdpProxy::Impl::Start() {
  const auto facing_node = Open(facing_node_, config_.facing_node, config_.node);
  if (!facing_node) return std::unexpected(facing_node.error());
  const auto facing_gateway = Open(facing_gateway_, config_.facing_gateway, config_.gateway);
  if (!facing_gateway) return std::unexpected(facing_gateway.error());
  stopped_ = false;
  Receive(facing_node_);
  Receive(facing_gateway_);
  ArmTimer();
  return Bound{*facing_node, *facing_gateway};
}

void UdpProxy::Impl::Receive(Side& side) {
  side.socket.async_receive_from(asio::buffer(side.buffer), side.sender,
                                 [self = shared_from_this(), &side](std::error_code error, std::size_t size) {
                                   if (self->stopped_ || error == asio::error::operation_aborted) return;
                                   // An ICMP answer to an earlier datagram: the peer is not there yet.
                                   if (!error) self->OnReceived(side, size);
                                   self->Receive(side);
                                 });
}

void UdpProxy::Impl::OnReceived(Side& side, std::size_t size) {
  const ByteView octets = ByteView(side.buffer).first(size);
  if (std::ranges::any_of(probes_, [&](const auto& probe) { return probe->Take(side.hears, side.sender, octets); })) return;
  if (side.learns && side.peer != side.sender) {
    side.peer = side.sender;
    if (events_.connection) {
      events_.connection("heard " + side.sender.address().to_string() + ":" + std::to_string(side.sender.port()));
    }
  }
  Tell(link_.channel(side.hears).Offer(octets, Now()));
  OnLinkChanged();
}

void UdpProxy::Impl::SendDue(LinkDirection direction, Side& to) {
  while (auto octets = link_.channel(direction).Take(Now())) {
    if (!to.peer) continue;  // nobody there to hear it, as on the air
    std::error_code lost;    // a full buffer or an absent peer loses a datagram, as the network would
    to.socket.send_to(asio::buffer(*octets), *to.peer, 0, lost);
  }
}

void UdpProxy::Impl::OnLinkChanged() {
  if (stopped_) return;
  for (const std::string& fault : link_.OnDeadline(Now())) {
    if (events_.lease_ended) events_.lease_ended(fault);
  }
  Tell(link_.TakeDecisions());
  SendDue(LinkDirection::kToGateway, facing_gateway_);
  SendDue(LinkDirection::kToNode, facing_node_);
  ArmTimer();
}

void UdpProxy::Impl::ArmTimer() {
  timer_.cancel();
  const auto next = link_.NextDeadline();
  if (!next) return;
  timer_.expires_after(std::max(*next - Now(), Duration{0}));
  timer_.async_wait([self = shared_from_this()](std::error_code error) {
    if (!error) self->OnLinkChanged();
  });
}

void UdpProxy::Impl::Tell(const std::vector<Decision>& decisions) const {
  if (!events_.decision) return;
  for (const Decision& decision : decisions) events_.decision(decision);
}

void UdpProxy::Impl::Probe(Duration at_most, OnProbed done) {
  const auto send = [self = shared_from_this()](LinkDirection direction, const Bytes& octets, const udp::endpoint& to) {
    Side& out = direction == LinkDirection::kToGateway ? self->facing_gateway_ : self->facing_node_;
    std::error_code lost;
    out.socket.send_to(asio::buffer(octets), to, 0, lost);
  };
  const auto probe = std::make_shared<UdpProbe>(context_, clock_, link_.Twin(Now()), send);
  probes_.push_back(probe);
  std::error_code closed;
  const udp::endpoint node = facing_node_.socket.local_endpoint(closed);
  const udp::endpoint gateway = facing_gateway_.socket.local_endpoint(closed);
  probe->Start(node, gateway, at_most,
               [self = shared_from_this(), raw = probe.get(), done = std::move(done)](const auto& measured) {
                 std::erase_if(self->probes_, [&](const auto& each) { return each.get() == raw; });
                 done(measured);
               });
}

void UdpProxy::Impl::Stop() {
  if (stopped_) return;
  while (!probes_.empty()) std::shared_ptr(probes_.back())->Stop();
  stopped_ = true;
  std::error_code ignored;
  facing_node_.socket.close(ignored);
  facing_gateway_.socket.close(ignored);
  timer_.cancel();
  link_.Reset();
}

UdpProxy::UdpProxy(asio::io_context& context, const Clock& clock, Link& link, Config config, ProxyEvents events)
    : impl_(std::make_shared<Impl>(context, clock, link, std::move(config), std::move(events))) {}

UdpProxy::~UdpProxy() {
  impl_->Stop();
}

Result<UdpProxy::Bound> UdpProxy::Start() {
  return impl_->Start();
}

Status UdpProxy::SetPeers(const std::optional<ProxyEndpoint>& node, const std::optional<ProxyEndpoint>& gateway) {
  return impl_->SetPeers(node, gateway);
}

void UdpProxy::OnLinkChanged() {
  impl_->OnLinkChanged();
}

void UdpProxy::Probe(Duration at_most, OnProbed done) {
  impl_->Probe(at_most, std::move(done));
}

void UdpProxy::Stop() {
  impl_->Stop();
}

}  // namespace entente::harness
