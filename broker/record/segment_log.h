// SPDX-License-Identifier: Apache-2.0
#pragma once

// The embedded record: segment files in one folder (FORMAT.md). Live, a thread of its own writes and syncs in groups, and Append
// only waits for room. Simulated, there is no thread and no sync: Append writes when a block is full. Both write the same octets.

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "base/time.h"
#include "broker/record/log_tail.h"
#include "broker/record/record.h"
#include "broker/record/segment_file.h"
#include "broker/record/signing_key.h"

namespace entente::record {

// When what is written is made durable: each group before it is told so, or each segment when it is full, where nothing is promised
// about a power cut.
enum class Syncing { kGroups, kSegments };

struct SegmentLogOptions {
  std::filesystem::path directory;  // made when absent
  bool simulated = false;
  std::size_t segment_octets = 64UL * 1024 * 1024;
  Syncing syncing = Syncing::kGroups;
  // How long a frame may wait for others to be written and synced with.
  std::chrono::microseconds group{500};
  // Octets appended and not yet durable. More: Append waits until the disk has caught up.
  std::size_t backlog_octets = 32UL * 1024 * 1024;
};

class SegmentLog final : public Record {
 public:
  // Opens or begins the folder's record. `clock` gives the wall time of segment headers and checkpoints, and outlives the log.
  // A torn tail is cut, kept beside, and told by notices(). kAlreadyExists: another process writes it. kUnsupported: unknown
  // version.
  static Result<std::unique_ptr<SegmentLog>> Open(SegmentLogOptions options, const Clock& clock);
  ~SegmentLog() override;  // as Close, but says nothing when it fails

  // What opening found and did, for people.
  [[nodiscard]] const std::vector<TailNotice>& notices() const { return notices_; }

  using Record::Append;
  Status Append(const EventBatch& batch, OnDurable on_durable) override;
  Status Flush() override;
  Result<std::unique_ptr<RecordReader>> Tail(Cursor from, EventFilter filter) override;
  bool AwaitMore(Cursor seen, std::chrono::milliseconds at_most) override;
  [[nodiscard]] Cursor end() const override;
  [[nodiscard]] Digest head() const override;
  [[nodiscard]] Digest record_digest() const override;
  Status Close() override;

 private:
  using Lock = std::unique_lock<std::mutex>;

  // Consecutive octets for one file.
  struct Chunk {
    std::shared_ptr<SegmentFile> file;
    std::uint64_t offset = 0;
    Bytes octets;
    bool begins = false;  // holds the segment's header
    bool seals = false;   // holds the segment's last octet
  };
  // What is written together, and who waits for it.
  struct Group {
    std::deque<Chunk> chunks;
    std::vector<OnDurable> waiting;
    std::size_t octets = 0;
    std::uint64_t frames = 0;  // in the log once it is written
    bool closes = false;       // nothing comes after it
  };

  SegmentLog(SegmentLogOptions options, const Clock& clock, SigningKey key, std::unique_ptr<DirectoryLock> lock, OpenedTail tail);

  // With the mutex held; those that take the lock let go of it while they wait or write.
  Status AwaitRoom(Lock& lock);
  Status MakeRoom(std::size_t octets);
  Status BeginSegment(std::size_t octets);
  void SealSegment(bool closes);
  void PutFrame(FrameType type, ByteView body);
  Chunk& ChunkFor(const std::shared_ptr<SegmentFile>& file);
  void Account(std::size_t octets);
  std::uint64_t AskForAttempt();
  Status Drain(Lock& lock);
  void WriteOnce(Lock& lock);

  // Without it.
  Status Write(const Group& group) const;
  void Run();

  const SegmentLogOptions options_;
  const Clock& clock_;
  const SigningKey key_;
  const std::unique_ptr<DirectoryLock> directory_lock_;
  const std::vector<TailNotice> notices_;

  mutable std::mutex mutex_;
  std::condition_variable work_;      // for the writer: something to do
  std::condition_variable progress_;  // for everybody else: an attempt to write is over

  // The log as appended.
  std::uint64_t frames_;
  Digest head_;
  std::uint32_t segment_number_;
  std::shared_ptr<SegmentFile> segment_;  // absent: the next frame begins one
  std::uint64_t segment_end_;             // where the next frame goes
  std::size_t segment_capacity_ = 0;
  std::uint64_t octets_put_ = 0;
  bool closed_ = false;

  // The log as written.
  Group pending_;
  Group writing_;  // not empty outside WriteOnce: the last attempt failed, and this is to be written first
  Bytes spare_;    // a buffer used before, for the next chunk
  std::chrono::steady_clock::time_point pending_since_;
  std::uint64_t octets_done_ = 0;
  std::atomic<std::uint64_t> visible_frames_;  // all, once closed and written: kEverything
  std::optional<Error> failure_;               // of the last attempt
  std::uint64_t attempts_begun_ = 0;
  std::uint64_t attempts_ended_ = 0;
  std::uint64_t attempts_wanted_ = 0;  // somebody waits for this one
  bool stop_ = false;
  std::thread writer_;
};

}  // namespace entente::record
