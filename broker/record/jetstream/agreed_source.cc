// SPDX-License-Identifier: Apache-2.0
#include "broker/record/jetstream/agreed_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace entente::record {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kEnough = 2;
// One copy has the next message, and another has not had it for so long: a third is asked.
constexpr milliseconds kSilent{1000};
// How often a thread looks whether it is to stop.
constexpr milliseconds kLook{100};

bool Same(const StreamSource::Message& one, const StreamSource::Message& other) {
  return one.subject == other.subject && one.octets == other.octets;
}

}  // namespace

AgreedSource::AgreedSource(const NatsLink& link, std::string stream, std::uint64_t next, int copies)
    : link_(link),
      stream_(std::move(stream)),
      copies_(static_cast<std::size_t>(std::max(copies, 1))),
      next_(next),
      agreed_(std::chrono::steady_clock::now()) {
  const Lock lock(mutex_);
  while (voices_.size() < std::min(copies_, kEnough)) AddVoice();
}

AgreedSource::~AgreedSource() {
  {
    const Lock lock(mutex_);
    stop_ = true;
  }
  room_.notify_all();
  for (Voice& voice : voices_) voice.thread.join();
}

void AgreedSource::AddVoice() {
  Voice& voice = voices_.emplace_back();
  voice.thread = std::thread([this, &voice] { Read(voice); });
}

void AgreedSource::Read(Voice& voice) {
  while (!stop_) {
    ReadFromOneServer(voice);
    const Lock lock(mutex_);
    if (voice.failure) return;
    voice.server.clear();
    voice.read.clear();
    voice.moves = false;
  }
}

void AgreedSource::ReadFromOneServer(Voice& voice) {
  StreamSource::Placement placement;
  if (copies_ > 1) placement = [this, &voice](const std::string& server) { return MayRead(voice, server); };
  Lock lock(mutex_);
  StreamSource source(link_, stream_, next_, std::move(placement));
  while (!stop_ && !voice.moves && !voice.failure) {
    lock.unlock();
    Result<std::optional<Message>> message = source.Next(kLook);
    lock.lock();
    if (!message) voice.failure = message.error();
    if (message && *message) {
      room_.wait(lock, [&] { return stop_ || voice.read.size() < kAhead; });
      voice.read.push_back(**std::move(message));
    }
    heard_.notify_one();
  }
  lock.unlock();  // a source may take a while to end
}

// Each reads from another server. What one has read from its server would be taken for another's opinion if it went on elsewhere.
bool AgreedSource::MayRead(Voice& voice, const std::string& server) {
  const Lock lock(mutex_);
  if (!voice.server.empty() && voice.server != server) voice.moves = true;
  const bool taken = std::ranges::any_of(voices_, [&](const Voice& other) { return &other != &voice && other.server == server; });
  if (taken || voice.moves) return false;
  voice.server = server;
  return true;
}

Result<std::optional<StreamSource::Message>> AgreedSource::Next(milliseconds at_most) {
  const Time until = std::chrono::steady_clock::now() + at_most;
  Lock lock(mutex_);
  for (;;) {
    if (std::optional<Message> agreed = TakeAgreed()) return agreed;
    if (InDoubt() && voices_.size() < copies_) AddVoice();
    if (const std::optional<Error> failure = Failure()) return std::unexpected(*failure);
    if (heard_.wait_until(lock, until) == std::cv_status::timeout && std::chrono::steady_clock::now() >= until) {
      return TakeAgreed();
    }
  }
}

// What a slower copy has of what was agreed to.
void AgreedSource::StepOver() {
  for (Voice& voice : voices_) {
    while (!voice.read.empty() && voice.read.front().sequence < next_) voice.read.pop_front();
  }
  room_.notify_all();
}

std::optional<StreamSource::Message> AgreedSource::TakeAgreed() {
  StepOver();
  for (Voice& one : voices_) {
    if (one.read.empty()) continue;
    const auto agrees = [&](const Voice& other) {
      return &other != &one && !other.read.empty() && Same(other.read.front(), one.read.front());
    };
    if (copies_ > 1 && !std::ranges::any_of(voices_, agrees)) continue;
    Message agreed = std::move(one.read.front());
    one.read.pop_front();
    ++next_;
    agreed_ = std::chrono::steady_clock::now();
    return agreed;
  }
  return std::nullopt;
}

bool AgreedSource::InDoubt() const {
  const auto heard =
      static_cast<std::size_t>(std::ranges::count_if(voices_, [](const Voice& voice) { return !voice.read.empty(); }));
  const bool failed = std::ranges::any_of(voices_, [](const Voice& voice) { return voice.failure.has_value(); });
  return failed || heard == voices_.size() || (heard > 0 && std::chrono::steady_clock::now() - agreed_ > kSilent);
}

// Once nothing can be agreed to any more.
std::optional<Error> AgreedSource::Failure() const {
  if (voices_.size() < copies_) return std::nullopt;
  const bool all_heard = std::ranges::none_of(voices_, [](const Voice& voice) { return voice.read.empty(); });
  if (all_heard && copies_ > 1) {
    return Error{ErrorCode::kDataLoss, fmt::format("no two of the servers' copies of the stream have the same message {}", next_),
                 fmt::format("stream {} on {}", stream_, link_.where()), "compare with another copy of the record"};
  }
  const auto working = std::ranges::count_if(voices_, [](const Voice& voice) { return !voice.failure; });
  if (static_cast<std::size_t>(working) >= std::min(copies_, kEnough)) return std::nullopt;
  return std::ranges::find_if(voices_, [](const Voice& voice) { return voice.failure.has_value(); })->failure;
}

}  // namespace entente::record
