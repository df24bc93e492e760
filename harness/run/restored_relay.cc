// SPDX-License-Identifier: Apache-2.0
#include "harness/run/restored_relay.h"

#include <fmt/format.h>
#include <google/protobuf/util/message_differencer.h>

#include <utility>

namespace entente::harness {
namespace {

// Frame by frame.
class FrameReader {
 public:
  explicit FrameReader(std::unique_ptr<record::RecordReader> reader) : reader_(std::move(reader)) {}

  // False at the end of what there is, or at a fault: see status().
  bool Next(std::vector<v1::RecordEvent>& events) {
    while (status_) {
      auto read = reader_->Next();
      if (!read) status_ = std::unexpected(read.error());
      if (!read || !*read) break;
      events.push_back(std::move((*read)->event));
      if ((*read)->next.event == 0) return true;
    }
    return false;
  }
  [[nodiscard]] Status& status() { return status_; }

 private:
  std::unique_ptr<record::RecordReader> reader_;
  Status status_;
};

}  // namespace

bool IsBegun(const record::Record& record) {
  return record.end() != record::Cursor{};
}

Status CheckSameExercise(const v1::RecordEvent& first, const v1::Exercise& exercise) {
  v1::Exercise recorded;
  if (!first.has_run_started() || !recorded.ParseFromString(first.run_started().plan())) {
    return Fail(ErrorCode::kInvalidArgument, "the record does not begin with the start of a run", {},
                "choose another place for the record");
  }
  if (recorded.name() != exercise.name()) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("the record is of exercise {}, not of {}", recorded.name(), exercise.name()), {},
                "choose another place for the record");
  }
  if (!google::protobuf::util::MessageDifferencer::Equals(recorded.policy(), exercise.policy())) {
    return Fail(ErrorCode::kInvalidArgument, "the exercise's policy is not the one that the record was begun under", {},
                "take the exercise file that it was begun with, or begin a new record");
  }
  return {};
}

Status RestoreRelay(record::Record& record, const v1::Exercise& exercise, broker::Relay& relay, Now now) {
  auto tail = record.Tail({}, {});
  if (!tail) return std::unexpected(tail.error());
  FrameReader frames(*std::move(tail));
  bool first = true;
  Status same;
  relay.Restore(
      [&](std::vector<v1::RecordEvent>& events) {
        if (!frames.Next(events)) return false;
        if (std::exchange(first, false)) same = CheckSameExercise(events.front(), exercise);
        return same.has_value();
      },
      now);
  return same ? frames.status() : same;
}

}  // namespace entente::harness
