// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reads a record on JetStream from a cursor on. At the end of the log it shares what its record has in memory; further back it
// fetches.

#include "broker/record/frame_events.h"
#include "broker/record/jetstream/agreed_source.h"
#include "broker/record/jetstream/stream_setup.h"
#include "broker/record/jetstream/stream_view.h"
#include "broker/record/record.h"

namespace entente::record {

// One frame, and whose chain it is of.
struct ReadFrame {
  std::string writer;
  std::vector<v1::RecordEvent> events;
};

class JetStreamReader final : public RecordReader {
 public:
  // Link and view outlive it.
  JetStreamReader(const NatsLink& link, const StreamView& view, StreamPlan stream, Cursor from, EventFilter filter);

  Result<std::optional<ReadEvent>> Next() override;
  // What is left of the frame under the cursor, whole frames behind it; the filter counts for nothing here.
  Result<std::optional<ReadFrame>> NextFrame();
  [[nodiscard]] bool Ended() const override { return ended_; }
  [[nodiscard]] Cursor cursor() const override { return events_.cursor(); }

 private:
  // Each gives false when there is no more now.
  Result<bool> LoadFrame();
  Result<bool> Fetch();
  Status TakeFrame(ByteView octets, std::string writer);

  const NatsLink& link_;
  const StreamView& view_;
  const StreamPlan stream_;
  std::optional<AgreedSource> older_;  // while the cursor is behind what the view holds
  FrameEvents events_;
  std::string writer_;  // of the frame under the cursor
  bool ended_ = false;
};

}  // namespace entente::record
