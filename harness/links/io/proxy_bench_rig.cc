// SPDX-License-Identifier: Apache-2.0
#include "harness/links/io/proxy_bench_rig.h"

#include <asio/post.hpp>
#include <future>

#include "base/invariant.h"

namespace entente::harness::bench {

using asio::ip::tcp;

ProxyRig::ProxyRig(int connections, const Chain& chain, bool through_proxies) {
  thread_ = std::thread([this] { proxies_context_.run(); });
  tcp::acceptor acceptor(ends_context_, {asio::ip::address_v4::loopback(), 0});
  for (int i = 0; i < connections; ++i) ends_.push_back(Connect(acceptor, chain, through_proxies, i));
}

ProxyRig::~ProxyRig() {
  asio::post(proxies_context_, [this] {
    for (const auto& proxy : proxies_) proxy->Stop();
    work_.reset();
  });
  thread_.join();
}

Ends ProxyRig::Connect(tcp::acceptor& acceptor, const Chain& chain, bool through_proxy, int number) {
  tcp::endpoint where = acceptor.local_endpoint();
  if (through_proxy) {
    std::promise<std::uint16_t> port;
    asio::post(proxies_context_, [&] {
      links_.push_back(std::make_unique<Link>("DEU/n" + std::to_string(number), LinkCarrier::kStream, 1, chain));
      TcpProxy::Config config;
      config.target = {"127.0.0.1", where.port()};
      proxies_.push_back(std::make_unique<TcpProxy>(proxies_context_, clock_, *links_.back(), config, ProxyEvents{}));
      const auto bound = proxies_.back()->Start();
      ENTENTE_INVARIANT(bound.has_value());
      port.set_value(bound->port);
    });
    where.port(port.get_future().get());
  }
  Ends ends{tcp::socket(ends_context_), tcp::socket(ends_context_)};
  ends.from.connect(where);
  acceptor.accept(ends.to);
  ends.from.set_option(tcp::no_delay(true));
  ends.to.set_option(tcp::no_delay(true));
  return ends;
}

}  // namespace entente::harness::bench
