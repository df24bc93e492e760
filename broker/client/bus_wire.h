// SPDX-License-Identifier: Apache-2.0
#pragma once

// One gRPC stream at a time, on a thread of its own: opens, reads, writes, tells what happened. The public functions may be called
// from any thread; the listener is called on the wire's thread. Every gRPC object is touched by that thread alone.

#include <grpcpp/alarm.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/support/async_stream.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "entente/v1/bus.grpc.pb.h"

namespace entente::broker {

class BusWire {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void OnOpen() = 0;
    virtual void OnFrame(Bytes frame) = 0;
    virtual void OnWritten() = 0;
    // The stream is gone, or could not be opened; nothing comes before the next Open.
    virtual void OnClosed(std::string reason) = 0;
  };

  BusWire(std::string endpoint, std::unique_ptr<Listener> listener);
  ~BusWire();  // stops
  BusWire(const BusWire&) = delete;
  BusWire& operator=(const BusWire&) = delete;

  // Once the one before is closed.
  void Open(Duration after);
  // One at a time: wait for OnWritten.
  void Write(Bytes frame);
  void Cancel();
  // Ends the thread; the listener hears nothing after it.
  void Stop();

 private:
  struct Call;
  enum class Event { kWake, kDue, kStarted, kRead, kWritten, kFinished };
  struct Tag {
    Event event;
  };

  void Post(std::function<void()> work);
  void Poll();
  void On(Event event, bool ok);
  void RunPosted();
  void Connect();
  void OnStarted(bool ok);
  void OnRead(bool ok);
  void OnWritten(bool ok);
  void OnFinished();
  void Finish();
  void EndIfIdle();

  const std::string endpoint_;
  const std::unique_ptr<Listener> listener_;
  grpc::CompletionQueue queue_;

  // The wire's thread alone.
  std::unique_ptr<Call> call_;
  grpc::Alarm due_alarm_;
  bool due_set_ = false;
  bool stopping_ = false;

  std::mutex mutex_;
  std::vector<std::function<void()>> posted_;
  bool waking_ = false;
  bool accepting_ = true;
  grpc::Alarm wake_alarm_;
  Tag wake_{Event::kWake};
  Tag due_{Event::kDue};
  Tag started_{Event::kStarted};
  Tag read_{Event::kRead};
  Tag written_{Event::kWritten};
  Tag finished_{Event::kFinished};
  std::thread thread_;
};

}  // namespace entente::broker
