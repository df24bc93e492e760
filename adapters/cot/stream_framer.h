// SPDX-License-Identifier: Apache-2.0
#pragma once

// Cuts a stream into units, however its octets arrive. Bounded: it never holds more than one unit of limits::kUnitOctets and what
// one Append brought.
//
// XML: events follow each other with or without white space or an XML declaration between them; an event ends with its own
// </event>, not with one inside a CDATA section, a comment or a quoted value. An <event or <?xml inside an open event means that
// the peer broke off and began anew: the open one is refused as truncated, and the new one is read. DEVIATION(CoT Base-Event
// Schema 2.0, detail): the schema would allow an <event> element inside <detail>; peers that send half events are common, and
// events in events are not.
//
// TAK v1: 0xBF, length as a varint, message. Anything else between units ends the framing for good.

#include <optional>
#include <string>

#include "adapters/api/decode_error.h"
#include "base/bytes.h"

namespace entente::cot {

class StreamFramer {
 public:
  enum class Mode { kXml, kTakV1 };

  // Octets lie in the framer's buffer until the next Append.
  struct Piece {
    ByteView octets;
    std::optional<adapter::DecodeError> error;  // set: these octets are refused
    bool lost = false;                          // no further unit can be found
  };

  void Append(ByteView octets);
  // The next whole or refused piece; std::nullopt: more octets are needed.
  std::optional<Piece> Next();
  // The stream ended: what is left, refused as truncated.
  std::optional<Piece> Rest();
  // For the octets that Next has not given yet.
  void SetMode(Mode mode);
  [[nodiscard]] Mode mode() const { return mode_; }

 private:
  enum class In { kNothing, kText, kTag, kQuote, kComment, kCData, kInstruction, kEndTag };

  std::optional<Piece> NextXml();
  std::optional<Piece> NextTakV1();
  // Between events; true when an event begins at scan_.
  bool FindEvent(std::optional<Piece>& piece);
  std::optional<Piece> Garbage(std::size_t end);
  // Inside an event; false: more octets are needed.
  bool Step(std::optional<Piece>& piece);
  bool StepText(std::optional<Piece>& piece);
  bool StepTag(std::optional<Piece>& piece);
  bool StepQuote();
  bool StepTo(std::string_view closing);
  Piece Take(std::size_t end);
  Piece Refuse(std::size_t end, adapter::DecodeCode code, std::string_view clause, std::string text);
  // A unit of TAK v1 where XML is spoken: refused up to `end`.
  [[nodiscard]] bool BeginsTak() const;
  Piece RefuseTak(std::size_t end);
  void SkipSpace();
  [[nodiscard]] std::string_view At(std::size_t offset) const { return std::string_view(buffer_).substr(offset); }

  Mode mode_ = Mode::kXml;
  In in_ = In::kNothing;
  char quote_ = 0;
  bool first_tag_ = false;      // still in the event's start tag
  bool document_type_ = false;  // a DOCTYPE began the piece, and its event is still to come
  bool skip_quietly_ = false;   // the rest of a unit that was refused as too long
  bool skip_space_ = false;     // white space before the first TAK v1 unit, of peers that end XML events with a newline
  std::string buffer_;
  std::size_t start_ = 0;  // of the piece being read; everything before was given
  std::size_t scan_ = 0;
  std::size_t skip_octets_ = 0;  // of a TAK v1 unit that was refused as too long
};

}  // namespace entente::cot
