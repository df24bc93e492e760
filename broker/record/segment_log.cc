// SPDX-License-Identifier: Apache-2.0
#include "broker/record/segment_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/io/files.h"
#include "broker/record/log_reader.h"

namespace entente::record {
namespace {

// A group as large as this is written at once.
constexpr std::size_t kGroupOctets = 1024UL * 1024;
// How often writing is tried again by itself after a failure.
constexpr std::chrono::milliseconds kRetryAfter{100};
constexpr std::uint64_t kEverything = std::numeric_limits<std::uint64_t>::max();

std::uint64_t CloseMarker(bool closes, std::uint64_t frames) {
  return closes ? kEverything : frames;
}

}  // namespace

Result<std::unique_ptr<SegmentLog>> SegmentLog::Open(SegmentLogOptions options, const Clock& clock) {
  if (Status made = MakeDirectories(options.directory); !made) return std::unexpected(made.error());
  auto lock = DirectoryLock::Take(options.directory);
  if (!lock) return std::unexpected(lock.error());
  Result<OpenedTail> tail = OpenTail(options.directory);
  if (!tail) return std::unexpected(tail.error());
  Result<SigningKey> key = SigningKey::LoadOrMake(options.directory);
  if (!key) return std::unexpected(key.error());
  return std::unique_ptr<SegmentLog>(
      new SegmentLog(std::move(options), clock, std::move(*key), std::move(*lock), std::move(*tail)));
}

SegmentLog::SegmentLog(SegmentLogOptions options, const Clock& clock, SigningKey key, std::unique_ptr<DirectoryLock> lock,
                       OpenedTail tail)
    : options_(std::move(options)),
      clock_(clock),
      key_(std::move(key)),
      directory_lock_(std::move(lock)),
      notices_(std::move(tail.notices)),
      frames_(tail.frames),
      head_(tail.head),
      segment_number_(tail.last_segment),
      segment_(std::move(tail.segment)),
      segment_end_(tail.end),
      visible_frames_(tail.frames) {
  if (segment_) {
    // Without room to go on in it, the next frame begins another one; the checkpoint still has its place.
    segment_capacity_ = segment_->Reserve(options_.segment_octets) ? options_.segment_octets : 0;
  }
  if (!options_.simulated) writer_ = std::thread([this] { Run(); });
}

SegmentLog::~SegmentLog() {
  static_cast<void>(Close());
  if (writer_.joinable()) {
    {
      const Lock lock(mutex_);
      stop_ = true;
    }
    work_.notify_all();
    writer_.join();
  }
  const Status lost = failure_ ? Status(std::unexpected(*failure_)) : Status();
  for (Group* group : {&writing_, &pending_}) {
    for (const OnDurable& on_durable : group->waiting) on_durable(lost);
  }
}

Status SegmentLog::Append(const EventBatch& batch, OnDurable on_durable) {
  const ByteView body = batch.octets();
  if (body.size() > kBodyLimitOctets) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("a batch of {} octets is larger than a frame of the record may be ({})", body.size(), kBodyLimitOctets),
                options_.directory.string(), "append it in parts");
  }
  Lock lock(mutex_);
  if (Status room = AwaitRoom(lock); !room) return room;
  const bool first_of_group = pending_.chunks.empty();
  if (!body.empty()) {
    if (Status room = MakeRoom(kFrameHeaderOctets + body.size()); !room) return room;
    PutFrame(FrameType::kEvents, body);
    pending_.frames = ++frames_;
  }
  if (on_durable) pending_.waiting.push_back(std::move(on_durable));
  const bool group_is_full = pending_.octets >= kGroupOctets;
  if (options_.simulated && group_is_full) WriteOnce(lock);
  if (!options_.simulated && (first_of_group || group_is_full)) work_.notify_one();
  return {};
}

// With a failure at hand, one more attempt decides: either the disk takes what it owes, or this batch is refused.
Status SegmentLog::AwaitRoom(Lock& lock) {
  if (failure_) {
    if (options_.simulated) {
      WriteOnce(lock);
    } else {
      const std::uint64_t attempt = AskForAttempt();
      progress_.wait(lock, [&] { return attempts_ended_ >= attempt || !failure_; });
    }
    if (failure_) return std::unexpected(*failure_);
  }
  progress_.wait(lock, [this] { return octets_put_ - octets_done_ < options_.backlog_octets || options_.simulated || failure_; });
  if (failure_) return std::unexpected(*failure_);
  if (closed_) return Fail(ErrorCode::kUnavailable, "the record is closed", options_.directory.string());
  return {};
}

// The next segment is there before this one is sealed, so that a full disk leaves everything as it is.
Status SegmentLog::MakeRoom(std::size_t octets) {
  if (segment_ && segment_end_ + octets + kCheckpointFrameOctets <= segment_capacity_) return {};
  return BeginSegment(octets);
}

// On a nearly full disk the segment is as small as it may be.
Status SegmentLog::BeginSegment(std::size_t octets) {
  const std::size_t needed = kSegmentHeaderOctets + octets + kCheckpointFrameOctets;
  std::size_t capacity = std::max(options_.segment_octets, needed);
  const std::filesystem::path path = options_.directory / SegmentName(segment_number_ + 1);
  auto made = SegmentFile::Make(path, capacity);
  while (!made && made.error().code == ErrorCode::kExhausted && capacity > needed) {
    capacity = std::max(capacity / 2, needed);
    made = SegmentFile::Make(path, capacity);
  }
  if (!made) return std::unexpected(made.error());
  if (segment_) SealSegment(false);
  segment_ = std::move(*made);
  segment_capacity_ = capacity;
  ++segment_number_;
  segment_end_ = 0;
  const Bytes header = EncodeSegmentHeader({.number = segment_number_,
                                            .first_frame = frames_,
                                            .head = head_,
                                            .created_utc_ns = ToNanoseconds(clock_.Read().utc),
                                            .public_key = key_.public_key()});
  Chunk& chunk = ChunkFor(segment_);
  chunk.begins = true;
  chunk.octets.insert(chunk.octets.end(), header.begin(), header.end());
  Account(header.size());
  return {};
}

void SegmentLog::SealSegment(bool closes) {
  Checkpoint checkpoint{
      .frames = frames_, .head = head_, .utc_ns = ToNanoseconds(clock_.Read().utc), .closes = closes, .signature = {}};
  checkpoint.signature = key_.Sign(SignedPart(checkpoint));
  PutFrame(FrameType::kCheckpoint, EncodeCheckpoint(checkpoint));
  pending_.chunks.back().seals = true;
  segment_.reset();
}

void SegmentLog::PutFrame(FrameType type, ByteView body) {
  Chunk& chunk = ChunkFor(segment_);
  const Digest hash = AppendFrame(type, head_, body, chunk.octets);
  if (type == FrameType::kEvents) head_ = hash;
  Account(kFrameHeaderOctets + body.size());
}

SegmentLog::Chunk& SegmentLog::ChunkFor(const std::shared_ptr<SegmentFile>& file) {
  if (pending_.chunks.empty()) pending_since_ = std::chrono::steady_clock::now();
  if (pending_.chunks.empty() || pending_.chunks.back().file != file) {
    pending_.chunks.push_back({.file = file, .offset = segment_end_, .octets = std::exchange(spare_, {})});
  }
  return pending_.chunks.back();
}

void SegmentLog::Account(std::size_t octets) {
  segment_end_ += octets;
  octets_put_ += octets;
  pending_.octets += octets;
}

Status SegmentLog::Flush() {
  Lock lock(mutex_);
  return Drain(lock);
}

// The number of the next attempt to begin, which does not wait for its group to fill.
std::uint64_t SegmentLog::AskForAttempt() {
  attempts_wanted_ = attempts_begun_ + 1;
  work_.notify_one();
  return attempts_wanted_;
}

Status SegmentLog::Drain(Lock& lock) {
  const std::uint64_t target = octets_put_;
  if (options_.simulated) {
    WriteOnce(lock);
    if (!failure_ && octets_done_ < target) WriteOnce(lock);
  } else {
    const std::uint64_t attempt = AskForAttempt();
    progress_.wait(lock, [&] { return octets_done_ >= target || (failure_ && attempts_ended_ >= attempt); });
  }
  if (failure_) return std::unexpected(*failure_);
  return {};
}

Status SegmentLog::Close() {
  Lock lock(mutex_);
  if (visible_frames_ == kEverything) return {};
  if (!closed_) {
    // A log that was opened and not appended to stays as it is.
    if (!segment_ && segment_number_ == 0) {
      if (Status begun = BeginSegment(0); !begun) return begun;
    }
    closed_ = true;
    if (segment_) {
      SealSegment(true);
      pending_.closes = true;
    } else {
      visible_frames_ = kEverything;
    }
  }
  return Drain(lock);
}

// One attempt at what failed before, or else at all that is pending. The octets are kept until they are safe.
void SegmentLog::WriteOnce(Lock& lock) {
  if (writing_.chunks.empty() && writing_.waiting.empty()) writing_ = std::exchange(pending_, {});
  ++attempts_begun_;
  lock.unlock();
  const Status written = Write(writing_);
  if (written) {
    for (const OnDurable& on_durable : writing_.waiting) on_durable(written);
  }
  lock.lock();
  ++attempts_ended_;
  if (!written) {
    failure_ = written.error();
  } else {
    failure_.reset();
    octets_done_ += writing_.octets;
    if (writing_.frames > 0 || writing_.closes) visible_frames_ = CloseMarker(writing_.closes, writing_.frames);
    if (!writing_.chunks.empty() && spare_.empty()) {
      spare_ = std::move(writing_.chunks.back().octets);
      spare_.clear();
    }
    writing_ = {};
  }
  progress_.notify_all();
}

// A segment is whole on the disk before the next one gets its first octet.
Status SegmentLog::Write(const Group& group) const {
  for (const Chunk& chunk : group.chunks) {
    Status status = chunk.file->WriteAt(chunk.offset, chunk.octets);
    if (status && chunk.seals) status = chunk.file->Truncate(chunk.offset + chunk.octets.size());
    const bool syncs = !options_.simulated && (options_.syncing == Syncing::kGroups || chunk.seals);
    if (status && syncs) status = chunk.file->Sync();
    if (status && chunk.begins && !options_.simulated) status = SyncDirectory(options_.directory);
    if (!status) return status;
  }
  return {};
}

void SegmentLog::Run() {
  const auto asked = [this] { return stop_ || attempts_wanted_ > attempts_begun_; };
  const auto pending = [this] { return !pending_.chunks.empty() || !pending_.waiting.empty(); };
  Lock lock(mutex_);
  for (;;) {
    if (failure_) {
      work_.wait_for(lock, kRetryAfter, asked);
    } else {
      work_.wait(lock, [&] { return asked() || pending(); });
      work_.wait_until(lock, pending_since_ + options_.group, [&] { return asked() || pending_.octets >= kGroupOctets; });
    }
    if (stop_) return;
    WriteOnce(lock);
  }
}

Result<std::unique_ptr<RecordReader>> SegmentLog::Tail(Cursor from, EventFilter filter) {
  return std::make_unique<LogReader>(options_.directory, from, std::move(filter), [this] { return visible_frames_.load(); });
}

bool SegmentLog::AwaitMore(Cursor seen, std::chrono::milliseconds at_most) {
  Lock lock(mutex_);
  const auto more = [&] { return visible_frames_ > seen.frame; };
  if (options_.simulated) return more();
  progress_.wait_for(lock, at_most, more);
  return more() && (visible_frames_ != kEverything || seen.frame < frames_);
}

Cursor SegmentLog::end() const {
  const Lock lock(mutex_);
  return {frames_, 0};
}

Digest SegmentLog::head() const {
  const Lock lock(mutex_);
  return head_;
}

Digest SegmentLog::record_digest() const {
  const Lock lock(mutex_);
  return RecordDigest(frames_, head_);
}

}  // namespace entente::record
