// SPDX-License-Identifier: Apache-2.0
#include "broker/record/jetstream/jetstream_log.h"

#include <fmt/format.h>

#include <algorithm>

#include "broker/record/frame.h"

namespace entente::record {
namespace {

// How long the feeder waits for a message before it looks whether it is to stop.
constexpr std::chrono::milliseconds kFeedTime{100};
// What a message needs beside its octets: its header, with the message id.
constexpr std::int64_t kMessageHeaderOctets = 512;

// Subjects are made of tokens: a name as it may stand in one.
std::string Token(std::string name) {
  std::ranges::replace_if(name, [](char letter) { return letter == '.' || letter == '*' || letter == '>' || letter <= ' '; }, '_');
  return name;
}

}  // namespace

Result<std::unique_ptr<JetStreamLog>> JetStreamLog::Open(JetStreamOptions options) {
  auto link = NatsLink::Connect(options.servers, "entente " + options.writer, options.reached_within);
  if (!link) return std::unexpected(link.error());
  const Result<std::uint64_t> messages = options.only_read ? FindStream(**link, options.stream.name, options.patience)
                                                           : EnsureStream(**link, options.stream, options.patience);
  if (!messages) return std::unexpected(messages.error());
  std::unique_ptr<JetStreamLog> log(new JetStreamLog(std::move(options), std::move(*link), *messages));
  if (!log->options_.only_read) {
    log->chain_ = fmt::format("{}-{:016x}", Token(log->options_.writer), log->options_.incarnation);
    auto publisher = Publisher::Start(*log->link_, log->options_.stream.name, log->chain_, log->options_.limits);
    if (!publisher) return std::unexpected(publisher.error());
    log->publisher_ = std::move(*publisher);
  }
  log->feeder_ = std::thread([raw = log.get()] { raw->Feed(); });
  return log;
}

JetStreamLog::JetStreamLog(JetStreamOptions options, std::unique_ptr<NatsLink> link, std::uint64_t messages_at_opening)
    : options_(std::move(options)),
      link_(std::move(link)),
      messages_at_opening_(messages_at_opening),
      view_(options_.stream.name, fmt::format("stream {} on {}", options_.stream.name, link_->where()), options_.window_octets) {}

JetStreamLog::~JetStreamLog() {
  if (publisher_) publisher_->Stop();
  stop_ = true;
  if (feeder_.joinable()) feeder_.join();
}

Status JetStreamLog::RefuseToWrite() const {
  return Fail(ErrorCode::kPermissionDenied, "the record was opened to be read", "stream " + options_.stream.name);
}

Status JetStreamLog::Append(const EventBatch& batch, OnDurable on_durable) {
  if (!publisher_) return RefuseToWrite();
  Result<std::vector<Bytes>> bodies = Bodies(batch);
  if (!bodies) return std::unexpected(bodies.error());
  if (!bodies->empty()) return publisher_->Append(std::move(*bodies), std::move(on_durable));
  if (on_durable) on_durable({});
  return {};
}

// As many events in each as the servers take in one message.
Result<std::vector<Bytes>> JetStreamLog::Bodies(const EventBatch& batch) const {
  std::vector<Bytes> bodies;
  if (batch.empty()) return bodies;
  const auto limit = static_cast<std::size_t>(std::max<std::int64_t>(
      natsConnection_GetMaxPayload(link_->connection()) - kMessageHeaderOctets - static_cast<std::int64_t>(kChainHeaderOctets), 0));
  if (batch.octets().size() <= limit) {
    bodies.push_back(ToBytes(batch.octets()));
    return bodies;
  }
  for (ByteView rest = batch.octets(); !rest.empty();) {
    const ByteView event = TakeEventOctets(rest);
    if (event.size() > limit) {
      return Fail(ErrorCode::kInvalidArgument,
                  fmt::format("an event of {} octets is larger than the servers take ({})", event.size(), limit),
                  fmt::format("stream {} on {}", options_.stream.name, link_->where()),
                  "raise max_payload in the configuration of nats-server");
    }
    if (bodies.empty() || bodies.back().size() + event.size() > limit) bodies.emplace_back();
    bodies.back().insert(bodies.back().end(), event.begin(), event.end());
  }
  return bodies;
}

Status JetStreamLog::Flush() {
  return publisher_ ? publisher_->Drain(options_.patience) : Status();
}

Status JetStreamLog::AwaitCaughtUp() {
  const std::uint64_t messages = messages_at_opening_;
  const auto until = std::chrono::steady_clock::now() + options_.patience;
  for (std::uint64_t seen = view_.messages(); seen < messages; seen = view_.messages()) {
    if (const std::optional<Error> damage = view_.damage()) return std::unexpected(*damage);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      return Fail(ErrorCode::kUnavailable, fmt::format("the stream's message {} does not come", seen + 1),
                  fmt::format("stream {} on {}", options_.stream.name, link_->where()),
                  "most of the servers must run and see each other");
    }
    view_.AwaitMore(seen, left);
  }
  return {};
}

Status JetStreamLog::Join() {
  if (!publisher_) return RefuseToWrite();
  std::vector<Bytes> empty(1);
  if (Status appended = publisher_->Append(std::move(empty), {}); !appended) return appended;
  return Flush();
}

void JetStreamLog::Feed() {
  AgreedSource source(*link_, options_.stream.name, 1, options_.stream.replicas);
  while (!stop_) {
    Result<std::optional<StreamSource::Message>> message = source.Next(kFeedTime);
    const Status taken = !message ? Status(std::unexpected(message.error())) : *message ? Take(**message) : Status();
    if (!taken) {
      view_.Damaged(taken.error());
      if (publisher_) publisher_->Break(taken.error());
      return;
    }
  }
}

Status JetStreamLog::Take(StreamSource::Message& message) {
  if (Status taken = view_.Take(message); !taken) return taken;
  if (publisher_) publisher_->Read(view_.FramesOf(chain_), view_.messages());
  return {};
}

Result<std::unique_ptr<RecordReader>> JetStreamLog::Tail(Cursor from, EventFilter filter) {
  return std::make_unique<JetStreamReader>(*link_, view_, options_.stream, from, std::move(filter));
}

std::unique_ptr<JetStreamReader> JetStreamLog::TailFrames(Cursor from) {
  return std::make_unique<JetStreamReader>(*link_, view_, options_.stream, from, EventFilter{});
}

bool JetStreamLog::AwaitMore(Cursor seen, std::chrono::milliseconds at_most) {
  return view_.AwaitMore(seen.frame, at_most);
}

Digest JetStreamLog::head() const {
  return publisher_ ? publisher_->head() : Digest{};
}

Status JetStreamLog::Close() {
  const Status flushed = Flush();
  if (!flushed) return flushed;
  if (publisher_) publisher_->Stop();
  stop_ = true;
  if (feeder_.joinable()) feeder_.join();
  view_.Close();
  return {};
}

}  // namespace entente::record
