// SPDX-License-Identifier: Apache-2.0
#include "broker/record/jetstream/publisher.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/byte_reader.h"
#include "broker/record/jetstream/chain_frame.h"
#include "broker/record/jetstream/stream_setup.h"

namespace entente::record {
namespace {

// After a failure, before everything unconfirmed is sent again.
constexpr std::chrono::milliseconds kPause{100};
// How often the sender looks whether the connection is another one, and whether there was news.
constexpr std::chrono::milliseconds kLook{50};
// Silence is listened to for at most so many times PublisherLimits::confirmed_within.
constexpr int kLongestSilence = 4;

// Of the frame in a message of ours.
std::uint64_t NumberOf(natsMsg* message) {
  const auto* data = reinterpret_cast<const std::uint8_t*>(natsMsg_GetData(message));
  ByteReader in(ByteView(data, static_cast<std::size_t>(natsMsg_GetDataLength(message))));
  in.Skip(4);
  return in.U64Le();
}

}  // namespace

Result<std::shared_ptr<Publisher>> Publisher::Start(NatsLink& link, std::string stream, std::string writer,
                                                    PublisherLimits limits) {
  std::shared_ptr<Publisher> publisher(new Publisher(link, std::move(stream), std::move(writer), limits));
  publisher->key_ = std::make_unique<CallbackKey<Publisher>>(publisher);
  jsOptions options;
  jsOptions_Init(&options);
  options.PublishAsync.AckHandler = &Publisher::OnAnswer;
  options.PublishAsync.AckHandlerClosure = publisher->key_->closure();
  jsCtx* context = nullptr;
  if (const natsStatus status = natsConnection_JetStream(&context, link.connection(), &options); status != NATS_OK) {
    return std::unexpected(NatsError(status, static_cast<jsErrCode>(0), "JetStream cannot be used", link.where()));
  }
  publisher->context_.reset(context);
  publisher->sender_ = std::thread([raw = publisher.get()] { raw->Run(); });
  return publisher;
}

Publisher::Publisher(NatsLink& link, std::string stream, std::string writer, PublisherLimits limits)
    : link_(link),
      where_(fmt::format("stream {} on {}", stream, link.where())),
      subject_(SubjectOf(stream, writer)),
      limits_(limits),
      window_(limits.in_flight),
      head_(ChainOrigin(writer)),
      reconnections_(link.reconnections()) {}

Publisher::~Publisher() {
  Stop();
}

void Publisher::Stop() {
  key_.reset();
  {
    const Lock lock(mutex_);
    stop_ = true;
  }
  work_.notify_all();
  progress_.notify_all();
  if (sender_.joinable()) sender_.join();
  context_.reset();
  std::vector<OnDurable> waiting;
  Error why{ErrorCode::kUnavailable, "the record was closed before the servers acknowledged the frame", where_, {}};
  {
    const Lock lock(mutex_);
    waiting = window_.Abandon();
    if (failure_) why = *failure_;
  }
  for (const OnDurable& on_durable : waiting) on_durable(std::unexpected(why));
}

Status Publisher::Append(std::vector<Bytes> bodies, OnDurable on_durable) {
  Lock lock(mutex_);
  if (Status room = AwaitRoom(lock); !room) return room;
  if (window_.empty()) {
    news_ = std::chrono::steady_clock::now();
    silences_ = 0;
  }
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    Bytes octets = EncodeChainFrame(window_.put() + 1, head_, bodies[i], head_);
    window_.Put(Share(std::move(octets)), i + 1 == bodies.size() ? std::move(on_durable) : OnDurable{});
  }
  lock.unlock();
  work_.notify_one();
  return {};
}

// A change of leader takes a second or two: until the backlog is full that is nobody's concern.
Status Publisher::AwaitRoom(Lock& lock) {
  const auto full = [this] { return failure_ && failure_->code == ErrorCode::kExhausted; };
  const auto room = [this] { return window_.octets() < limits_.backlog_octets; };
  progress_.wait(lock, [&] { return stop_ || broken_ || full() || room() || failure_; });
  if (stop_) return Fail(ErrorCode::kUnavailable, "the record is closed", where_);
  if (broken_) return std::unexpected(*broken_);
  if (full() || !room()) return std::unexpected(*failure_);
  return {};
}

Status Publisher::Drain(std::chrono::milliseconds patience) {
  Lock lock(mutex_);
  const std::uint64_t target = window_.put();
  const auto confirmed = [&] { return window_.confirmed() >= target; };
  progress_.wait_for(lock, patience, [&] { return stop_ || broken_ || confirmed(); });
  if (confirmed() && !stop_) return {};
  if (broken_) return std::unexpected(*broken_);
  if (failure_) return std::unexpected(*failure_);
  return Fail(ErrorCode::kUnavailable, fmt::format("{} octets of the record are not acknowledged", window_.octets()), where_,
              "most of the servers must run and see each other");
}

Digest Publisher::head() const {
  const Lock lock(mutex_);
  return head_;
}

void Publisher::OnAnswer(jsCtx*, natsMsg* message, jsPubAck* stored, jsPubAckErr* failed, void* closure) {
  const NatsOwned<natsMsg> owned(message);
  if (const std::shared_ptr<Publisher> publisher = CallbackKey<Publisher>::Find(closure)) {
    publisher->Answered(NumberOf(message), stored, failed);
  }
}

void Publisher::Answered(std::uint64_t number, const jsPubAck* stored, const jsPubAckErr* failed) {
  {
    const Lock lock(mutex_);
    if (stored != nullptr && stored->Sequence != 0) {
      window_.Stored(number, stored->Sequence);
    } else {
      const natsStatus status = failed != nullptr ? failed->Err : NATS_ERR;
      Error error = NatsError(status, failed != nullptr ? failed->ErrCode : static_cast<jsErrCode>(0),
                              "JetStream did not take a frame of the record", where_);
      // No answer in time says nothing of the frame: it is sent again if it does not come back.
      status == NATS_TIMEOUT ? static_cast<void>(failure_ = std::move(error)) : Failed(std::move(error));
    }
  }
  progress_.notify_all();
  work_.notify_one();
}

void Publisher::Read(std::uint64_t counted, std::uint64_t sequence) {
  std::vector<OnDurable> confirmed;
  {
    const Lock lock(mutex_);
    const std::uint64_t before = window_.confirmed();
    confirmed = window_.Read(counted, sequence);
    if (window_.confirmed() == before) return;  // what is to be sent again, the sender finds when it looks
    failure_.reset();
    news_ = std::chrono::steady_clock::now();
    silences_ = 0;
  }
  for (const OnDurable& on_durable : confirmed) on_durable({});
  progress_.notify_all();
  work_.notify_one();
}

void Publisher::Break(Error why) {
  {
    const Lock lock(mutex_);
    broken_ = std::move(why);
  }
  progress_.notify_all();
}

void Publisher::Failed(Error error) {
  failure_ = std::move(error);
  if (!send_again_) send_again_ = std::chrono::steady_clock::now() + kPause;
}

void Publisher::Run() {
  Lock lock(mutex_);
  while (!stop_) {
    SendWhatIsDue(lock);
    if (stop_) return;
    work_.wait_for(lock, kLook);
  }
}

void Publisher::LookForSilence() {
  const Time now = std::chrono::steady_clock::now();
  if (window_.empty() || now - news_ < limits_.confirmed_within * std::min(1 + silences_, kLongestSilence)) return;
  news_ = now;
  if (!failure_) {
    failure_ = NatsError(NATS_TIMEOUT, static_cast<jsErrCode>(0), "no frame of the record comes back from its stream", where_);
    progress_.notify_all();
  }
  ++silences_ % limits_.silences_to_doubt == 0 ? window_.SendAnew() : window_.SendAgain();
}

void Publisher::SendWhatIsDue(Lock& lock) {
  // What was on its way over the old connection may be lost.
  if (const std::uint64_t now = link_.reconnections(); std::exchange(reconnections_, now) != now) window_.SendAgain();
  if (send_again_ && std::chrono::steady_clock::now() >= *send_again_) {
    send_again_.reset();
    window_.SendAgain();
  }
  LookForSilence();
  while (!stop_ && !send_again_ && link_.connected()) {
    const std::optional<PublishWindow::Sending> sending = window_.NextToSend();
    if (!sending) return;
    lock.unlock();
    const natsStatus status = Publish(*sending);
    lock.lock();
    if (status != NATS_OK) Failed(NatsError(status, static_cast<jsErrCode>(0), "a frame of the record could not be sent", where_));
  }
}

natsStatus Publisher::Publish(const PublishWindow::Sending& sending) {
  natsMsg* made = nullptr;
  natsStatus status = natsMsg_Create(&made, subject_.c_str(), nullptr, reinterpret_cast<const char*>(sending.octets->data()),
                                     static_cast<int>(sending.octets->size()));
  if (status != NATS_OK) return status;
  jsPubOptions options;
  jsPubOptions_Init(&options);
  options.MaxWait = limits_.confirmed_within.count();
  status = js_PublishMsgAsync(context_.get(), &made, &options);
  natsMsg_Destroy(made);  // absent when the library has it
  return status;
}

}  // namespace entente::record
