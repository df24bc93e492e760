// SPDX-License-Identifier: Apache-2.0
#pragma once

// One Attach stream: waits for a call, then for its hello, then moves frames until either side ends it. One read and one write in
// flight. Lives on the polling thread; its owner frees it once `over()`.

#include <grpcpp/support/async_stream.h>

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
    virtual Result<Attached> Attach(NodeStream& stream, const v1::Hello& hello) = 0;
    virtual void OnFrame(NodeStream& stream, const SharedSlice& frame) = 0;
    virtual std::optional<OutboundFrame> NextFrame(NodeStream& stream) = 0;
    virtual void Detach(NodeStream& stream, std::string_view reason) = 0;
  };

  NodeStream(BusService& service, ServerLoop& loop, Host& host);

  void AwaitCall();
  // Writes what the relay has for the node, unless a write is in flight.
  void Pump();
  // The server stops: a stream that has not said hello yet is told so. Attached ones hear it from the relay.
  void TurnAway(const std::string& reason);
  // Another stream has taken the node over.
  void Abandon();

  [[nodiscard]] const std::string& node() const { return node_; }
  [[nodiscard]] bool has_call() const { return has_call_; }
  [[nodiscard]] bool over() const { return over_ && operations_ == 0; }

 private:
  void OnCall(bool ok);
  void OnRead(bool ok);
  void OnWritten(bool ok);
  void Read();
  void OnHello(const SharedSlice& frame);
  void SayGoodbye(grpc::StatusCode code, const std::string& reason);
  void WriteLast(const grpc::ByteBuffer& octets, const grpc::Status& status);
  void End(std::string_view reason);

  BusService& service_;
  ServerLoop& loop_;
  Host& host_;
  grpc::ServerContext context_;
  grpc::ServerAsyncReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer> stream_{&context_};
  grpc::ByteBuffer read_;
  std::string node_;  // empty until attached
  bool has_call_ = false;
  bool writing_ = false;
  bool finishing_ = false;  // the last write, or the status, is on its way
  bool over_ = false;
  int operations_ = 0;
  Operation on_call_;
  Operation on_read_;
  Operation on_written_;
  Operation on_finished_;
};

}  // namespace entente::broker
