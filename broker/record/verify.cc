// SPDX-License-Identifier: Apache-2.0
#include "broker/record/verify.h"

#include <fmt/format.h>

#include "broker/record/record.h"
#include "broker/record/segment_reader.h"
#include "broker/record/signing_key.h"

namespace entente::record {
namespace {

// Walks the log once, and looks again from the first fault on only to say what kind it is.
class Verifier {
 public:
  Verifier(std::vector<SegmentPath> segments, std::optional<PublicKey> trusted)
      : segments_(std::move(segments)), trusted_(trusted) {}

  Result<LogVerification> Run() {
    for (std::size_t at = 0; at < segments_.size() && !result_.fault; ++at) {
      if (Status read = ReadSegment(at); !read) return std::unexpected(read.error());
    }
    result_.record_digest = RecordDigest(result_.frames, result_.head);
    return result_;
  }

 private:
  [[nodiscard]] bool IsLast(std::size_t at) const { return at + 1 == segments_.size(); }

  Status ReadSegment(std::size_t at);
  bool HeaderIsRight(std::size_t at, const SegmentHeader& header);
  Status ReadFrames(std::size_t at, SegmentReader& reader);
  Status EndOfSegment(std::size_t at, const SegmentReader& reader, const std::optional<Error>& damage);
  void TakeCheckpoint(std::size_t at, const Frame& frame);
  void TakeEvents(std::size_t at, const Frame& frame);
  void ChainBroken(std::size_t at, const Frame& frame);
  [[nodiscard]] std::optional<std::string> PlaceOfExpectedFrame(std::size_t at, std::uint64_t offset) const;
  [[nodiscard]] bool OneIsMissing(std::size_t at, std::uint64_t offset) const;
  void Fault(LogFaultKind kind, std::size_t at, std::uint64_t offset, std::string what);

  // Calls `visit(segment index, frame)` from that place on until it gives false or a frame cannot be read.
  template <typename Visit>
  void ForEachFrom(std::size_t at, std::uint64_t offset, Visit visit) const;

  const std::vector<SegmentPath> segments_;
  const std::optional<PublicKey> trusted_;
  LogVerification result_;
  bool sealed_ = false;
};

void Verifier::Fault(LogFaultKind kind, std::size_t at, std::uint64_t offset, std::string what) {
  result_.fault = LogFault{kind, segments_[at].path, result_.frames + 1, offset, std::move(what)};
}

Status Verifier::ReadSegment(std::size_t at) {
  if (segments_[at].number != at + 1) {
    Fault(LogFaultKind::kMissing, at, 0, fmt::format("{} is not there", SegmentName(static_cast<std::uint32_t>(at + 1))));
    return {};
  }
  Result<std::optional<SegmentReader>> reader = SegmentReader::Open(segments_[at].path);
  if (!reader && reader.error().code != ErrorCode::kDataLoss) return std::unexpected(reader.error());
  if (!reader) {
    Fault(LogFaultKind::kAltered, at, 0, reader.error().what);
  } else if (!*reader) {
    if (!IsLast(at)) Fault(LogFaultKind::kAltered, at, 0, "the segment's header is not there");
  } else if (HeaderIsRight(at, (*reader)->header())) {
    return ReadFrames(at, **reader);
  }
  return {};
}

bool Verifier::HeaderIsRight(std::size_t at, const SegmentHeader& header) {
  if (at == 0) result_.public_key = trusted_.value_or(header.public_key);
  if (header.number != segments_[at].number) {
    Fault(LogFaultKind::kMoved, at, 0, fmt::format("this was written as {}", SegmentName(header.number)));
  } else if (header.public_key != result_.public_key) {
    Fault(LogFaultKind::kUnsigned, at, 0, "the segment names another key than the record's");
  } else if (header.first_frame != result_.frames || header.head != result_.head) {
    Fault(LogFaultKind::kMissing, at, 0, "the segment does not follow the frame before it: frames between them are gone");
  }
  sealed_ = result_.closed = false;
  return !result_.fault;
}

Status Verifier::ReadFrames(std::size_t at, SegmentReader& reader) {
  while (!result_.fault) {
    const Result<std::optional<Frame>> frame = reader.Next();
    if (!frame && frame.error().code != ErrorCode::kDataLoss) return std::unexpected(frame.error());
    if (!frame) return EndOfSegment(at, reader, frame.error());
    if (!*frame) return EndOfSegment(at, reader, std::nullopt);
    if (sealed_) {
      Fault(LogFaultKind::kAltered, at, (*frame)->offset, "a frame stands behind the segment's checkpoint");
    } else if (!Follows(result_.head, **frame)) {
      ChainBroken(at, **frame);
    } else if ((*frame)->type == FrameType::kCheckpoint) {
      TakeCheckpoint(at, **frame);
    } else {
      TakeEvents(at, **frame);
    }
  }
  return {};
}

void Verifier::TakeEvents(std::size_t at, const Frame& frame) {
  const Result<std::vector<v1::RecordEvent>> events = DecodeEvents(frame.body);
  if (!events) return Fault(LogFaultKind::kAltered, at, frame.offset, events.error().what);
  ++result_.frames;
  result_.events += events->size();
  result_.head = frame.hash;
}

void Verifier::TakeCheckpoint(std::size_t at, const Frame& frame) {
  const std::optional<Checkpoint> checkpoint = ParseCheckpoint(frame.body);
  if (!checkpoint) return Fault(LogFaultKind::kAltered, at, frame.offset, "the checkpoint cannot be read");
  if (!Verify(result_.public_key, SignedPart(*checkpoint), checkpoint->signature)) {
    return Fault(LogFaultKind::kUnsigned, at, frame.offset, "the checkpoint is not signed by the record's key");
  }
  if (checkpoint->frames != result_.frames || checkpoint->head != result_.head) {
    return Fault(
        LogFaultKind::kUnsigned, at, frame.offset,
        fmt::format("the checkpoint was signed for other frames: a frame since frame {} was rewritten", result_.signed_frames));
  }
  sealed_ = true;
  result_.closed = checkpoint->closes;
  result_.signed_frames = result_.frames;
}

// Zeros alone may follow the last frame, and only in the last segment while its writer has not closed it.
Status Verifier::EndOfSegment(std::size_t at, const SegmentReader& reader, const std::optional<Error>& damage) {
  if (damage) {
    const bool torn = IsLast(at) && !sealed_ && !reader.WholeFrameFollows();
    Fault(torn ? LogFaultKind::kTornTail : LogFaultKind::kAltered, at, reader.offset(), damage->what);
    return {};
  }
  const Result<bool> nothing = reader.NothingFollows();
  if (!nothing) return std::unexpected(nothing.error());
  if (!*nothing) {
    Fault(LogFaultKind::kAltered, at, reader.offset(), "zeros stand where a frame was");
  } else if (!sealed_ && !IsLast(at)) {
    Fault(LogFaultKind::kMissing, at, reader.offset(), "the segment's end is gone: no checkpoint closes it");
  }
  return {};
}

// The frame is whole, and not the one that belongs here.
void Verifier::ChainBroken(std::size_t at, const Frame& frame) {
  if (const std::optional<std::string> place = PlaceOfExpectedFrame(at, frame.offset)) {
    return Fault(LogFaultKind::kMoved, at, frame.offset, "another frame stands in its place; it stands at " + *place);
  }
  if (OneIsMissing(at, frame.offset)) {
    return Fault(LogFaultKind::kMissing, at, frame.offset, "the frame is gone; the next one stands in its place");
  }
  Fault(LogFaultKind::kAltered, at, frame.offset,
        "the frame does not follow the one before it: its content or its hash was changed");
}

template <typename Visit>
void Verifier::ForEachFrom(std::size_t at, std::uint64_t offset, Visit visit) const {
  for (std::size_t segment = at; segment < segments_.size(); ++segment) {
    Result<std::optional<SegmentReader>> reader = SegmentReader::Open(segments_[segment].path);
    if (!reader || !*reader) return;
    for (;;) {
      const Result<std::optional<Frame>> frame = (*reader)->Next();
      if (!frame) return;
      if (!*frame) break;
      if (segment == at && (*frame)->offset < offset) continue;
      if (!visit(segment, **frame)) return;
    }
  }
}

std::optional<std::string> Verifier::PlaceOfExpectedFrame(std::size_t at, std::uint64_t offset) const {
  std::optional<std::string> place;
  ForEachFrom(at, offset, [&](std::size_t segment, const Frame& frame) {
    if (frame.type == FrameType::kEvents && Follows(result_.head, frame)) {
      place = fmt::format("{}, octet {}", segments_[segment].path.filename().string(), frame.offset);
    }
    return !place;
  });
  return place;
}

// By the next checkpoint's count; without one, by whether the next frame still follows this one, as it does in both cases: then a
// change of content is the likelier.
bool Verifier::OneIsMissing(std::size_t at, std::uint64_t offset) const {
  std::uint64_t frames = result_.frames;
  bool missing = false;
  ForEachFrom(at, offset, [&](std::size_t, const Frame& frame) {
    if (frame.type == FrameType::kEvents) {
      ++frames;
      return true;
    }
    const std::optional<Checkpoint> checkpoint = ParseCheckpoint(frame.body);
    missing = checkpoint && checkpoint->frames > frames;
    return false;
  });
  return missing;
}

}  // namespace

std::string_view Name(LogFaultKind kind) {
  switch (kind) {
    case LogFaultKind::kAltered:
      return "altered";
    case LogFaultKind::kMissing:
      return "missing";
    case LogFaultKind::kMoved:
      return "moved";
    case LogFaultKind::kUnsigned:
      return "unsigned";
    case LogFaultKind::kTornTail:
      return "torn tail";
  }
  return "altered";
}

std::string LogFault::Text() const {
  return fmt::format("{}, octet {}: frame {} is {}: {}", segment.string(), offset, frame, Name(kind), what);
}

Result<LogVerification> VerifyLog(const std::filesystem::path& directory, std::optional<PublicKey> trusted) {
  Result<std::vector<SegmentPath>> segments = ListSegments(directory);
  if (!segments) return std::unexpected(segments.error());
  if (segments->empty()) {
    return Fail(ErrorCode::kNotFound, "there is no record in this folder", directory.string(),
                "name the folder that holds its segments");
  }
  if (!trusted) {
    const Result<PublicKey> own = LoadPublicKey(directory);
    if (!own && own.error().code != ErrorCode::kNotFound) return std::unexpected(own.error());
    if (own) trusted = *own;
  }
  return Verifier(std::move(*segments), trusted).Run();
}

}  // namespace entente::record
