// SPDX-License-Identifier: Apache-2.0
#pragma once

// Proves that a record's folder holds what was written, all of it, in order; or names the first frame that is not. Reads only; for
// judges, reports and the evidence bundle.

#include <filesystem>
#include <optional>

#include "broker/record/frame.h"

namespace entente::record {

enum class LogFaultKind {
  kAltered,   // octets are not those that were written
  kMissing,   // a frame or segment is not there any more
  kMoved,     // a frame or segment stands in another's place
  kUnsigned,  // a checkpoint does not agree with the frames, or its signature or key is wrong: rewritten by somebody else
  kTornTail,  // the last octets are no whole frame: the writer was stopped in the middle
};

// "altered", "missing", ...
std::string_view Name(LogFaultKind kind);

struct LogFault {
  LogFaultKind kind = LogFaultKind::kAltered;
  std::filesystem::path segment;
  std::uint64_t frame = 0;   // counted from 1 through the whole log, checkpoints not counted
  std::uint64_t offset = 0;  // in the segment
  std::string what;

  [[nodiscard]] std::string Text() const;
};

struct LogVerification {
  std::optional<LogFault> fault;  // the first one; what follows says what was right before it
  std::uint64_t frames = 0;
  std::uint64_t events = 0;
  std::uint64_t signed_frames = 0;  // covered by a checkpoint
  bool closed = false;              // ends with a final checkpoint
  Digest head{};
  Digest record_digest{};
  PublicKey public_key{};

  [[nodiscard]] bool whole() const { return !fault; }
};

// With `trusted`, the checkpoints must be signed by that key; else by the folder's own (`record.pub`), or the first segment's when
// the file is absent. kNotFound: no such folder, or no record in it; kUnsupported: of a version that this program does not know.
Result<LogVerification> VerifyLog(const std::filesystem::path& directory, std::optional<PublicKey> trusted = {});

}  // namespace entente::record
