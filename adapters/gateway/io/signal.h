// SPDX-License-Identifier: Apache-2.0
#pragma once

// Wakes one waiting coroutine. A notification while nobody waits is kept for the next wait. Single-threaded.

#include <asio/awaitable.hpp>
#include <asio/experimental/as_tuple.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

namespace entente::gateway {

// Completion as (error_code, ...) instead of exceptions.
inline constexpr auto kAwait = asio::experimental::as_tuple(asio::use_awaitable);

class Signal {
 public:
  explicit Signal(asio::io_context& context) : timer_(context) {}

  void Notify() {
    notified_ = true;
    timer_.cancel();
  }
  asio::awaitable<void> Wait() {
    if (!notified_) {
      timer_.expires_at(asio::steady_timer::time_point::max());
      co_await timer_.async_wait(kAwait);
    }
    notified_ = false;
  }

 private:
  asio::steady_timer timer_;
  bool notified_ = false;
};

}  // namespace entente::gateway
