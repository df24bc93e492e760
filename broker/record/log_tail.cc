// SPDX-License-Identifier: Apache-2.0
#include "broker/record/log_tail.h"

#include <fmt/format.h>

#include "base/io/files.h"

namespace entente::record {
namespace {

constexpr std::string_view kTornSuffix = ".torn";

// Made ready by a writer that stopped before its first octet.
Status RemoveUnbegun(std::vector<SegmentPath>& segments) {
  while (!segments.empty()) {
    const auto reader = SegmentReader::Open(segments.back().path);
    if (!reader) return std::unexpected(reader.error());
    if (*reader) break;
    std::error_code ec;
    std::filesystem::remove(segments.back().path, ec);
    if (ec)
      return Fail(ErrorCode::kIo, "cannot remove a segment that was never begun: " + ec.message(), segments.back().path.string());
    segments.pop_back();
  }
  return {};
}

struct Scanned {
  bool sealed = false;
  std::optional<std::string> damage;
};

// To the last whole frame that follows the one before it.
Result<Scanned> Scan(SegmentReader& reader, OpenedTail& tail) {
  Scanned scanned;
  for (;;) {
    const std::uint64_t before = reader.offset();
    tail.end = before;
    const Result<std::optional<Frame>> frame = reader.Next();
    if (!frame && frame.error().code != ErrorCode::kDataLoss) return std::unexpected(frame.error());
    if (!frame) scanned.damage = frame.error().what;
    if (!frame || !*frame) return scanned;
    if (scanned.sealed || !Follows(tail.head, **frame)) {
      scanned.damage = "the frame does not follow the one before it";
      return scanned;
    }
    scanned.sealed = (*frame)->type == FrameType::kCheckpoint;
    if (scanned.sealed) continue;
    tail.head = (*frame)->hash;
    ++tail.frames;
  }
}

std::filesystem::path FreeTornName(const std::filesystem::path& segment, std::uint64_t offset) {
  std::filesystem::path name = segment;
  name += fmt::format(".{}{}", offset, kTornSuffix);
  std::error_code ec;
  for (int again = 2; std::filesystem::exists(name, ec); ++again) {
    name = segment;
    name += fmt::format(".{}-{}{}", offset, again, kTornSuffix);
  }
  return name;
}

// Keeps what stands behind the cut, without the zeros at its end, and cuts it off.
Result<TailNotice> Cut(const SegmentReader& reader, std::uint64_t end, std::string what) {
  const Result<std::size_t> size = reader.file().Size();
  if (!size) return std::unexpected(size.error());
  Result<Bytes> octets = reader.file().ReadAt(end, *size - end);
  if (!octets) return std::unexpected(octets.error());
  while (!octets->empty() && octets->back() == 0) octets->pop_back();
  const std::filesystem::path& path = reader.file().path();
  TailNotice notice{
      path, end, octets->size(), reader.offset() > end || reader.WholeFrameFollows(), FreeTornName(path, end), std::move(what)};
  if (Status kept = WriteFile(notice.kept_in, AsText(*octets)); !kept) return std::unexpected(kept.error());
  auto file = SegmentFile::OpenToWrite(path);
  if (!file) return std::unexpected(file.error());
  Status cut = (*file)->Truncate(end);
  if (cut) cut = (*file)->Sync();
  if (!cut) return std::unexpected(cut.error());
  return notice;
}

}  // namespace

std::string TailNotice::Text() const {
  return fmt::format(
      "{}, octet {}: {}; {} octets were cut off and kept in {}{}", segment.string(), offset, what, octets,
      kept_in.filename().string(),
      whole_frame_after ? "; whole frames stood behind them, so this may be no torn write: compare with another copy" : "");
}

Result<OpenedTail> OpenTail(const std::filesystem::path& directory) {
  Result<std::vector<SegmentPath>> segments = ListSegments(directory);
  if (!segments) return std::unexpected(segments.error());
  if (Status removed = RemoveUnbegun(*segments); !removed) return std::unexpected(removed.error());
  OpenedTail tail;
  if (segments->empty()) return tail;

  const SegmentPath& last = segments->back();
  Result<std::optional<SegmentReader>> reader = SegmentReader::Open(last.path);
  if (!reader) return std::unexpected(reader.error());
  tail.last_segment = last.number;
  tail.frames = (*reader)->header().first_frame;
  tail.head = (*reader)->header().head;
  Result<Scanned> scanned = Scan(**reader, tail);
  if (!scanned) return std::unexpected(scanned.error());
  if (!scanned->damage) {
    const Result<bool> clean = (*reader)->NothingFollows();
    if (!clean) return std::unexpected(clean.error());
    if (!*clean) scanned->damage = "octets stand behind the last frame";
  }
  if (scanned->damage) {
    Result<TailNotice> notice = Cut(**reader, tail.end, *scanned->damage);
    if (!notice) return std::unexpected(notice.error());
    tail.notices.push_back(std::move(*notice));
  }
  if (scanned->sealed) return tail;
  auto file = SegmentFile::OpenToWrite(last.path);
  if (!file) return std::unexpected(file.error());
  tail.segment = std::move(*file);
  return tail;
}

}  // namespace entente::record
