// SPDX-License-Identifier: Apache-2.0
#pragma once

// Finds where a folder's log goes on, and cuts off what a crash left half-written behind it. Called on opening, under the folder's
// lock.

#include <filesystem>
#include <optional>
#include <vector>

#include "broker/record/segment_reader.h"

namespace entente::record {

// What opening cut away. Nothing is lost by it: the octets are kept in the file `kept_in`.
struct TailNotice {
  std::filesystem::path segment;
  std::uint64_t offset = 0;
  std::uint64_t octets = 0;
  // A whole frame stood behind the cut: a torn write seldom leaves that, altered octets do. Compare the kept file with other
  // copies.
  bool whole_frame_after = false;
  std::filesystem::path kept_in;
  std::string what;  // "the frame is cut short"

  [[nodiscard]] std::string Text() const;
};

struct OpenedTail {
  std::uint64_t frames = 0;
  Digest head{};
  std::uint32_t last_segment = 0;  // 0: there is none
  // The last segment, when it is not closed by a checkpoint: the log goes on in it, at `end`.
  std::unique_ptr<SegmentFile> segment;
  std::uint64_t end = 0;
  std::vector<TailNotice> notices;
};

Result<OpenedTail> OpenTail(const std::filesystem::path& directory);

}  // namespace entente::record
