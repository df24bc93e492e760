// SPDX-License-Identifier: Apache-2.0
#include "harness/run/log_follower.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/run/restored_relay.h"

namespace entente::harness {
namespace {

constexpr std::chrono::milliseconds kLook{100};
// Each takes as long as JetStreamReader waits for an older frame: a minute together.
constexpr int kFetches = 60;

}  // namespace

LogFollower::LogFollower(record::JetStreamLog& log, const v1::Exercise& exercise, const Clock& clock, std::string relay_writer)
    : log_(log), exercise_(exercise), clock_(clock), relay_writer_(std::move(relay_writer)), reader_(log.TailFrames({})) {}

LogFollower::~LogFollower() {
  Stop();
}

Status LogFollower::Restore(broker::Relay& relay) {
  if (Status joined = log_.Join(); !joined) return joined;
  const record::Cursor end = log_.end();
  Status read;
  relay.Restore(
      [&](std::vector<v1::RecordEvent>& events) {
        auto frame = NextFrameBefore(end);
        if (!frame) read = std::unexpected(frame.error());
        if (!frame || !*frame) return false;
        events = std::move((*frame)->events);
        restored_any_ = true;
        return true;
      },
      clock_.Read());
  return read;
}

// std::nullopt: there are no more before it. What is no longer in memory the servers may take a while to give.
Result<std::optional<record::ReadFrame>> LogFollower::NextFrameBefore(record::Cursor end) {
  for (int attempt = 0; attempt < kFetches; ++attempt) {
    if (reader_->cursor() >= end) return std::nullopt;
    auto frame = NextFrame();
    if (!frame || *frame) return frame;
  }
  if (reader_->cursor() >= end) return std::nullopt;
  return Fail(ErrorCode::kUnavailable, fmt::format("the record's frame {} does not come", reader_->cursor().frame + 1), {},
              "most of the servers must run and see each other");
}

void LogFollower::Start(broker::BusServer& server) {
  thread_ = std::thread([this, &server] { Follow(server); });
}

void LogFollower::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  room_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::optional<Error> LogFollower::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

void LogFollower::Follow(broker::BusServer& server) {
  while (!stop_) {
    auto frame = NextFrame();
    if (!frame) {
      const std::lock_guard lock(mutex_);
      failure_ = frame.error();
      return;
    }
    if (*frame) {
      Hand(server, std::move(**frame));
    } else {
      log_.AwaitMore(reader_->cursor(), kLook);
    }
  }
}

Result<std::optional<record::ReadFrame>> LogFollower::NextFrame() {
  auto frame = reader_->NextFrame();
  if (!frame || !*frame) return frame;
  for (const v1::RecordEvent& event : (*frame)->events) {
    if (!event.has_run_started()) continue;
    if (Status same = CheckSameExercise(event, exercise_); !same) return std::unexpected(same.error());
  }
  return frame;
}

void LogFollower::Hand(broker::BusServer& server, record::ReadFrame frame) {
  {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return under_way_ < kUnderWay || stop_; });
    ++under_way_;
  }
  server.Post([this, frame = std::move(frame)](broker::Relay& relay) {
    Take(relay, frame);
    const std::lock_guard lock(mutex_);
    --under_way_;
    room_.notify_one();
  });
}

void LogFollower::Take(broker::Relay& relay, const record::ReadFrame& frame) {
  if (frame.writer != log_.chain()) return relay.Apply(frame.events, clock_.Read());
  own_events_ += static_cast<std::uint64_t>(std::ranges::count(frame.events, relay_writer_, &v1::RecordEvent::writer));
  relay.OnRecorded(own_events_, clock_.Read());
}

}  // namespace entente::harness
