// SPDX-License-Identifier: Apache-2.0
#include "harness/links/io/udp_probe.h"

#include <algorithm>
#include <asio/post.hpp>
#include <utility>

namespace entente::harness {
namespace {

using asio::ip::udp;

udp::endpoint Reachable(const udp::endpoint& bound) {
  return bound.address().is_unspecified() ? udp::endpoint(asio::ip::address_v4::loopback(), bound.port()) : bound;
}

}  // namespace

UdpProbe::UdpProbe(asio::io_context& context, const Clock& clock, std::unique_ptr<Link> twin, Send send)
    : clock_(clock),
      twin_(std::move(twin)),
      send_(std::move(send)),
      near_(context),
      far_(context),
      due_(context),
      patience_(context) {}

void UdpProbe::Start(const udp::endpoint& facing_node, const udp::endpoint& facing_gateway, Duration at_most, OnProbed done) {
  done_ = std::move(done);
  const udp::endpoint node_side = Reachable(facing_node);
  const udp::endpoint gateway_side = Reachable(facing_gateway);
  std::error_code error;
  near_.open(node_side.protocol(), error);
  if (!error) near_.bind({node_side.address(), 0}, error);
  if (!error) far_.open(gateway_side.protocol(), error);
  if (!error) far_.bind({gateway_side.address(), 0}, error);
  began_ = clock_.Read().instant;
  patience_.expires_after(error ? Duration{0} : at_most);
  patience_.async_wait([self = shared_from_this(), error](std::error_code stopped) {
    if (!stopped) {
      self->End(
          {.came = false, .round_trip = {}, .trouble = error ? "it has no sockets: " + error.message() : "nothing came back"});
    }
  });
  if (error) return;
  near_at_ = near_.local_endpoint(error);
  far_at_ = far_.local_endpoint(error);
  SendBack(gateway_side);
  Await();
  const std::array<std::uint8_t, 1> asked{0};
  std::error_code lost;
  near_.send_to(asio::buffer(asked), node_side, 0, lost);
}

bool UdpProbe::Take(LinkDirection direction, const udp::endpoint& sender, ByteView octets) {
  if (!done_ || sender != (direction == LinkDirection::kToGateway ? near_at_ : far_at_)) return false;
  twin_->channel(direction).Offer(octets, clock_.Read().instant);
  SendDue();
  return true;
}

void UdpProbe::SendDue() {
  const Instant now = clock_.Read().instant;
  twin_->OnDeadline(now);
  for (const auto direction : {LinkDirection::kToGateway, LinkDirection::kToNode}) {
    while (const auto octets = twin_->channel(direction).Take(now)) {
      send_(direction, *octets, direction == LinkDirection::kToGateway ? far_at_ : near_at_);
    }
  }
  due_.cancel();
  const auto next = twin_->NextDeadline();
  if (!next) return;
  due_.expires_after(std::max(*next - now, Duration{0}));
  due_.async_wait([self = shared_from_this()](std::error_code error) {
    if (!error && self->done_) self->SendDue();
  });
}

void UdpProbe::SendBack(const udp::endpoint& facing_gateway) {
  far_.async_receive(asio::buffer(echoed_), [self = shared_from_this(), facing_gateway](std::error_code error, std::size_t size) {
    if (error || !self->done_) return;
    std::error_code lost;
    self->far_.send_to(asio::buffer(self->echoed_, size), facing_gateway, 0, lost);
  });
}

void UdpProbe::Await() {
  near_.async_receive(asio::buffer(answered_), [self = shared_from_this()](std::error_code error, std::size_t) {
    if (!error) self->End({.came = true, .round_trip = self->clock_.Read().instant - self->began_, .trouble = {}});
  });
}

void UdpProbe::End(MeasuredProbe measured) {
  const OnProbed done = std::exchange(done_, nullptr);
  if (!done) return;
  std::error_code ignored;
  near_.close(ignored);
  far_.close(ignored);
  due_.cancel();
  patience_.cancel();
  done(measured);
}

}  // namespace entente::harness
