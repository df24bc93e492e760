// SPDX-License-Identifier: Apache-2.0
#pragma once

// One Attach stream: waits for a call, then for its hello, then moves frames until either side ends it. One read and one write in
// flight. Lives on the polling thread; its owner frees it once `over()`.
//
// Patience is what a stream is given to say hello, and to take its last frame; then it is cut.

#include <grpcpp/alarm.h>
#include <grpcpp/support/async_stream.h>

#include <optional>
#include <string>

#include "broker/core/relay.h"
#include "broker/service/bus_service.h"
#include "broker/service/server_loop.h"

namespace entente::broker {

class NodeStream {
 public:
  // What the stream asks of the server that it belongs to.
  class Host {
   public:
    virtual ~Host() = default;
    // This one has a call now: await the next. False: there are too many streams, or the server stops.
    virtual bool OnCall(NodeStream& stream) = 0;
    // Turned away before it was a node. `node`: as whom it wanted to attach; empty: not said.
    virtual void OnRefused(const NodeStream& stream, std::string_view node, std::string_view reason) = 0;
    virtual Result<Attached> Attach(NodeStream& stream, const v1::Hello& hello) = 0;
    virtual void OnFrame(NodeStream& stream, const SharedSlice& frame) = 0;
    // False: read on when Pump is called and it is true.
    virtual bool WantsFrames(const NodeStream& stream) = 0;
    virtual std::optional<OutboundFrame> NextFrame(NodeStream& stream) = 0;
    virtual void Detach(NodeStream& stream, std::string_view reason) = 0;
    // A stream will be over() soon: to be freed then.
    virtual void OnOver() = 0;
  };

  NodeStream(BusService& service, ServerLoop& loop, Host& host, Duration patience);

  void AwaitCall();
  // Writes what the relay has for the node, unless a write is in flight; reads on when the relay wants frames again.
  void Pump();
  // The server stops: a stream that has not said hello yet is told so. Attached ones hear it from the relay.
  void TurnAway(const std::string& reason);
  // A stream that has not said hello makes room for others. No goodbye, which it might not take: the reason is in the status.
  void GiveWay();
  // Another stream has taken the node over.
  void Abandon();
  // At once, without a goodbye that it would not take.
  void Cut(std::string_view reason);
  // How long the write in flight has waited, as far as whoever asks regularly can tell.
  Duration WriteWaits(Instant now);

  [[nodiscard]] const std::string& node() const { return node_; }
  [[nodiscard]] std::string peer() const { return context_.peer(); }  // "ipv4:127.0.0.1:40123"
  // Once it has a call.
  [[nodiscard]] const grpc::ServerContext& context() const { return context_; }
  [[nodiscard]] bool has_call() const { return has_call_; }
  [[nodiscard]] bool awaits_hello() const { return has_call_ && node_.empty() && !finishing_ && !over_; }
  [[nodiscard]] bool over() const { return over_ && operations_ == 0; }

 private:
  void OnCall(bool ok);
  void OnRead(bool ok);
  void OnWritten(bool ok);
  void Read();
  void ReadOn();
  void OnReadOver();
  void OnHello(const SharedSlice& frame);
  void OnPatience(bool over);
  void LosePatienceLater();
  void Settle();
  void Finish(const grpc::Status& status);
  void Refuse(grpc::StatusCode code, std::string_view node, const std::string& reason);
  void SayGoodbye(grpc::StatusCode code, const std::string& reason);
  void WriteLast(const grpc::ByteBuffer& octets, const grpc::Status& status);
  void End(std::string_view reason);

  BusService& service_;
  ServerLoop& loop_;
  Host& host_;
  const Duration patience_;
  grpc::ServerContext context_;
  grpc::ServerAsyncReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer> stream_{&context_};
  grpc::ByteBuffer read_;
  std::string node_;     // empty until attached
  std::string parting_;  // the goodbye that it was sent: why it is detached
  bool has_call_ = false;
  bool reading_ = false;
  bool read_over_ = false;
  bool writing_ = false;
  bool finishing_ = false;  // the last write, or the status, is on its way or gone
  bool over_ = false;
  std::optional<Instant> write_waits_since_;
  int operations_ = 0;
  Operation on_call_;
  Operation on_read_;
  Operation on_written_;
  Operation on_finished_;
  Operation on_patience_;
  bool losing_patience_ = false;  // the alarm is set
  grpc::Alarm patience_alarm_;
};

}  // namespace entente::broker
