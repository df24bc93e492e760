// SPDX-License-Identifier: Apache-2.0
#include "broker/service/node_stream.h"

#include <chrono>
#include <utility>

#include "broker/core/frame.h"
#include "broker/service/byte_buffers.h"

namespace entente::broker {
namespace {

constexpr std::string_view kConnectionGone = "the connection was closed, or no longer answers";

grpc::StatusCode StatusCodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kAlreadyExists:
      return grpc::StatusCode::ALREADY_EXISTS;
    case ErrorCode::kPermissionDenied:
      return grpc::StatusCode::PERMISSION_DENIED;
    case ErrorCode::kExhausted:
      return grpc::StatusCode::RESOURCE_EXHAUSTED;
    default:
      return grpc::StatusCode::INVALID_ARGUMENT;
  }
}

// A frame that says goodbye holds nothing but control fields, all in its header.
std::string GoodbyeIn(const OutboundFrame& last) {
  v1::BrokerFrame frame;
  const bool parsed = frame.ParseFromArray(last.header.data(), static_cast<int>(last.header.size()));
  return parsed ? frame.goodbye().reason() : std::string();
}

}  // namespace

NodeStream::NodeStream(BusService& service, ServerLoop& loop, Host& host, Duration patience)
    : service_(service),
      loop_(loop),
      host_(host),
      patience_(patience),
      on_call_([this](bool ok) { OnCall(ok); }),
      on_read_([this](bool ok) { OnRead(ok); }),
      on_written_([this](bool ok) { OnWritten(ok); }),
      on_finished_([this](bool ok) {
        --operations_;
        End(ok ? "stream closed by the node" : kConnectionGone);
      }),
      on_patience_([this](bool ok) { OnPatience(ok); }) {}

void NodeStream::AwaitCall() {
  ++operations_;
  service_.RequestAttach(&context_, &stream_, loop_.queue(), loop_.queue(), &on_call_);
}

void NodeStream::OnCall(bool ok) {
  --operations_;
  if (!ok) return End("server stops");
  has_call_ = true;
  LosePatienceLater();
  if (host_.OnCall(*this)) return Read();
  const std::string reason = "this broker takes no more streams now";
  host_.OnRefused(*this, {}, reason);
  Finish({grpc::StatusCode::UNAVAILABLE, reason});
  context_.TryCancel();
}

void NodeStream::LosePatienceLater() {
  if (losing_patience_ || !loop_.open()) return;
  losing_patience_ = true;
  ++operations_;
  const auto patience = std::chrono::ceil<std::chrono::microseconds>(patience_);
  patience_alarm_.Set(loop_.queue(), std::chrono::system_clock::now() + patience, &on_patience_);
}

void NodeStream::OnPatience(bool over) {
  --operations_;
  losing_patience_ = false;
  const bool closing = finishing_ || over_;
  if (over && closing) return context_.TryCancel();
  if (over && awaits_hello()) {
    const auto waited = std::chrono::ceil<std::chrono::milliseconds>(patience_);
    return Refuse(grpc::StatusCode::DEADLINE_EXCEEDED, {}, "no hello within " + std::to_string(waited.count()) + " ms");
  }
  // Cancelled by the hello, and the end came before this.
  if (closing && operations_ > 0) LosePatienceLater();
}

// Nothing but the alarm keeps an ended stream.
void NodeStream::Settle() {
  if (losing_patience_ && operations_ == 1) patience_alarm_.Cancel();
}

// While nothing is read, TCP's window fills and the node waits.
void NodeStream::ReadOn() {
  if (reading_ || read_over_ || over_ || !has_call_) return;
  if (finishing_ || node_.empty() || host_.WantsFrames(*this)) Read();
}

void NodeStream::Read() {
  if (!loop_.open()) return;
  reading_ = true;
  ++operations_;
  stream_.Read(&read_, &on_read_);
}

void NodeStream::OnRead(bool ok) {
  --operations_;
  reading_ = false;
  if (!ok || over_) return OnReadOver();
  const SharedSlice frame = ToSharedSlice(read_);
  read_.Clear();
  if (node_.empty()) {
    if (!finishing_) OnHello(frame);
  } else {
    host_.OnFrame(*this, frame);
  }
  ReadOn();
}

// The node says no more, or the connection is gone: whether the last word can be written tells.
void NodeStream::OnReadOver() {
  read_over_ = true;
  if (writing_) return;
  if (finishing_ || !loop_.open()) return End("stream closed by the node");
  Finish(grpc::Status::OK);
  LosePatienceLater();
}

void NodeStream::OnHello(const SharedSlice& frame) {
  v1::ClientFrame parsed;
  if (!parsed.ParseFromArray(frame.view().data(), static_cast<int>(frame.size())) || !parsed.has_hello()) {
    return Refuse(grpc::StatusCode::INVALID_ARGUMENT, {}, "the first frame is not a hello: is this a client of entente.v1.Bus?");
  }
  const auto attached = host_.Attach(*this, parsed.hello());
  if (!attached) return Refuse(StatusCodeOf(attached.error().code), parsed.hello().node(), attached.error().Text());
  node_ = parsed.hello().node();
  patience_alarm_.Cancel();
}

void NodeStream::Pump() {
  ReadOn();
  if (writing_ || finishing_ || over_ || node_.empty() || !loop_.open()) return;
  std::optional<OutboundFrame> frame = host_.NextFrame(*this);
  if (!frame) return;
  if (frame->last) {
    parting_ = GoodbyeIn(*frame);
    return WriteLast(ToByteBuffer(std::move(*frame)), grpc::Status::OK);
  }
  writing_ = true;
  ++operations_;
  stream_.Write(ToByteBuffer(std::move(*frame)), &on_written_);
}

void NodeStream::OnWritten(bool ok) {
  --operations_;
  writing_ = false;
  write_waits_since_.reset();
  if (ok && read_over_) return OnReadOver();
  if (ok && !over_) return Pump();
  End(kConnectionGone);
  Finish(grpc::Status::OK);
}

void NodeStream::Finish(const grpc::Status& status) {
  if (finishing_ || !loop_.open()) return;
  finishing_ = true;
  ++operations_;
  stream_.Finish(status, &on_finished_);
}

void NodeStream::Refuse(grpc::StatusCode code, std::string_view node, const std::string& reason) {
  host_.OnRefused(*this, node, reason);
  SayGoodbye(code, reason);
}

void NodeStream::SayGoodbye(grpc::StatusCode code, const std::string& reason) {
  WriteLast(ToByteBuffer(GoodbyeFrame(reason)), grpc::Status(code, reason));
}

void NodeStream::WriteLast(const grpc::ByteBuffer& octets, const grpc::Status& status) {
  if (finishing_ || !loop_.open()) return;
  finishing_ = true;
  LosePatienceLater();
  ++operations_;
  stream_.WriteAndFinish(octets, grpc::WriteOptions(), status, &on_finished_);
}

void NodeStream::TurnAway(const std::string& reason) {
  if (awaits_hello()) SayGoodbye(grpc::StatusCode::UNAVAILABLE, reason);
}

void NodeStream::GiveWay() {
  if (!awaits_hello()) return;
  const std::string reason = "too many streams of this peer wait without a hello";
  host_.OnRefused(*this, {}, reason);
  Finish({grpc::StatusCode::RESOURCE_EXHAUSTED, reason});
}

void NodeStream::Abandon() {
  node_.clear();
  if (!std::exchange(over_, true)) host_.OnOver();
  context_.TryCancel();
}

void NodeStream::Cut(std::string_view reason) {
  End(reason);
  context_.TryCancel();
}

Duration NodeStream::WriteWaits(Instant now) {
  if (!writing_) return Duration::zero();
  if (!write_waits_since_) write_waits_since_ = now;
  return now - *write_waits_since_;
}

void NodeStream::End(std::string_view reason) {
  if (!std::exchange(over_, true)) host_.OnOver();
  if (!loop_.open()) patience_alarm_.Cancel();
  if (operations_ > 0) LosePatienceLater();
  Settle();
  if (node_.empty()) return;
  host_.Detach(*this, parting_.empty() ? reason : parting_);
  node_.clear();
}

}  // namespace entente::broker
