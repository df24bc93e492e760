// SPDX-License-Identifier: Apache-2.0
#pragma once

// Pulls start tags, end tags and text out of one XML 1.0 document (or fragment) in memory, in one pass and without copying: names,
// values and text are views of the input. Strict and bounded: not well-formed, deeper than limits::kXmlDepth, more attributes than
// limits::kXmlAttributes, a DOCTYPE or an entity are errors, after which Next() says kError for ever. Characters are to be checked
// beforehand: Open does it. One reader per thread.

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/api/decode_error.h"
#include "base/limits.h"

namespace entente::xml {

struct Attribute {
  std::string_view name;
  std::string_view raw;    // references unresolved: see Unescape
  std::size_t offset = 0;  // of the value

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
  // After kStart: everything up to and with the element's end tag; false when it is not well-formed.
  bool SkipElement();

  [[nodiscard]] std::string_view name() const { return name_; }
  [[nodiscard]] std::span<const Attribute> attributes() const { return attributes_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] bool text_is_cdata() const { return text_is_cdata_; }
  // Of the last token: where it starts, and the first octet behind it.
  [[nodiscard]] std::size_t offset() const { return token_offset_; }
  [[nodiscard]] std::size_t end_offset() const { return at_; }
  // Open elements; with kStart the new one counts.
  [[nodiscard]] std::size_t depth() const { return depth_; }
  [[nodiscard]] const adapter::DecodeError& error() const { return error_; }

  // Fails with any error of the reader's own; for callers that find one in a value.
  Token Fail(adapter::DecodeCode code, std::size_t offset, std::string_view clause, std::string text);

 private:
  Token ReadTag();
  Token ReadStart();
  Token ReadEnd();
  Token ReadText();
  Token ReadCData();
  Token ReadEndOfInput();
  bool ReadAttributes();
  bool ReadAttribute();
  bool SkipComment();
  bool SkipInstruction();
  std::string_view ReadName();
  void SkipSpace();
  [[nodiscard]] bool StartsWith(std::string_view what) const { return input_.substr(at_).starts_with(what); }

  std::string_view input_;
  Shape shape_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;  // behind the byte order mark
  std::size_t token_offset_ = 0;
  std::size_t depth_ = 0;
  bool root_seen_ = false;
  bool empty_element_ = false;  // the end of an empty-element tag is still to be told
  bool failed_ = false;
  bool text_is_cdata_ = false;
  std::string_view name_;
  std::string_view text_;
  // Names of the open elements, from the root on; not initialised, since only the first depth_ are read.
  struct OpenName {
    const char* data;
    std::size_t size;
  };
  [[nodiscard]] std::string_view Open(std::size_t depth) const { return {open_[depth].data, open_[depth].size}; }
  std::array<OpenName, limits::kXmlDepth> open_;
  std::vector<Attribute> attributes_;
  adapter::DecodeError error_;
};

// A reader over `input`, or the error where a character is not well-formed UTF-8 that XML may hold.
adapter::DecodeResult<XmlReader> Open(std::string_view input, XmlReader::Shape shape = XmlReader::Shape::kDocument);

}  // namespace entente::xml
