// SPDX-License-Identifier: Apache-2.0
#include "harness/links/io/tcp_probe.h"

#include <asio/post.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <utility>

namespace entente::harness {

using asio::ip::tcp;

TcpProbe::TcpProbe(asio::io_context& context, const Clock& clock)
    : clock_(clock), acceptor_(context), near_(context), far_(context), timer_(context) {}

void TcpProbe::Start(const tcp::endpoint& proxy, Duration at_most, OnProbed done) {
  done_ = std::move(done);
  const auto address = proxy.address().is_unspecified() ? asio::ip::address(asio::ip::address_v4::loopback()) : proxy.address();
  std::error_code error;
  const tcp::endpoint any(address, 0);
  acceptor_.open(any.protocol(), error);
  if (!error) acceptor_.bind(any, error);
  if (!error) acceptor_.listen(1, error);
  if (!error) near_.open(any.protocol(), error);
  if (!error) near_.bind(any, error);
  began_ = clock_.Read().instant;
  if (error) {
    return asio::post(near_.get_executor(), [self = shared_from_this(), error] { self->Failed("it has no sockets", error); });
  }
  from_ = near_.local_endpoint(error);
  target_ = acceptor_.local_endpoint(error);
  timer_.expires_after(at_most);
  timer_.async_wait([self = shared_from_this()](std::error_code stopped) {
    if (!stopped) self->End({.came = false, .round_trip = {}, .trouble = "nothing came back"});
  });
  acceptor_.async_accept(far_, [self = shared_from_this()](std::error_code refused) {
    if (!refused) self->SendBack();
  });
  near_.async_connect({address, proxy.port()}, [self = shared_from_this()](std::error_code refused) {
    if (!self->Failed("the proxy is not reached", refused)) self->Ask();
  });
}

void TcpProbe::SendBack() {
  asio::async_read(far_, asio::buffer(echoed_), [self = shared_from_this()](std::error_code error, std::size_t) {
    if (error) return;  // the near end says what became of it
    asio::async_write(self->far_, asio::buffer(self->echoed_), [self](std::error_code, std::size_t) {});
  });
}

void TcpProbe::Ask() {
  std::error_code ignored;
  near_.set_option(tcp::no_delay(true), ignored);
  asio::async_write(near_, asio::buffer(asked_), [self = shared_from_this()](std::error_code error, std::size_t) {
    self->Failed("the connection broke", error);
  });
  asio::async_read(near_, asio::buffer(answered_), [self = shared_from_this()](std::error_code error, std::size_t) {
    if (self->Failed("the connection broke", error)) return;
    self->End({.came = true, .round_trip = self->clock_.Read().instant - self->began_, .trouble = {}});
  });
}

bool TcpProbe::Failed(std::string_view what, std::error_code error) {
  if (error && error != asio::error::operation_aborted) {
    End({.came = false, .round_trip = {}, .trouble = std::string(what) + ": " + error.message()});
  }
  return static_cast<bool>(error);
}

void TcpProbe::End(MeasuredProbe measured) {
  const OnProbed done = std::exchange(done_, nullptr);
  if (!done) return;
  std::error_code ignored;
  acceptor_.close(ignored);
  near_.close(ignored);
  far_.close(ignored);
  timer_.cancel();
  done(measured);
}

}  // namespace entente::harness
