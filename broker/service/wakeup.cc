// SPDX-License-Identifier: Apache-2.0
#include "broker/service/wakeup.h"

#include <chrono>
#include <utility>

namespace entente::broker {

Wakeup::Wakeup(ServerLoop& loop, std::function<void()> on_due)
    : loop_(loop), on_due_(std::move(on_due)), due_([this](bool /*ok*/) {
        set_ = false;
        if (!stopped_ && loop_.open()) on_due_();
      }) {}

void Wakeup::In(Duration after) {
  if (set_ || stopped_ || !loop_.open()) return;
  set_ = true;
  alarm_.Set(loop_.queue(), std::chrono::system_clock::now() + std::chrono::ceil<std::chrono::microseconds>(after), &due_);
}

void Wakeup::Stop() {
  stopped_ = true;
  if (set_) alarm_.Cancel();
}

}  // namespace entente::broker
