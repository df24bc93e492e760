// SPDX-License-Identifier: Apache-2.0
#include "adapters/common/xml/xml_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/common/xml/xml_text.h"

namespace entente::xml {
namespace {

using adapter::DecodeCode;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// XML 1.0 §2.3 in ASCII; every octet of a longer character may stand in a name.
constexpr std::array<bool, 256> NameOctets() {
  std::array<bool, 256> octets{};
  for (unsigned c = 0; c < 256; ++c) {
    octets[c] = c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':' ||
                c == '-' || c == '.';
  }
  return octets;
}
constexpr std::array<bool, 256> kNameOctet = NameOctets();

// Where a run of text, or of a quoted value, needs a second look.
constexpr std::array<bool, 256> Octets(std::string_view which) {
  std::array<bool, 256> octets{};
  for (const char c : which) octets[static_cast<std::uint8_t>(c)] = true;
  return octets;
}
constexpr std::array<bool, 256> kStopsText = Octets("<&]");
constexpr std::array<bool, 256> kStopsValue = Octets("<&\"'");

std::size_t FindStop(std::string_view text, std::size_t at, const std::array<bool, 256>& stops) {
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const char* p = begin + at;
  while (p != end && !stops[static_cast<std::uint8_t>(*p)]) ++p;
  return static_cast<std::size_t>(p - begin);
}

bool IsNameOctet(char c) {
  return kNameOctet[static_cast<std::uint8_t>(c)];
}
bool StartsName(char c) {
  return IsNameOctet(c) && c != '-' && c != '.' && (c < '0' || c > '9');
}

// What is in quotes in an error: short, and one line.
std::string Excerpt(std::string_view text) {
  constexpr std::size_t kLongest = 24;
  std::string excerpt(text.substr(0, kLongest));
  std::ranges::replace_if(excerpt, [](char c) { return static_cast<std::uint8_t>(c) < 0x20 || c == '\x7F'; }, ' ');
  return excerpt;
}

}  // namespace

XmlReader::XmlReader(std::string_view input, Shape shape) : input_(input), shape_(shape) {
  attributes_.reserve(16);
  if (input.starts_with(kByteOrderMark)) start_ = at_ = kByteOrderMark.size();
}

XmlReader::Token XmlReader::Fail(DecodeCode code, std::size_t offset, std::string_view clause, std::string text) {
  if (!failed_) error_ = {code, offset, {}, std::string(clause), std::move(text)};
  failed_ = true;
  return Token::kError;
}

XmlReader::Token XmlReader::Next() {
  if (failed_) return Token::kError;
  if (empty_element_) {
    empty_element_ = false;
    --depth_;
    return Token::kEnd;
  }
  while (true) {
    token_offset_ = at_;
    if (at_ == input_.size()) return ReadEndOfInput();
    if (input_[at_] != '<') {
      const Token token = ReadText();
      if (token == Token::kText && depth_ == 0 && shape_ == Shape::kDocument) continue;  // white space around the root
      return token;
    }
    const char second = at_ + 1 < input_.size() ? input_[at_ + 1] : '\0';
    if (second == '!' && StartsWith("<!--")) {
      if (!SkipComment()) return Token::kError;
    } else if (second == '?') {
      if (!SkipInstruction()) return Token::kError;
    } else {
      return ReadTag();
    }
  }
}

bool XmlReader::SkipElement() {
  const std::size_t inside = depth_;
  while (depth_ >= inside) {
    const Token token = Next();
    if (token == Token::kError || token == Token::kDone) return false;
  }
  return true;
}

XmlReader::Token XmlReader::ReadEndOfInput() {
  if (depth_ > 0) {
    return Fail(DecodeCode::kTruncated, at_, "XML 1.0 §2.1", fmt::format("the input ends inside <{}>", Excerpt(Open(depth_ - 1))));
  }
  if (shape_ == Shape::kDocument && !root_seen_) {
    return Fail(DecodeCode::kTruncated, at_, "XML 1.0 §2.1", "the input holds no element");
  }
  return Token::kDone;
}

XmlReader::Token XmlReader::ReadTag() {
  const char second = at_ + 1 < input_.size() ? input_[at_ + 1] : '\0';
  if (second == '/') return ReadEnd();
  if (second == '!') {
    if (StartsWith("<![CDATA[")) return ReadCData();
    if (input_.size() - at_ < 9) return Fail(DecodeCode::kTruncated, at_, "XML 1.0 §2.8", "the input ends inside a declaration");
    return Fail(DecodeCode::kForbidden, at_, "XML 1.0 §2.8, §4.2",
                fmt::format("a declaration (\"{}\"): document types and entities are refused, since they can read files and grow "
                            "without limit",
                            Excerpt(input_.substr(at_))));
  }
  return ReadStart();
}

XmlReader::Token XmlReader::ReadStart() {
  if (depth_ == 0 && shape_ == Shape::kDocument && root_seen_) {
    return Fail(DecodeCode::kFraming, at_, "XML 1.0 §2.1", "a second element behind the root element");
  }
  if (depth_ == limits::kXmlDepth) {
    return Fail(DecodeCode::kLimit, at_, "XML 1.0 §2.1", fmt::format("elements nested deeper than {}", limits::kXmlDepth));
  }
  ++at_;
  name_ = ReadName();
  if (name_.empty()) return Fail(DecodeCode::kSyntax, at_, "XML 1.0 §3.1", "no name behind '<'; write '<' in text as &lt;");
  if (!ReadAttributes()) return Token::kError;
  open_[depth_++] = {name_.data(), name_.size()};
  root_seen_ = true;
  return Token::kStart;
}

XmlReader::Token XmlReader::ReadEnd() {
  at_ += 2;
  const std::string_view name = ReadName();
  SkipSpace();
  if (at_ == input_.size()) return Fail(DecodeCode::kTruncated, at_, "XML 1.0 §3.1", "the input ends inside an end tag");
  if (input_[at_] != '>') return Fail(DecodeCode::kSyntax, at_, "XML 1.0 §3.1", "an end tag that does not close with '>'");
  if (depth_ == 0 || Open(depth_ - 1) != name) {
    return Fail(DecodeCode::kSyntax, token_offset_, "XML 1.0 §3",
                depth_ == 0 ? fmt::format("the end tag </{}> closes nothing", Excerpt(name))
                            : fmt::format("</{}> where </{}> must come first", Excerpt(name), Excerpt(Open(depth_ - 1))));
  }
  ++at_;
  name_ = name;
  --depth_;
  return Token::kEnd;
}

XmlReader::Token XmlReader::ReadText() {
  const std::size_t stop = FindStop(input_, at_, kStopsText);
  const bool plain = stop == input_.size() || input_[stop] == '<';
  const std::size_t end = plain ? stop : std::min(input_.find('<', stop), input_.size());
  text_ = input_.substr(at_, end - at_);
  text_is_cdata_ = false;
  if (depth_ == 0 && shape_ == Shape::kDocument && !Trim(text_).empty()) {
    return Fail(DecodeCode::kFraming, at_, "XML 1.0 §2.1",
                fmt::format("text outside the root element: \"{}\"", Excerpt(Trim(text_))));
  }
  if (plain) {
    at_ = end;
    return Token::kText;
  }
  if (const auto bad = FindBadReference(text_)) {
    return Fail(DecodeCode::kSyntax, at_ + *bad, "XML 1.0 §4.1", "'&' that starts no known reference; write '&' in text as &amp;");
  }
  if (const std::size_t bad = text_.find("]]>"); bad != std::string_view::npos) {
    return Fail(DecodeCode::kSyntax, at_ + bad, "XML 1.0 §2.4", "\"]]>\" in text outside a CDATA section");
  }
  at_ = end;
  return Token::kText;
}

XmlReader::Token XmlReader::ReadCData() {
  if (depth_ == 0 && shape_ == Shape::kDocument) {
    return Fail(DecodeCode::kFraming, at_, "XML 1.0 §2.1", "a CDATA section outside the root element");
  }
  at_ += 9;
  const std::size_t end = input_.find("]]>", at_);
  if (end == std::string_view::npos)
    return Fail(DecodeCode::kTruncated, at_, "XML 1.0 §2.7", "the input ends inside a CDATA section");
  text_ = input_.substr(at_, end - at_);
  text_is_cdata_ = true;
  at_ = end + 3;
  return Token::kText;
}

bool XmlReader::ReadAttributes() {
  attributes_.clear();
  while (true) {
    const std::size_t before = at_;
    SkipSpace();
    if (at_ == input_.size()) {
      Fail(DecodeCode::kTruncated, at_, "XML 1.0 §3.1", "the input ends inside a tag");
      return false;
    }
    if (input_[at_] == '>') {
      ++at_;
      return true;
    }
    if (StartsWith("/>")) {
      at_ += 2;
      empty_element_ = true;
      return true;
    }
    if (before == at_) {
      Fail(DecodeCode::kSyntax, at_, "XML 1.0 §3.1", "white space is missing before an attribute, or '>' at the end of a tag");
      return false;
    }
    if (!ReadAttribute()) return false;
  }
}

bool XmlReader::ReadAttribute() {
  const std::size_t start = at_;
  const std::string_view name = ReadName();
  SkipSpace();
  if (name.empty() || at_ == input_.size() || input_[at_] != '=') {
    Fail(at_ == input_.size() ? DecodeCode::kTruncated : DecodeCode::kSyntax, start, "XML 1.0 §3.1",
         "an attribute must be name=\"value\"");
    return false;
  }
  ++at_;
  SkipSpace();
  if (at_ == input_.size() || (input_[at_] != '"' && input_[at_] != '\'')) {
    Fail(at_ == input_.size() ? DecodeCode::kTruncated : DecodeCode::kSyntax, at_, "XML 1.0 §3.1",
         fmt::format("the value of {} is not in quotes", Excerpt(name)));
    return false;
  }
  const char quote = input_[at_++];
  std::size_t end = at_;
  bool references = false;
  while ((end = FindStop(input_, end, kStopsValue)) < input_.size() && input_[end] != quote && input_[end] != '<') {
    references |= input_[end++] == '&';
  }
  if (end == input_.size() || input_[end] == '<') {
    Fail(end == input_.size() ? DecodeCode::kTruncated : DecodeCode::kSyntax, end, "XML 1.0 §3.1",
         fmt::format("the value of {} has no closing quote, or holds '<'", Excerpt(name)));
    return false;
  }
  const std::string_view raw = input_.substr(at_, end - at_);
  if (references) {
    if (const auto bad = FindBadReference(raw)) {
      Fail(DecodeCode::kSyntax, at_ + *bad, "XML 1.0 §4.1", "'&' that starts no known reference; write '&' as &amp;");
      return false;
    }
  }
  if (Attribute::Find(attributes_, name) != nullptr) {
    Fail(DecodeCode::kSyntax, start, "XML 1.0 §3.1", fmt::format("the attribute {} stands twice", Excerpt(name)));
    return false;
  }
  if (attributes_.size() == limits::kXmlAttributes) {
    Fail(DecodeCode::kLimit, start, "XML 1.0 §3.1", fmt::format("more than {} attributes", limits::kXmlAttributes));
    return false;
  }
  attributes_.push_back({name, raw, at_});
  at_ = end + 1;
  return true;
}

bool XmlReader::SkipComment() {
  const std::size_t end = input_.find("--", at_ + 4);
  if (end == std::string_view::npos || end + 2 == input_.size()) {
    Fail(DecodeCode::kTruncated, at_, "XML 1.0 §2.5", "the input ends inside a comment");
    return false;
  }
  if (input_[end + 2] != '>') {
    Fail(DecodeCode::kSyntax, end, "XML 1.0 §2.5", "\"--\" inside a comment");
    return false;
  }
  at_ = end + 3;
  return true;
}

// Processing instructions are passed over; the XML declaration may stand at the start only, and may name no encoding but UTF-8.
bool XmlReader::SkipInstruction() {
  const std::size_t start = at_;
  const std::size_t end = input_.find("?>", at_);
  if (end == std::string_view::npos) {
    Fail(DecodeCode::kTruncated, at_, "XML 1.0 §2.6", "the input ends inside a processing instruction");
    return false;
  }
  at_ = end + 2;
  const std::string_view inside = input_.substr(start + 2, end - start - 2);
  if (!inside.starts_with("xml") || (inside.size() > 3 && IsNameOctet(inside[3]))) return true;
  if (start != start_ || shape_ == Shape::kFragment) {
    Fail(DecodeCode::kSyntax, start, "XML 1.0 §2.8", "an XML declaration that is not at the very start");
    return false;
  }
  const std::size_t encoding = inside.find("encoding");
  if (encoding == std::string_view::npos) return true;
  const std::size_t quote = inside.find_first_of("\"'", encoding);
  const std::string_view value = quote == std::string_view::npos ? std::string_view{} : inside.substr(quote + 1);
  std::string name(value.substr(0, value.find_first_of("\"'")));
  std::ranges::transform(name, name.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  if (name == "UTF-8" || name == "US-ASCII") return true;
  Fail(DecodeCode::kEncoding, start, "XML 1.0 §4.3.3", fmt::format("the encoding \"{}\": only UTF-8 is read", Excerpt(name)));
  return false;
}

std::string_view XmlReader::ReadName() {
  const char* const begin = input_.data() + at_;
  const char* const end = input_.data() + input_.size();
  const char* p = begin;
  if (p != end && StartsName(*p)) {
    do ++p;
    while (p != end && IsNameOctet(*p));
  }
  at_ += static_cast<std::size_t>(p - begin);
  return {begin, static_cast<std::size_t>(p - begin)};
}

void XmlReader::SkipSpace() {
  const char* const begin = input_.data() + at_;
  const char* const end = input_.data() + input_.size();
  const char* p = begin;
  while (p != end && IsSpace(*p)) ++p;
  at_ += static_cast<std::size_t>(p - begin);
}

adapter::DecodeResult<XmlReader> Open(std::string_view input, XmlReader::Shape shape) {
  if (const auto bad = FindBadCharacter(input)) return std::unexpected(BadCharacter(input, *bad));
  return adapter::DecodeResult<XmlReader>(std::in_place, input, shape);
}

}  // namespace entente::xml
