// SPDX-License-Identifier: Apache-2.0
#pragma once

// Between a broker's relay and an embedded record: commits on a thread of its own what the relay gave to the recorder, and tells
// the relay how much of it is durable. While the record takes nothing, as on a full disk, the relay refuses messages; what it gave
// before is kept and tried again.
//
// AfterRound is called on the server's polling thread, Start and Stop on the owner's.

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "base/time.h"
#include "broker/record/segment_log.h"
#include "broker/service/bus_server.h"
#include "entente/v1/exercise.pb.h"
#include "harness/run/recorder.h"

namespace entente::harness {

// Durable: at once, since receipts wait for it. Relay: so that a frame of the record is worth its hash.
Duration CommitPaceOf(const v1::Exercise& exercise);
broker::DeliveryMode ModeOf(const v1::Exercise& exercise);
// How the exercise's record in a folder of its own is written.
record::SegmentLogOptions LogOptionsOf(const v1::Exercise& exercise, std::filesystem::path directory);

class BusCommits {
 public:
  // Called on the commits' thread when the record stops to take anything, and with success when it does again.
  using OnTrouble = std::function<void(const Status&)>;

  // `recorder` and `clock` outlive it. `pace`: how long events may wait for others to be committed with, beside the record's own
  // grouping.
  BusCommits(Recorder& recorder, const Clock& clock, Duration pace, OnTrouble on_trouble = {});
  ~BusCommits();
  BusCommits(const BusCommits&) = delete;
  BusCommits& operator=(const BusCommits&) = delete;

  // What the relay gave to the recorder by now is to be committed.
  void AfterRound(const broker::Relay& relay);
  // What others gave to it, too. Any thread.
  void Wake();
  void Start(broker::BusServer& server);
  // The server hears nothing from here any more; what is left is the owner's to commit.
  void Stop();

 private:
  // What the record's thread reports to; outlives this, since a record may be slow.
  struct Told;

  void CountRound();  // with the mutex held
  void Run();
  void Tell(bool failing);

  Recorder& recorder_;
  const Duration pace_;
  const OnTrouble on_trouble_;
  const std::shared_ptr<Told> told_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::uint64_t given_ = 0;  // events of the relay
  std::uint64_t rounds_ = 0;
  bool idle_ = false;  // the thread waits for a round
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace entente::harness
