// SPDX-License-Identifier: Apache-2.0
#include "broker/record/jetstream/jetstream_reader.h"

#include <fmt/format.h>

#include "broker/record/frame.h"
#include "broker/record/jetstream/stream_setup.h"

namespace entente::record {
namespace {

// How long one attempt to fetch an older frame may take.
constexpr std::chrono::milliseconds kFetchTime{1000};

}  // namespace

JetStreamReader::JetStreamReader(const NatsLink& link, const StreamView& view, StreamPlan stream, Cursor from, EventFilter filter)
    : link_(link), view_(view), stream_(std::move(stream)), events_(from, std::move(filter)) {}

Result<std::optional<ReadEvent>> JetStreamReader::Next() {
  for (;;) {
    if (std::optional<ReadEvent> event = events_.Next()) return event;
    const Result<bool> loaded = LoadFrame();
    if (!loaded) return std::unexpected(loaded.error());
    if (!*loaded) return std::nullopt;
  }
}

Result<std::optional<ReadFrame>> JetStreamReader::NextFrame() {
  const Result<bool> loaded = LoadFrame();
  if (!loaded) return std::unexpected(loaded.error());
  if (!*loaded) return std::nullopt;
  return ReadFrame{writer_, events_.TakeRest()};
}

Result<bool> JetStreamReader::LoadFrame() {
  while (events_.empty()) {
    StreamView::Looked looked = view_.Look(events_.cursor().frame + 1);
    switch (looked.kind) {
      case StreamView::Kind::kAhead:
        if (looked.damage) return std::unexpected(*looked.damage);
        ended_ = looked.closed;
        return false;
      case StreamView::Kind::kSkipped:
        events_.StepOver();
        break;
      case StreamView::Kind::kFrame: {
        older_.reset();
        if (Status taken = TakeFrame(*looked.octets, std::move(looked.writer)); !taken) return std::unexpected(taken.error());
        break;
      }
      case StreamView::Kind::kOlder: {
        const Result<bool> fetched = Fetch();
        if (!fetched || !*fetched) return fetched;
        break;
      }
    }
  }
  return true;
}

Result<bool> JetStreamReader::Fetch() {
  const std::uint64_t wanted = events_.cursor().frame + 1;
  if (!older_) older_.emplace(link_, stream_.name, wanted, stream_.replicas);
  for (;;) {
    const Result<std::optional<StreamSource::Message>> message = older_->Next(kFetchTime);
    if (!message) return std::unexpected(message.error());
    if (!*message) return false;
    if ((*message)->sequence < wanted) continue;  // one that does not count
    if (Status taken = TakeFrame((*message)->octets, WriterOf(stream_.name, (*message)->subject)); !taken)
      return std::unexpected(taken.error());
    return true;
  }
}

Status JetStreamReader::TakeFrame(ByteView octets, std::string writer) {
  writer_ = std::move(writer);
  const std::string where = fmt::format("stream {}, message {}", stream_.name, events_.cursor().frame + 1);
  const Result<ChainFrame> frame = ParseChainFrame(octets, where);
  if (!frame) return std::unexpected(frame.error());
  Result<std::vector<v1::RecordEvent>> events = DecodeEvents(frame->body);
  if (!events) return Fail(events.error().code, events.error().what, where);
  events_.Take(*std::move(events));
  return {};
}

}  // namespace entente::record
