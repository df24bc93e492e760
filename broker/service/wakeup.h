// SPDX-License-Identifier: Apache-2.0
#pragma once

// Something to do later, on the polling thread.

#include <grpcpp/alarm.h>

#include <functional>

#include "base/time.h"
#include "broker/service/server_loop.h"

namespace entente::broker {

class Wakeup {
 public:
  Wakeup(ServerLoop& loop, std::function<void()> on_due);

  // Polling thread, or before it runs. No-op when it is set already.
  void In(Duration after);
  // Polling thread. The queue gives a set alarm back at once; nothing is done any more.
  void Stop();

 private:
  ServerLoop& loop_;
  const std::function<void()> on_due_;
  bool set_ = false;
  bool stopped_ = false;
  grpc::Alarm alarm_;
  Operation due_;
};

}  // namespace entente::broker
