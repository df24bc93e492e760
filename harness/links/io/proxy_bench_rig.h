// SPDX-License-Identifier: Apache-2.0
#pragma once

// Real connections through real proxies, for measurement: the proxies run on a thread of their own, as they do beside a system
// under test; whoever measures drives both ends on its own.

#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <memory>
#include <thread>
#include <vector>

#include "base/io/system_clock.h"
#include "harness/links/chain.h"
#include "harness/links/io/tcp_proxy.h"
#include "harness/links/link.h"

namespace entente::harness::bench {

// Both ends of one connection.
struct Ends {
  asio::ip::tcp::socket from;
  asio::ip::tcp::socket to;
};

class ProxyRig {
 public:
  // `chain` empty: proxies without impairments. Without `through_proxies`: direct connections, to compare with.
  ProxyRig(int connections, const Chain& chain, bool through_proxies);
  ~ProxyRig();
  ProxyRig(const ProxyRig&) = delete;
  ProxyRig& operator=(const ProxyRig&) = delete;

  asio::io_context& context() { return ends_context_; }
  std::vector<Ends>& ends() { return ends_; }

 private:
  Ends Connect(asio::ip::tcp::acceptor& acceptor, const Chain& chain, bool through_proxy, int number);

  SystemClock clock_;
  asio::io_context proxies_context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{proxies_context_.get_executor()};
  std::thread thread_;
  asio::io_context ends_context_{1};
  std::vector<std::unique_ptr<Link>> links_;
  std::vector<std::unique_ptr<TcpProxy>> proxies_;
  std::vector<Ends> ends_;
};

}  // namespace entente::harness::bench
