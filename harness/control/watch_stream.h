// SPDX-License-Identifier: Apache-2.0
#pragma once

// One Watch: follows the record for a client. Nothing waits for it and nothing is kept for it: a slow reader reads the record
// later. Polling thread only.

#include <grpcpp/server_context.h>
#include <grpcpp/support/async_stream.h>

#include <memory>

#include "broker/record/record.h"
#include "broker/service/server_loop.h"
#include "harness/control/unary_method.h"

namespace entente::harness {

// At once; more are refused.
inline constexpr std::size_t kWatchers = 16;

class WatchStream {
 public:
  class Host {
   public:
    virtual ~Host() = default;
    // This one has a call now; the answer says whether it may go on, and who it is.
    virtual Result<broker::StreamPeer> OnWatch(const grpc::ServerContext& context, const v1::WatchRequest& request) = 0;
    // It may go on, but not see what it asks for.
    virtual void OnRefusedWatch(const broker::StreamPeer& peer, const Error& why) = 0;
    virtual record::Record& record() = 0;
  };

  WatchStream(ControlService& service, broker::ServerLoop& loop, Host& host);
  void AwaitCall();
  // Writes what the record has for it by now, one event at a time.
  void Pump();
  // The run is over: once everything was told, the stream ends.
  void EndSoon();
  [[nodiscard]] bool has_call() const { return telling_; }
  [[nodiscard]] bool over() const { return over_ && operations_ == 0; }

 private:
  void OnCall(bool ok);
  void Finish(const grpc::Status& status);

  ControlService& service_;
  broker::ServerLoop& loop_;
  Host& host_;
  grpc::ServerContext context_;
  v1::WatchRequest request_;
  grpc::ServerAsyncWriter<v1::WatchReply> writer_{&context_};
  std::unique_ptr<record::RecordReader> reader_;
  bool telling_ = false;  // from the call until it ends
  bool writing_ = false;
  bool ending_ = false;
  bool over_ = false;
  int operations_ = 0;
  broker::Operation on_call_;
  broker::Operation on_written_;
  broker::Operation on_finished_;
  broker::Operation on_gone_;
};

}  // namespace entente::harness
