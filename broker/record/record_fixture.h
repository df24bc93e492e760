// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the tests of this folder share: a folder of its own per test, events, and reading a whole log back.

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>

#include "base/invariant.h"
#include "broker/record/segment_log.h"

namespace entente::record {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "entente-record-XXXXXX").string();
    ENTENTE_INVARIANT(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline UtcTime Noon() {
  return FromNanoseconds(1'767'268'800'000'000'000);  // 2026-01-01T12:00:00Z
}

inline v1::RecordEvent InjectEvent(int number, std::size_t text_octets = 20) {
  v1::RecordEvent event;
  event.set_utc_ns(ToNanoseconds(Noon()) + number);
  event.set_writer("harness");
  event.mutable_inject_fired()->set_inject("inject-" + std::to_string(number));
  event.mutable_inject_fired()->set_text(std::string(text_octets, static_cast<char>('a' + number % 26)));
  return event;
}

// A batch of 1 to 3 events: sizes vary with the number.
inline std::vector<v1::RecordEvent> Batch(int number, std::size_t text_octets = 20) {
  std::vector<v1::RecordEvent> events;
  for (int i = 0; i <= number % 3; ++i) events.push_back(InjectEvent(number * 10 + i, text_octets));
  return events;
}

inline std::unique_ptr<SegmentLog> OpenLog(SegmentLogOptions options, const Clock& clock) {
  Result<std::unique_ptr<SegmentLog>> log = SegmentLog::Open(std::move(options), clock);
  EXPECT_TRUE(log.has_value()) << log.error().Text();
  return log ? std::move(*log) : nullptr;
}

inline std::vector<std::string> ReadAll(RecordReader& reader) {
  std::vector<std::string> injects;
  for (;;) {
    const Result<std::optional<ReadEvent>> read = reader.Next();
    EXPECT_TRUE(read.has_value()) << read.error().Text();
    if (!read || !*read) return injects;
    injects.push_back((*read)->event.inject_fired().inject());
  }
}

inline std::vector<std::string> Injects(int first_batch, int end_batch) {
  std::vector<std::string> injects;
  for (int number = first_batch; number < end_batch; ++number) {
    for (const v1::RecordEvent& event : Batch(number)) injects.push_back(event.inject_fired().inject());
  }
  return injects;
}

}  // namespace entente::record
