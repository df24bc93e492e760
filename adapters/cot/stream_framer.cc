// SPDX-License-Identifier: Apache-2.0
#include "adapters/cot/stream_framer.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/common/xml/xml_text.h"
#include "adapters/cot/event_tak_v1.h"
#include "base/byte_reader.h"
#include "base/limits.h"

namespace entente::cot {
namespace {

using adapter::DecodeCode;

// A stream is one well-formed event after another.
constexpr std::string_view kXmlClause = "XML 1.0 §2.1";
constexpr std::string_view kTakClause = "TAK protocol v1, header";
// A longer unit is not skipped: its length is more likely nonsense than a length.
constexpr std::uint64_t kSkippableOctets = 16 * 1024 * 1024;
constexpr std::size_t kLongestHeader = 11;

enum class Match { kYes, kNo, kUndecided };

// Does `text` begin with `what`, or could it with more octets?
Match Begins(std::string_view text, std::string_view what) {
  if (text.starts_with(what)) return Match::kYes;
  return what.starts_with(text) ? Match::kUndecided : Match::kNo;
}

// The same, with an octet behind it that ends a name.
Match BeginsName(std::string_view text, std::string_view what) {
  const Match match = Begins(text, what);
  if (match != Match::kYes) return match;
  if (text.size() == what.size()) return Match::kUndecided;
  const char next = text[what.size()];
  return xml::IsSpace(next) || next == '>' || next == '/' || next == '?' ? Match::kYes : Match::kNo;
}

}  // namespace

void StreamFramer::Append(ByteView octets) {
  if (start_ > 0) {
    buffer_.erase(0, start_);
    scan_ -= start_;
    start_ = 0;
  }
  buffer_.append(AsText(octets));
}

void StreamFramer::SetMode(Mode mode) {
  mode_ = mode;
  in_ = In::kNothing;
  scan_ = start_;
  skip_space_ = true;
}

std::optional<StreamFramer::Piece> StreamFramer::Next() {
  return mode_ == Mode::kXml ? NextXml() : NextTakV1();
}

std::optional<StreamFramer::Piece> StreamFramer::Rest() {
  if (mode_ == Mode::kXml && in_ == In::kNothing) SkipSpace();
  if (start_ == buffer_.size() || skip_octets_ > 0 || (skip_quietly_ && in_ == In::kNothing)) return std::nullopt;
  if (mode_ == Mode::kXml && BeginsTak()) return RefuseTak(buffer_.size());
  return Refuse(buffer_.size(), DecodeCode::kTruncated, mode_ == Mode::kXml ? kXmlClause : kTakClause,
                "the stream ends inside a unit");
}

StreamFramer::Piece StreamFramer::Take(std::size_t end) {
  const Piece piece{AsBytes(At(start_).substr(0, end - start_)), {}, false};
  start_ = scan_ = end;
  in_ = In::kNothing;
  skip_quietly_ = document_type_ = false;
  return piece;
}

StreamFramer::Piece StreamFramer::Refuse(std::size_t end, DecodeCode code, std::string_view clause, std::string text) {
  const std::size_t offset = code == DecodeCode::kTruncated || code == DecodeCode::kLimit ? end - start_ : 0;
  Piece piece = Take(end);
  piece.error = adapter::DecodeError{code, offset, "event", std::string(clause), std::move(text)};
  return piece;
}

bool StreamFramer::BeginsTak() const {
  return start_ < buffer_.size() && static_cast<std::uint8_t>(buffer_[start_]) == kTakMagic;
}

StreamFramer::Piece StreamFramer::RefuseTak(std::size_t end) {
  return Refuse(end, DecodeCode::kState, kTakClause, "TAK protocol v1, though XML is spoken and nothing else was agreed");
}

void StreamFramer::SkipSpace() {
  while (start_ < buffer_.size() && xml::IsSpace(buffer_[start_])) ++start_;
  scan_ = std::max(scan_, start_);
}

std::optional<StreamFramer::Piece> StreamFramer::NextXml() {
  std::optional<Piece> piece;
  while (!piece) {
    if (in_ == In::kNothing) {
      if (!FindEvent(piece)) return piece;
      continue;
    }
    if (!Step(piece)) {
      if (buffer_.size() - start_ <= limits::kUnitOctets) return std::nullopt;
      piece = Refuse(start_ + limits::kUnitOctets, DecodeCode::kLimit, "ATAK inbound limit",
                     fmt::format("no end within {} octets", limits::kUnitOctets));
      skip_quietly_ = true;
    }
  }
  if (!piece->error && piece->octets.size() > limits::kUnitOctets) {
    piece->error = adapter::DecodeError{DecodeCode::kLimit, limits::kUnitOctets, "event", "ATAK inbound limit",
                                        fmt::format("{} octets; at most {} are read", piece->octets.size(), limits::kUnitOctets)};
  }
  return piece;
}

bool StreamFramer::FindEvent(std::optional<Piece>& piece) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  SkipSpace();
  if (start_ == buffer_.size()) return false;
  const std::string_view rest = At(start_);
  const Match event = BeginsName(rest, "<event");
  if (event == Match::kYes) {
    scan_ = start_ + 6;
    in_ = In::kTag;
    first_tag_ = true;
    skip_quietly_ = false;
    return true;
  }
  for (const auto& [opening, closing] :
       {std::pair{std::string_view("<?"), std::string_view("?>")}, std::pair{std::string_view("<!--"), std::string_view("-->")},
        std::pair{kByteOrderMark, std::string_view{}}}) {
    const Match match = Begins(rest, opening);
    if (match == Match::kNo) continue;
    const std::size_t end = match == Match::kYes ? rest.find(closing, opening.size()) : std::string_view::npos;
    if (end == std::string_view::npos) {
      if (rest.size() > limits::kUnitOctets)
        piece = Refuse(buffer_.size(), DecodeCode::kLimit, kXmlClause, "no end of what stands before an event");
      return false;
    }
    start_ = scan_ = start_ + end + closing.size();
    return true;
  }
  if (event == Match::kUndecided) return false;
  const Match document_type = Begins(rest, "<!DOCTYPE");
  if (document_type == Match::kUndecided) return false;
  if (document_type == Match::kYes) {  // belongs to the event behind it, for the decoder to refuse
    in_ = In::kTag;
    document_type_ = true;
    first_tag_ = false;
    scan_ = start_ + 9;
    return true;
  }
  const std::size_t before = start_;
  piece = Garbage(std::max(scan_, start_ + 1));
  return !piece && start_ != before && start_ != buffer_.size();
}

// Octets that are no event, up to where one may begin.
std::optional<StreamFramer::Piece> StreamFramer::Garbage(std::size_t from) {
  for (std::size_t at = buffer_.find('<', from); at != std::string::npos; at = buffer_.find('<', at + 1)) {
    const Match event = BeginsName(At(at), "<event");
    const Match declaration = BeginsName(At(at), "<?xml");
    if (event == Match::kNo && declaration == Match::kNo) continue;
    if (event != Match::kYes && declaration != Match::kYes) {
      scan_ = at;
      return std::nullopt;
    }
    const bool quietly = skip_quietly_;
    Piece piece =
        BeginsTak() ? RefuseTak(at) : Refuse(at, DecodeCode::kFraming, kXmlClause, "octets that are not part of an event");
    return quietly ? std::nullopt : std::optional(std::move(piece));
  }
  scan_ = buffer_.size();
  if (skip_quietly_) {
    start_ = scan_;
    return std::nullopt;
  }
  if (buffer_.size() - start_ <= limits::kUnitOctets) return std::nullopt;
  Piece piece = Refuse(buffer_.size(), DecodeCode::kFraming, kXmlClause, "octets that are not part of an event");
  skip_quietly_ = true;
  return piece;
}

bool StreamFramer::Step(std::optional<Piece>& piece) {
  switch (in_) {
    case In::kText:
      return StepText(piece);
    case In::kTag:
      return StepTag(piece);
    case In::kQuote:
      return StepQuote();
    case In::kComment:
      return StepTo("-->");
    case In::kCData:
      return StepTo("]]>");
    case In::kInstruction:
      return StepTo("?>");
    case In::kEndTag: {
      const std::size_t end = buffer_.find('>', scan_);
      scan_ = std::min(end, buffer_.size());
      if (end == std::string::npos) return false;
      piece = Take(end + 1);
      return true;
    }
    case In::kNothing:
      break;
  }
  return false;
}

bool StreamFramer::StepText(std::optional<Piece>& piece) {
  scan_ = std::min(buffer_.find('<', scan_), buffer_.size());
  if (scan_ == buffer_.size()) return false;
  const std::string_view rest = At(scan_);
  const Match again[] = {BeginsName(rest, "<event"), BeginsName(rest, "<?xml")};
  const std::pair<Match, In> openings[] = {{BeginsName(rest, "</event"), In::kEndTag},
                                           {Begins(rest, "<!--"), In::kComment},
                                           {Begins(rest, "<![CDATA["), In::kCData},
                                           {Begins(rest, "<?"), In::kInstruction}};
  if (document_type_ && again[0] == Match::kYes) {
    document_type_ = false;
    first_tag_ = true;
    in_ = In::kTag;
    scan_ += 6;
    return true;
  }
  if (std::ranges::find(again, Match::kYes) != std::end(again)) {
    piece = Refuse(scan_, DecodeCode::kTruncated, kXmlClause, "a new event begins before </event>");
    return true;
  }
  if (std::ranges::find(again, Match::kUndecided) != std::end(again)) return false;
  for (const auto& [match, in] : openings) {
    if (match == Match::kUndecided) return false;
    if (match == Match::kNo) continue;
    in_ = in;
    scan_ += in == In::kEndTag ? 7 : in == In::kComment ? 4 : in == In::kCData ? 9 : 2;
    return true;
  }
  in_ = In::kTag;
  first_tag_ = false;
  ++scan_;
  return true;
}

bool StreamFramer::StepTag(std::optional<Piece>& piece) {
  scan_ = std::min(buffer_.find_first_of("<>\"'", scan_), buffer_.size());
  if (scan_ == buffer_.size()) return false;
  const char c = buffer_[scan_];
  if (c == '<') {  // the tag never ended: for the decoder to refuse
    in_ = In::kText;
    return true;
  }
  ++scan_;
  if (c == '>') {
    in_ = In::kText;
    if (first_tag_ && buffer_[scan_ - 2] == '/') piece = Take(scan_);
    return true;
  }
  in_ = In::kQuote;
  quote_ = c;
  return true;
}

bool StreamFramer::StepQuote() {
  // In a document type's quotes anything may stand.
  const char stops[] = {quote_, document_type_ ? quote_ : '<', 0};
  scan_ = std::min(buffer_.find_first_of(stops, scan_), buffer_.size());
  if (scan_ == buffer_.size()) return false;
  // '<' is not allowed in a value: its quote is missing.
  in_ = buffer_[scan_] == '<' ? In::kText : In::kTag;
  if (in_ == In::kTag) ++scan_;
  return true;
}

bool StreamFramer::StepTo(std::string_view closing) {
  const std::size_t end = buffer_.find(closing, scan_);
  if (end == std::string::npos) {
    scan_ = std::max(scan_, buffer_.size() - std::min(buffer_.size(), closing.size() - 1));
    return false;
  }
  scan_ = end + closing.size();
  in_ = In::kText;
  return true;
}

std::optional<StreamFramer::Piece> StreamFramer::NextTakV1() {
  const std::size_t skipped = std::min(skip_octets_, buffer_.size() - start_);
  skip_octets_ -= skipped;
  start_ += skipped;
  if (skip_space_) SkipSpace();
  scan_ = start_;
  const ByteView rest = AsBytes(At(start_));
  if (rest.empty()) return std::nullopt;
  skip_space_ = false;
  if (rest[0] != kTakMagic) {
    Piece piece = Refuse(buffer_.size(), DecodeCode::kFraming, kTakClause,
                         fmt::format("a unit starts with 0x{:02X}, not with 0xBF{}", rest[0],
                                     rest[0] == '<' ? ": XML, though TAK protocol v1 was agreed" : ""));
    piece.lost = true;
    return piece;
  }
  ByteReader reader(rest);
  reader.Skip(1);
  const std::uint64_t length = reader.Varint();
  if (!reader.ok() && rest.size() < kLongestHeader) return std::nullopt;
  if (!reader.ok() || length > kSkippableOctets) {
    Piece piece = Refuse(buffer_.size(), DecodeCode::kLimit, kTakClause,
                         fmt::format("a length of {} octets is beyond reason; no further unit can be found", length));
    piece.lost = true;
    return piece;
  }
  const std::size_t whole = reader.offset() + length;
  if (length > limits::kUnitOctets) {
    const std::size_t there = std::min(whole, rest.size());
    skip_octets_ = whole - there;
    return Refuse(start_ + there, DecodeCode::kLimit, "ATAK inbound limit",
                  fmt::format("{} octets; at most {} are read", length, limits::kUnitOctets));
  }
  if (rest.size() < whole) return std::nullopt;
  return Take(start_ + whole);
}

}  // namespace entente::cot
