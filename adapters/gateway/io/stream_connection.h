// SPDX-License-Identifier: Apache-2.0
#pragma once

// One connection of a stream transport: reads while the link end wants input, writes what it has, one batch at a time. Kept alive
// by its own coroutines until they have ended.

#include <asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "adapters/gateway/io/byte_stream.h"
#include "adapters/gateway/io/link_driver.h"
#include "adapters/gateway/io/signal.h"

namespace entente::gateway {

class StreamConnection final : public std::enable_shared_from_this<StreamConnection> {
 public:
  // `driver` outlives the connection's being open. `on_closed` is called once, after the link end was told.
  StreamConnection(asio::io_context& context, std::shared_ptr<ByteStream> stream, LinkDriver& driver,
                   std::function<void()> on_closed);

  // The handshake is done: tells the link end, and starts.
  void Run(const std::string& peer);
  // There may be output, a wish to close, or a wish for input.
  void OnChange();
  // Ends it in an orderly way, and tells the link end this reason.
  void Close(const std::string& reason);

  [[nodiscard]] bool open() const { return open_; }
  [[nodiscard]] bool carried_octets() const { return carried_octets_; }

 private:
  asio::awaitable<void> ReadLoop();
  asio::awaitable<void> WriteLoop();
  asio::awaitable<void> SayFarewell();
  // Up to a batch of output into output_.
  void Gather();
  void LimitClosing(const std::string& reason);

  asio::io_context& context_;
  std::shared_ptr<ByteStream> stream_;
  LinkDriver* driver_;  // nullptr once closed
  std::function<void()> on_closed_;
  Signal input_wanted_;
  Signal output_ready_;
  asio::steady_timer closing_limit_;
  Bytes input_;
  Bytes output_;
  bool open_ = false;
  bool closing_ = false;
  bool carried_octets_ = false;
};

}  // namespace entente::gateway
