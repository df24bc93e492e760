// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads a segment log's folder from a cursor on, following it as it grows; of this process's record (through Record::Tail) or of
// another's, closed or not. Checks every frame and the chain on the way.

#include <filesystem>
#include <functional>

#include "broker/record/frame_events.h"
#include "broker/record/record.h"
#include "broker/record/segment_reader.h"

namespace entente::record {

class LogReader final : public RecordReader {
 public:
  // How many frames may be read now; absent: as many as are there. A record gives its own, so that nobody reads half a frame.
  using VisibleFrames = std::function<std::uint64_t()>;

  LogReader(std::filesystem::path directory, Cursor from, EventFilter filter, VisibleFrames visible = {});

  Result<std::optional<ReadEvent>> Next() override;
  [[nodiscard]] bool Ended() const override { return ended_; }
  [[nodiscard]] Cursor cursor() const override { return events_.cursor(); }

 private:
  // Each gives false when there is no more now.
  Result<bool> LoadFrame();
  Result<bool> EnterSegment();
  Result<bool> StepToNextSegment();
  Result<bool> TakeFrame(const Frame& frame);
  Result<bool> AtEndOfSegment(const std::optional<Error>& damage);

  const std::filesystem::path directory_;
  const VisibleFrames visible_;
  FrameEvents events_;
  std::optional<SegmentReader> segment_;
  std::uint64_t frames_read_ = 0;  // event frames before segment_'s offset
  Digest head_{};
  bool sealed_ = false;  // the last frame read was a checkpoint
  bool closes_ = false;  // and that checkpoint closed the log
  bool ended_ = false;
  std::optional<Error> broken_;  // kDataLoss found; there is no way past it
};

}  // namespace entente::record
