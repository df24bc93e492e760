// SPDX-License-Identifier: Apache-2.0
#include "broker/record/copy_record.h"

namespace entente::record {

Result<std::uint64_t> CopyRecord(Record& from, Record& to) {
  const Cursor end = from.end();
  auto reader = from.Tail({}, {});
  if (!reader) return std::unexpected(reader.error());
  std::uint64_t copied = 0;
  std::vector<v1::RecordEvent> frame;
  while ((*reader)->cursor() < end) {
    auto read = (*reader)->Next();
    if (!read) return std::unexpected(read.error());
    if (!*read) {
      if ((*reader)->cursor() >= end) break;
      return Fail(ErrorCode::kUnavailable, "the record cannot be read to its end now", {}, "try again");
    }
    frame.push_back(std::move((*read)->event));
    if ((*read)->next.event != 0) continue;
    if (Status appended = to.Append(frame); !appended) return std::unexpected(appended.error());
    copied += frame.size();
    frame.clear();
  }
  if (Status flushed = to.Flush(); !flushed) return std::unexpected(flushed.error());
  return copied;
}

}  // namespace entente::record
