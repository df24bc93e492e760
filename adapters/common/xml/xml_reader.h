// SPDX-License-Identifier: Apache-2.0
#pragma once

// Pulls start tags, end tags and text out of one XML 1.0 document (or fragment) in memory, in one pass and without copying: names,
// values and text are views of the input. Strict and bounded: not well-formed, deeper than limits::kXmlDepth, more attributes than
// limits::kXmlAttributes, a DOCTYPE or an entity are errors, after which Next() says kError for ever. Characters are to be checked
// beforehand: Open does it. One reader per thread.

#include <array>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "adapters/api/decode_error.h"
#include "adapters/common/xml/xml_text.h"
#include "base/limits.h"

namespace entente::xml {

struct Attribute {
  std::string_view name;
  std::string_view raw;    // as it stands between the quotes
  std::size_t offset = 0;  // of the value
  bool resolved = false;   // raw is the value: there are no references and no carriage returns in it

  // Whether it is of that name, a literal: compared at once, and not by a call as for names of any length.
  template <std::size_t kSize>
  [[nodiscard]] bool Is(const char (&literal)[kSize]) const {
    return name.size() == kSize - 1 && std::memcmp(name.data(), literal, kSize - 1) == 0;
  }
  // References resolved, line ends normalised.
  [[nodiscard]] std::string Value() const { return resolved ? std::string(raw) : Unescape(raw); }
  // The same, without a string on the way.
  void ReadInto(std::string& place) const {
    if (resolved) {
      place = raw;
    } else {
      place = Unescape(raw);
    }
  }

  // nullptr when there is none of that name.
  static const Attribute* Find(std::span<const Attribute> attributes, std::string_view name) {
    for (const Attribute& attribute : attributes) {
      if (attribute.name.size() == name.size() && attribute.name.front() == name.front() && attribute.name == name)
        return &attribute;
    }
    return nullptr;
  }
};

class XmlReader {
 public:
  enum class Token {
    kStart,  // name(), attributes(); an empty-element tag gives kStart and then kEnd
    kEnd,    // name()
    kText,   // text(): between tags, references unresolved, or a CDATA section (text_is_cdata)
    kDone,
    kError,  // error()
  };
  enum class Shape { kDocument, kFragment };  // a fragment: any number of elements and text at the top

  // A byte order mark is passed over; it still counts in offsets.
  explicit XmlReader(std::string_view input, Shape shape = Shape::kDocument);

  Token Next();
  // The same, but white space before a tag is passed over, as most of all text is, and no token.
  Token NextPastSpace();
  // After kStart: everything up to and with the element's end tag; false when it is not well-formed.
  bool SkipElement();

  [[nodiscard]] std::string_view name() const { return name_; }
  [[nodiscard]] std::span<const Attribute> attributes() const { return {attributes_.data(), attribute_count_}; }
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] bool text_is_cdata() const { return text_is_cdata_; }
  [[nodiscard]] bool text_is_blank() const { return text_is_blank_; }  // nothing but white space
  // Of the last token: where it starts, and the first octet behind it.
  [[nodiscard]] std::size_t offset() const { return Offset(token_); }
  [[nodiscard]] std::size_t end_offset() const { return Offset(at_); }
  // Open elements; with kStart the new one counts.
  [[nodiscard]] std::size_t depth() const { return depth_; }
  [[nodiscard]] const adapter::DecodeError& error() const { return error_; }

  // Fails with any error of the reader's own; for callers that find one in a value.
  [[gnu::cold]] Token Fail(adapter::DecodeCode code, std::size_t offset, std::string_view clause, std::string text);

 private:
  Token ReadStart();
  Token ReadEnd();
  Token ReadText();
  Token ReadSolidText(const char* content);
  Token ReadDeclaration();
  Token ReadCData();
  Token ReadEndOfInput();
  bool ReadAttributes(const char* at);
  const char* ReadAttribute(const char* name);
  const char* FindQuote(std::string_view name);
  bool CheckAttribute(std::string_view name, std::string_view raw);
  bool SkipComment();
  static bool IsReservedTarget(std::string_view inside);
  bool SkipInstruction();
  [[gnu::cold]] const char* RefuseAttribute(const char* name, const char* where);
  [[gnu::cold]] const char* RefuseValue(std::string_view name, const char* where, std::string_view why);
  [[gnu::cold]] bool Refuse(adapter::DecodeCode code, const char* where, std::string_view clause, std::string text);
  [[nodiscard]] std::string_view Rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }
  [[nodiscard]] std::size_t Offset(const char* where) const { return static_cast<std::size_t>(where - begin_); }

  const char* begin_;
  const char* end_;
  const char* at_;
  const char* start_;  // behind the byte order mark
  const char* token_;
  Shape shape_;
  std::size_t depth_ = 0;
  bool root_seen_ = false;
  bool empty_element_ = false;  // the end of an empty-element tag is still to be told
  bool failed_ = false;
  bool text_is_cdata_ = false;
  bool text_is_blank_ = false;
  std::string_view name_;
  std::string_view text_;
  // Names of the open elements, from the root on; not initialised, since only the first depth_ are read.
  struct OpenName {
    const char* data;
    std::size_t size;
  };
  [[nodiscard]] std::string_view Open(std::size_t depth) const { return {open_[depth].data, open_[depth].size}; }
  std::array<OpenName, limits::kXmlDepth> open_;
  // Not initialised either: the first attribute_count_ are there.
  union {
    std::array<Attribute, limits::kXmlAttributes> attributes_;
  };
  std::size_t attribute_count_ = 0;
  std::uint64_t names_seen_ = 0;  // a bit per kind of name among attributes_: most names need no search for their like
  adapter::DecodeError error_;
};

// A reader over `input`, or the error where a character is not well-formed UTF-8 that XML may hold.
adapter::DecodeResult<XmlReader> Open(std::string_view input, XmlReader::Shape shape = XmlReader::Shape::kDocument);

}  // namespace entente::xml
