// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/io/stream_connection.h"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

namespace entente::gateway {
namespace {

constexpr std::size_t kReadOctets = 64 * 1024;   // of one read
constexpr std::size_t kBatchOctets = 64 * 1024;  // of one write; one larger unit goes alone
// How long a connection may take to end: a peer that does not read, or does not answer a TLS farewell, is cut off then.
constexpr std::chrono::seconds kClosingLimit{1};

}  // namespace

StreamConnection::StreamConnection(asio::io_context& context, std::shared_ptr<ByteStream> stream, LinkDriver& driver,
                                   std::function<void()> on_closed)
    : context_(context),
      stream_(std::move(stream)),
      driver_(&driver),
      on_closed_(std::move(on_closed)),
      input_wanted_(context),
      output_ready_(context),
      closing_limit_(context),
      input_(kReadOctets) {}

void StreamConnection::Run(const std::string& peer) {
  open_ = true;
  driver_->Connected(peer);
  asio::co_spawn(context_, [self = shared_from_this()] { return self->ReadLoop(); }, asio::detached);
  asio::co_spawn(context_, [self = shared_from_this()] { return self->WriteLoop(); }, asio::detached);
}

void StreamConnection::OnChange() {
  if (!open_) return;
  input_wanted_.Notify();
  output_ready_.Notify();
  if (const std::string reason = driver_->wants_close(); !reason.empty()) LimitClosing(reason);
}

void StreamConnection::Close(const std::string& reason) {
  if (!open_) return;
  open_ = false;
  closing_limit_.cancel();
  input_wanted_.Notify();
  output_ready_.Notify();
  asio::co_spawn(context_, [self = shared_from_this()] { return self->SayFarewell(); }, asio::detached);
  std::exchange(driver_, nullptr)->Disconnected(reason);
  std::exchange(on_closed_, nullptr)();
}

asio::awaitable<void> StreamConnection::ReadLoop() {
  const auto self = shared_from_this();
  while (open_) {
    if (closing_ || !driver_->wants_input()) {
      co_await input_wanted_.Wait();
      continue;
    }
    const ReadResult read = co_await stream_->Read(input_);
    if (!open_) co_return;
    if (read.error) {
      Close(ReasonOf(read.error));
      co_return;
    }
    carried_octets_ = true;
    driver_->Received(ByteView(input_).first(read.octets));
  }
}

// What the link end still has is written before its wish to close is met.
asio::awaitable<void> StreamConnection::WriteLoop() {
  const auto self = shared_from_this();
  while (open_) {
    Gather();
    if (output_.empty()) {
      const std::string reason = driver_->wants_close();
      if (!reason.empty()) {
        Close(reason);
        co_return;
      }
      co_await output_ready_.Wait();
      continue;
    }
    const std::error_code error = co_await stream_->Write(output_);
    if (error) {
      Close(ReasonOf(error));
      co_return;
    }
    if (open_) driver_->Written();
  }
}

asio::awaitable<void> StreamConnection::SayFarewell() {
  const auto self = shared_from_this();
  closing_limit_.expires_after(kClosingLimit);
  closing_limit_.async_wait([self](std::error_code error) {
    if (!error) self->stream_->Close();
  });
  co_await stream_->Farewell();
  closing_limit_.cancel();
  stream_->Close();
}

void StreamConnection::Gather() {
  output_.clear();
  while (output_.size() < kBatchOctets) {
    const std::optional<adapter::Output> next = driver_->NextOutput();
    if (!next) return;
    output_.insert(output_.end(), next->octets->begin(), next->octets->end());
  }
}

void StreamConnection::LimitClosing(const std::string& reason) {
  if (std::exchange(closing_, true)) return;
  closing_limit_.expires_after(kClosingLimit);
  closing_limit_.async_wait([self = shared_from_this(), reason](std::error_code error) {
    if (!error) self->Close(reason);
  });
}

}  // namespace entente::gateway
