// SPDX-License-Identifier: Apache-2.0
#include "broker/client/bus_wire.h"

#include <grpc/support/time.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>

#include <optional>
#include <utility>

#include "base/io/handover.h"
#include "base/limits.h"

namespace entente::broker {
namespace {

constexpr auto kAttach = "/entente.v1.Bus/Attach";
constexpr int kReceiveHeadroomOctets = 64 * 1024;
constexpr int kEventsPerPoll = 64;
constexpr int kKeepAliveMs = 20'000;
constexpr int kKeepAliveTimeoutMs = 10'000;

std::shared_ptr<grpc::Channel> ChannelTo(const std::string& endpoint, const std::string& host,
                                         const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  if (!host.empty()) arguments.SetString(GRPC_SSL_TARGET_NAME_OVERRIDE_ARG, host);
  arguments.SetMaxReceiveMessageSize(static_cast<int>(limits::kFrameOctets) + kReceiveHeadroomOctets);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepAliveMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepAliveTimeoutMs);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // Every attempt is a fresh one: waiting between them is ours (BusStreamConfig::backoff).
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(endpoint, credentials ? credentials : grpc::InsecureChannelCredentials(), arguments);
}

Bytes ToBytes(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  Bytes octets;
  if (!buffer.Dump(&slices).ok()) return octets;
  octets.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) octets.insert(octets.end(), slice.begin(), slice.end());
  return octets;
}

// On whichever thread gRPC is done with the octets.
void LetGo(void* held) {
  TakeOver(held);
  delete static_cast<Bytes*>(held);
}

grpc::ByteBuffer ToByteBuffer(Bytes& octets) {
  auto held = std::make_unique<Bytes>(std::move(octets));
  HandOver(held.get());
  void* data = held->data();
  const std::size_t size = held->size();
  const grpc::Slice slice(data, size, LetGo, held.release());
  return {&slice, 1};
}

// In TLS 1.3 a client learns of a refused certificate only by a closed connection.
std::string Describe(const grpc::Status& status, bool tls, bool heard) {
  if (status.ok()) return "the broker closed the stream";
  const std::string reason = status.error_message().empty() ? "the stream broke" : status.error_message();
  return tls && !heard ? reason + "; if the broker refused this certificate, its log and record say why" : reason;
}

}  // namespace

struct BusWire::Call {
  Call(const std::string& endpoint, const std::string& host, const std::shared_ptr<grpc::ChannelCredentials>& credentials)
      : channel(ChannelTo(endpoint, host, credentials)), stub(channel) {}

  std::shared_ptr<grpc::Channel> channel;
  grpc::GenericStub stub;
  grpc::ClientContext context;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream;
  grpc::ByteBuffer read;
  grpc::Status status;
  bool open = false;
  bool reading = false;
  bool writing = false;
  bool broken = false;
  bool finishing = false;
  bool heard = false;  // anything from the broker
};

BusWire::BusWire(std::string endpoint, std::shared_ptr<grpc::ChannelCredentials> credentials, Polled polled,
                 std::unique_ptr<Listener> listener)
    : polled_(polled), credentials_(std::move(credentials)), listener_(std::move(listener)), endpoint_(std::move(endpoint)) {
  if (polled_ == Polled::kByItself) thread_ = std::thread([this] { PollOn(); });
}

BusWire::~BusWire() {
  Stop();
}

void BusWire::Post(std::function<void()> work) {
  if (polled_ == Polled::kByOwner) return work();
  const std::lock_guard lock(mutex_);
  PostLocked(std::move(work));
}

void BusWire::PostLocked(std::function<void()> work) {
  if (!accepting_) return;
  posted_.push_back(std::move(work));
  if (std::exchange(waking_, true)) return;
  HandOver(&wake_);
  wake_alarm_.Set(&queue_, gpr_inf_past(GPR_CLOCK_MONOTONIC), &wake_);
}

void BusWire::Open(Duration after, std::string endpoint, std::string host) {
  Post([this, after, endpoint = std::move(endpoint), host = std::move(host)]() mutable {
    if (call_ != nullptr || due_set_ || stopping_) return;
    if (!endpoint.empty()) endpoint_ = std::move(endpoint);
    host_ = std::move(host);
    due_set_ = true;
    due_alarm_.Set(&queue_, std::chrono::system_clock::now() + std::chrono::ceil<std::chrono::microseconds>(after), &due_);
  });
}

void BusWire::Write(Bytes frame) {
  const std::lock_guard lock(mutex_);
  if (!accepting_ || call_ == nullptr || !call_->open || call_->broken) return;
  outgoing_octets_ += frame.size();
  outgoing_.push_back(std::move(frame));
  if (std::exchange(call_->writing, true)) return;
  if (polled_ == Polled::kByOwner) return WriteFront();
  PostLocked([this] { BeginWriting(); });
}

void BusWire::BeginWriting() {
  const std::lock_guard lock(mutex_);
  if (!call_->broken) return WriteFront();
  call_->writing = false;
  Finish();
}

BusWire::Ahead BusWire::ahead() const {
  const std::lock_guard lock(mutex_);
  return {outgoing_.size(), outgoing_octets_};
}

void BusWire::WriteFront() {
  call_->writing = true;
  in_flight_octets_ = outgoing_.front().size();
  call_->stream->Write(ToByteBuffer(outgoing_.front()), &written_);
}

void BusWire::RemindIn(Duration after) {
  const std::lock_guard lock(mutex_);
  if (!accepting_ || std::exchange(reminder_set_, true)) return;
  HandOver(&reminded_);
  reminder_alarm_.Set(&queue_, std::chrono::system_clock::now() + std::chrono::ceil<std::chrono::microseconds>(after), &reminded_);
}

void BusWire::Cancel() {
  Post([this] {
    if (call_ != nullptr) call_->context.TryCancel();
  });
}

void BusWire::Stop() {
  {
    const std::lock_guard lock(mutex_);
    if (!accepting_) return;
  }
  Post([this] {
    stopping_ = true;
    if (due_set_) due_alarm_.Cancel();
    if (reminder_set_) reminder_alarm_.Cancel();
    if (call_ != nullptr) call_->context.TryCancel();
    EndIfIdle();
  });
  {
    const std::lock_guard lock(mutex_);
    accepting_ = false;
  }
  thread_.joinable() ? thread_.join() : PollOn();
}

void BusWire::Poll(Duration at_most) {
  void* tag = nullptr;
  bool ok = false;
  auto deadline = gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_nanos(at_most.count(), GPR_TIMESPAN));
  for (int left = kEventsPerPoll; left > 0; --left) {
    if (queue_.AsyncNext(&tag, &ok, deadline) != grpc::CompletionQueue::GOT_EVENT) return;
    TakeOver(tag);
    On(static_cast<const Tag*>(tag)->event, ok);
    deadline = gpr_inf_past(GPR_CLOCK_MONOTONIC);
  }
}

void BusWire::PollOn() {
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) {
    TakeOver(tag);
    On(static_cast<const Tag*>(tag)->event, ok);
  }
}

void BusWire::On(Event event, bool ok) {
  switch (event) {
    case Event::kWake:
      return RunPosted();
    case Event::kDue:
      due_set_ = false;
      return stopping_ ? EndIfIdle() : Connect();
    case Event::kStarted:
      return OnStarted(ok);
    case Event::kRead:
      return OnRead(ok);
    case Event::kWritten:
      return OnWritten(ok);
    case Event::kFinished:
      return OnFinished();
    case Event::kReminded:
      return OnReminded();
  }
}

void BusWire::RunPosted() {
  std::vector<std::function<void()>> work;
  {
    const std::lock_guard lock(mutex_);
    waking_ = false;
    work.swap(posted_);
  }
  for (const auto& each : work) each();
}

void BusWire::Connect() {
  const std::lock_guard lock(mutex_);
  call_ = std::make_unique<Call>(endpoint_, host_, credentials_);
  call_->stream = call_->stub.PrepareCall(&call_->context, kAttach, &queue_);
  call_->stream->StartCall(&started_);
}

void BusWire::OnStarted(bool ok) {
  {
    const std::lock_guard lock(mutex_);
    call_->open = ok;
    call_->reading = ok;
    call_->broken = !ok;
    if (!ok) return Finish();
  }
  if (!stopping_) listener_->OnOpen();
  call_->stream->Read(&call_->read, &read_);
}

void BusWire::OnRead(bool ok) {
  if (!ok) {
    const std::lock_guard lock(mutex_);
    call_->reading = false;
    call_->broken = true;
    return Finish();
  }
  call_->heard = true;
  if (!stopping_) listener_->OnFrame(ToBytes(call_->read));
  call_->read.Clear();
  call_->stream->Read(&call_->read, &read_);
}

void BusWire::OnWritten(bool ok) {
  bool nearly_idle = false;
  {
    const std::lock_guard lock(mutex_);
    outgoing_octets_ -= in_flight_octets_;
    outgoing_.pop_front();
    call_->writing = false;
    call_->broken = call_->broken || !ok;
    if (call_->broken) return Finish();
    if (!outgoing_.empty()) WriteFront();
    nearly_idle = outgoing_.size() <= 2;
  }
  if (nearly_idle && !stopping_) listener_->OnWritten();
}

// Once neither a read nor a write is in flight; a failed write makes the read fail too.
void BusWire::Finish() {
  if (call_->reading || call_->writing || call_->finishing) return;
  call_->finishing = true;
  call_->stream->Finish(&call_->status, &finished_);
}

void BusWire::OnFinished() {
  std::unique_ptr<Call> over;
  {
    const std::lock_guard lock(mutex_);
    over = std::move(call_);
    outgoing_.clear();
    outgoing_octets_ = 0;
  }
  const std::string reason = Describe(over->status, credentials_ != nullptr, over->heard);
  over.reset();
  if (!stopping_) listener_->OnClosed(reason);
  EndIfIdle();
}

void BusWire::OnReminded() {
  {
    const std::lock_guard lock(mutex_);
    reminder_set_ = false;
  }
  stopping_ ? EndIfIdle() : listener_->OnReminded();
}

void BusWire::EndIfIdle() {
  const std::lock_guard lock(mutex_);
  if (stopping_ && call_ == nullptr && !due_set_ && !reminder_set_) queue_.Shutdown();
}

}  // namespace entente::broker
