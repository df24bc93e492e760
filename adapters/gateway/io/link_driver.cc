// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/io/link_driver.h"

#include <algorithm>
#include <asio/post.hpp>

namespace entente::gateway {

LinkDriver::LinkDriver(asio::io_context& context, const Clock& clock, adapter::LinkEnd& end, std::function<void()> on_change)
    : clock_(clock),
      end_(&end),
      on_change_(std::move(on_change)),
      context_(context),
      timer_(context),
      self_(std::make_shared<LinkDriver*>(this)) {}

// A wake-up may come from within the link end: it is answered from the io_context, and many at once only once.
void LinkDriver::Attach() {
  end_->SetWakeUp([this] {
    if (wake_up_posted_) return;
    wake_up_posted_ = true;
    asio::post(context_, [self = std::weak_ptr(self_)] {
      if (const auto alive = self.lock()) {
        (*alive)->wake_up_posted_ = false;
        if ((*alive)->attached()) (*alive)->Settle();
      }
    });
  });
  KeepDeadline();
}

void LinkDriver::Detach() {
  if (!end_) return;
  end_->SetWakeUp({});
  end_ = nullptr;
  timer_.cancel();
}

void LinkDriver::Connected(const std::string& peer) {
  if (!end_) return;
  connected_ = true;
  end_->OnConnected(peer, clock_.Read());
  Settle();
}

void LinkDriver::Received(ByteView octets) {
  if (!end_) return;
  end_->OnReceived(octets, clock_.Read());
  Settle();
}

void LinkDriver::Disconnected(std::string_view reason) {
  if (!end_) return;
  connected_ = false;
  end_->OnDisconnected(reason, clock_.Read());
  Settle();
}

std::optional<adapter::Output> LinkDriver::NextOutput() {
  if (!end_) return std::nullopt;
  auto output = end_->NextOutput(clock_.Read());
  KeepDeadline();
  return output;
}

void LinkDriver::Written() {
  if (!end_) return;
  end_->OnWritten(clock_.Read());
  KeepDeadline();
}

void LinkDriver::Settle() {
  KeepDeadline();
  on_change_();
}

void LinkDriver::KeepDeadline() {
  const std::optional<Instant> deadline = end_ ? end_->NextDeadline() : std::nullopt;
  if (deadline == armed_) return;
  armed_ = deadline;
  timer_.cancel();
  if (!deadline) return;
  // No longer than asio's clock can say.
  const Duration wait = std::clamp(*deadline - clock_.Read().instant, Duration::zero(), Duration(std::chrono::hours(24)));
  timer_.expires_after(std::chrono::duration_cast<asio::steady_timer::duration>(wait));
  timer_.async_wait([self = std::weak_ptr(self_)](std::error_code error) {
    const auto alive = self.lock();
    if (!error && alive) (*alive)->OnTimer();
  });
}

void LinkDriver::OnTimer() {
  armed_.reset();
  if (!end_) return;
  const Now now = clock_.Read();
  const std::optional<Instant> deadline = end_->NextDeadline();
  if (deadline && *deadline <= now.instant) end_->OnDeadline(now);
  Settle();
}

}  // namespace entente::gateway
