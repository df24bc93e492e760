// SPDX-License-Identifier: Apache-2.0
#pragma once

// One gRPC stream at a time: opens, reads, writes, tells what happened, on the thread that polls it: one of its own, or its
// owner's. With a thread of its own the public functions may be called from any other. The listener is called on the polling
// thread, and every operation of gRPC is started there: what gRPC keeps of one is read there when it ends.

#include <grpcpp/alarm.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/async_stream.h>

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "base/io/grpc_lifetime.h"
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
    // Of the frames given at most one waits behind the one in flight.
    virtual void OnWritten() = 0;
    virtual void OnReminded() = 0;
    // The stream is gone, or could not be opened; nothing comes before the next Open.
    virtual void OnClosed(std::string reason) = 0;
  };

  enum class Polled { kByItself, kByOwner };

  // Without credentials: without TLS.
  BusWire(std::string endpoint, std::shared_ptr<grpc::ChannelCredentials> credentials, Polled polled,
          std::unique_ptr<Listener> listener);
  ~BusWire();  // stops
  BusWire(const BusWire&) = delete;
  BusWire& operator=(const BusWire&) = delete;

  // Once the one before is closed; to `endpoint` from now on, when it is not empty, whose certificate is that of `host`; empty: as
  // the endpoint says.
  void Open(Duration after, std::string endpoint = {}, std::string host = {});
  // In the order given. Dropped while no stream is open.
  void Write(Bytes frame);
  // Given and not written yet.
  struct Ahead {
    std::size_t frames = 0;
    std::size_t octets = 0;
  };
  [[nodiscard]] Ahead ahead() const;
  // OnReminded once, then; asked for again before that, it stays so.
  void RemindIn(Duration after);
  void Cancel();
  // Ends the polling; the listener hears nothing after it. Not from within a call of the listener.
  void Stop();
  // Polled by its owner, and called by nobody else: waits at most that long for something to happen, then deals with all that did.
  void Poll(Duration at_most);

 private:
  struct Call;
  enum class Event { kWake, kDue, kStarted, kRead, kWritten, kFinished, kReminded };
  struct Tag {
    Event event;
  };

  void Post(std::function<void()> work);
  void PollOn();
  void On(Event event, bool ok);
  void RunPosted();
  void Connect();
  void OnStarted(bool ok);
  void OnRead(bool ok);
  void OnWritten(bool ok);
  void OnFinished();
  void OnReminded();
  void EndIfIdle();
  void BeginWriting();
  // With the mutex held.
  void PostLocked(std::function<void()> work);
  void WriteFront();
  void Finish();

  const GrpcLifetime grpc_;
  const Polled polled_;
  const std::shared_ptr<grpc::ChannelCredentials> credentials_;
  const std::unique_ptr<Listener> listener_;
  grpc::CompletionQueue queue_;

  // The polling thread alone.
  std::string endpoint_;
  std::string host_;
  grpc::Alarm due_alarm_;
  bool due_set_ = false;
  bool stopping_ = false;

  mutable std::mutex mutex_;
  // The polling thread makes and ends the call; its state changes with the mutex held.
  std::unique_ptr<Call> call_;
  std::deque<Bytes> outgoing_;  // the first is in flight, or about to be
  std::size_t outgoing_octets_ = 0;
  std::size_t in_flight_octets_ = 0;
  std::vector<std::function<void()>> posted_;
  bool waking_ = false;
  bool accepting_ = true;
  bool reminder_set_ = false;
  grpc::Alarm wake_alarm_;
  grpc::Alarm reminder_alarm_;
  Tag wake_{Event::kWake};
  Tag due_{Event::kDue};
  Tag started_{Event::kStarted};
  Tag read_{Event::kRead};
  Tag written_{Event::kWritten};
  Tag finished_{Event::kFinished};
  Tag reminded_{Event::kReminded};
  std::thread thread_;
};

}  // namespace entente::broker
