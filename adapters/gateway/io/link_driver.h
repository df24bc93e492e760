// SPDX-License-Identifier: Apache-2.0
#pragma once

// What every transport does with its link end: gives it the time, keeps its deadline, passes its wake-ups on. After Detach() it
// never touches the link end again, whatever still runs on the io_context.

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "adapters/api/link_end.h"
#include "base/time.h"

namespace entente::gateway {

class LinkDriver {
 public:
  // `on_change`: there may be output, a wish to close, or a wish for input. It is never called from within a call of the link end,
  // but may be called from within a call of the driver.
  LinkDriver(asio::io_context& context, const Clock& clock, adapter::LinkEnd& end, std::function<void()> on_change);
  LinkDriver(const LinkDriver&) = delete;
  LinkDriver& operator=(const LinkDriver&) = delete;

  // From now on the link end's wake-ups are heard.
  void Attach();
  void Detach();

  void Connected(const std::string& peer);
  void Received(ByteView octets);
  void Disconnected(std::string_view reason);
  std::optional<adapter::Output> NextOutput();
  // The operating system has all that NextOutput gave.
  void Written();
  // After a call of the link end that did not go through the driver.
  void Settle();

  [[nodiscard]] bool attached() const { return end_ != nullptr; }
  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] std::string wants_close() const { return end_ ? std::string(end_->wants_close()) : "stopped"; }
  [[nodiscard]] bool wants_input() const { return end_ && end_->wants_input(); }

 private:
  void KeepDeadline();
  void OnTimer();

  const Clock& clock_;
  adapter::LinkEnd* end_;
  std::function<void()> on_change_;
  asio::io_context& context_;
  asio::steady_timer timer_;
  std::optional<Instant> armed_;
  bool connected_ = false;
  bool wake_up_posted_ = false;
  std::shared_ptr<LinkDriver*> self_;  // empties handlers that come after our end
};

}  // namespace entente::gateway
