// SPDX-License-Identifier: Apache-2.0
#include "adapters/common/xml/xml_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "adapters/common/xml/octet_scan.h"
#include "adapters/common/xml/xml_text.h"

namespace entente::xml {
namespace {

using adapter::DecodeCode;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// XML 1.0 §2.3 in ASCII; every octet of a longer character may stand in a name.
constexpr bool StartsName(unsigned c) {
  return c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
}
constexpr bool ContinuesName(unsigned c) {
  return StartsName(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}
template <bool (*kIs)(unsigned)>
constexpr std::array<bool, 256> kOctets = [] {
  std::array<bool, 256> octets{};
  for (unsigned c = 0; c < 256; ++c) octets[c] = kIs(c);
  return octets;
}();

constexpr auto kNotSpace = [](auto octet) {
  return ((octet == Octet{' '}) | (octet == Octet{'\n'}) | (octet == Octet{'\t'}) | (octet == Octet{'\r'})) == 0;
};
// Where a run of text, or a quoted value, needs a second look.
constexpr auto kStopsText = [](auto octet) { return (octet == Octet{'<'}) | (octet == Octet{'&'}) | (octet == Octet{']'}); };
template <Octet kQuote>
constexpr auto kStopsValue =
    [](auto octet) { return (octet == kQuote) | (octet == Octet{'<'}) | (octet == Octet{'&'}) | (octet == Octet{'\r'}); };

bool IsNameOctet(char c) {
  return kOctets<ContinuesName>[static_cast<std::uint8_t>(c)];
}

inline const char* SkipSpace(const char* at, const char* end) {
  while (at != end && IsSpace(*at)) ++at;
  return at;
}

// Behind the name that starts at `at`, or `at`.
inline const char* SkipName(const char* at, const char* end) {
  if (at == end || !kOctets<StartsName>[static_cast<std::uint8_t>(*at)]) return at;
  ++at;
  // Eight octets without asking each time for the end: most names end within them.
  constexpr int kStride = 8;
  for (; end - at >= kStride; at += kStride) {
#pragma GCC unroll 8
    for (int i = 0; i < kStride; ++i) {
      if (!IsNameOctet(at[i])) return at + i;
    }
  }
  while (at != end && IsNameOctet(*at)) ++at;
  return at;
}

// Names of equal kind may be equal. The middle octet tells time from type, which every CoT event has.
std::uint64_t KindOfName(std::string_view name) {
  const auto middle = static_cast<unsigned char>(name[(name.size() - 1) / 2]);
  const auto last = static_cast<unsigned char>(name.back());
  return std::uint64_t{1} << ((middle + 2U * last + 7U * name.size()) % 64);
}

constexpr bool IsQuote(char c) {
  return c == '"' || c == '\'';
}

// From within a value to its closing quote, or to a '<', which it may not hold, or to the end.
[[gnu::noinline]] const char* SkipReferences(const char* at, const char* end, char quote) {
  return FindOctet(at, end, [quote](auto octet) { return (octet == static_cast<Octet>(quote)) | (octet == Octet{'<'}); });
}

std::string_view Between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

// What is in quotes in an error: short, and one line.
std::string Excerpt(std::string_view text) {
  constexpr std::size_t kLongest = 24;
  std::string excerpt(text.substr(0, kLongest));
  std::ranges::replace_if(excerpt, [](char c) { return static_cast<std::uint8_t>(c) < 0x20 || c == '\x7F'; }, ' ');
  return excerpt;
}

}  // namespace

XmlReader::XmlReader(std::string_view input, Shape shape)
    : begin_(input.data()), end_(begin_ + input.size()), at_(begin_), start_(begin_), token_(begin_), shape_(shape) {
  if (input.starts_with(kByteOrderMark)) start_ = at_ = begin_ + kByteOrderMark.size();
}

XmlReader::Token XmlReader::Fail(DecodeCode code, std::size_t offset, std::string_view clause, std::string text) {
  if (!failed_) error_ = {code, offset, {}, std::string(clause), std::move(text)};
  failed_ = true;
  return Token::kError;
}

bool XmlReader::Refuse(DecodeCode code, const char* where, std::string_view clause, std::string text) {
  Fail(code, Offset(where), clause, std::move(text));
  return false;
}

XmlReader::Token XmlReader::Next() {
  if (failed_) return Token::kError;
  if (empty_element_) {
    empty_element_ = false;
    --depth_;
    return Token::kEnd;
  }
  while (true) {
    token_ = at_;
    if (at_ == end_) return ReadEndOfInput();
    if (*at_ != '<') {
      const Token token = ReadText();
      if (token == Token::kText && depth_ == 0 && shape_ == Shape::kDocument) continue;  // white space around the root
      return token;
    }
    switch (at_ + 1 != end_ ? at_[1] : '\0') {
      case '/':
        return ReadEnd();
      case '?':
        if (!SkipInstruction()) return Token::kError;
        break;
      case '!':
        if (!Rest().starts_with("<!--")) return ReadDeclaration();
        if (!SkipComment()) return Token::kError;
        break;
      default:
        return ReadStart();
    }
  }
}

XmlReader::Token XmlReader::NextPastSpace() {
  if (!empty_element_ && at_ != end_ && *at_ != '<') {
    const char* const content = FindOctet(at_, end_, kNotSpace);
    if (content != end_ && *content == '<') at_ = content;
  }
  return Next();
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
    return Fail(DecodeCode::kTruncated, Offset(at_), "XML 1.0 §2.1",
                fmt::format("the input ends inside <{}>", Excerpt(Open(depth_ - 1))));
  }
  if (shape_ == Shape::kDocument && !root_seen_) {
    return Fail(DecodeCode::kTruncated, Offset(at_), "XML 1.0 §2.1", "the input holds no element");
  }
  return Token::kDone;
}

// "<!" that starts no comment.
XmlReader::Token XmlReader::ReadDeclaration() {
  constexpr std::string_view kCData = "<![CDATA[";
  if (Rest().starts_with(kCData)) return ReadCData();
  if (Rest().size() < kCData.size())
    return Fail(DecodeCode::kTruncated, Offset(at_), "XML 1.0 §2.8", "the input ends inside a declaration");
  return Fail(DecodeCode::kForbidden, Offset(at_), "XML 1.0 §2.8, §4.2",
              fmt::format("a declaration (\"{}\"): document types and entities are refused, since they can read files and grow "
                          "without limit",
                          Excerpt(Rest())));
}

XmlReader::Token XmlReader::ReadStart() {
  if (depth_ == 0 && shape_ == Shape::kDocument && root_seen_) {
    return Fail(DecodeCode::kFraming, Offset(at_), "XML 1.0 §2.1", "a second element behind the root element");
  }
  if (depth_ == limits::kXmlDepth) {
    return Fail(DecodeCode::kLimit, Offset(at_), "XML 1.0 §2.1", fmt::format("elements nested deeper than {}", limits::kXmlDepth));
  }
  const char* const name = ++at_;
  const char* const end_of_name = SkipName(name, end_);
  name_ = Between(name, end_of_name);
  if (name_.empty()) return Fail(DecodeCode::kSyntax, Offset(at_), "XML 1.0 §3.1", "no name behind '<'; write '<' in text as &lt;");
  if (!ReadAttributes(end_of_name)) return Token::kError;
  open_[depth_++] = {name_.data(), name_.size()};
  root_seen_ = true;
  return Token::kStart;
}

XmlReader::Token XmlReader::ReadEnd() {
  at_ += 2;
  const char* const end_of_name = SkipName(at_, end_);
  const std::string_view name = Between(at_, end_of_name);
  at_ = SkipSpace(end_of_name, end_);
  if (at_ == end_) return Fail(DecodeCode::kTruncated, Offset(at_), "XML 1.0 §3.1", "the input ends inside an end tag");
  if (*at_ != '>') return Fail(DecodeCode::kSyntax, Offset(at_), "XML 1.0 §3.1", "an end tag that does not close with '>'");
  if (depth_ == 0 || Open(depth_ - 1) != name) {
    return Fail(DecodeCode::kSyntax, Offset(token_), "XML 1.0 §3",
                depth_ == 0 ? fmt::format("the end tag </{}> closes nothing", Excerpt(name))
                            : fmt::format("</{}> where </{}> must come first", Excerpt(name), Excerpt(Open(depth_ - 1))));
  }
  ++at_;
  name_ = name;
  --depth_;
  return Token::kEnd;
}

XmlReader::Token XmlReader::ReadText() {
  const char* const content = FindOctet(at_, end_, kNotSpace);
  text_is_blank_ = content == end_ || *content == '<';
  text_is_cdata_ = false;
  if (!text_is_blank_) return ReadSolidText(content);
  text_ = Between(at_, content);
  at_ = content;
  return Token::kText;
}

// The white space up to `content` was passed over.
XmlReader::Token XmlReader::ReadSolidText(const char* content) {
  const char* const stop = FindOctet(content, end_, kStopsText);
  const bool plain = stop == end_ || *stop == '<';
  const char* const end = plain ? stop : std::find(stop, end_, '<');
  text_ = Between(at_, end);
  if (depth_ == 0 && shape_ == Shape::kDocument) {
    return Fail(DecodeCode::kFraming, Offset(at_), "XML 1.0 §2.1",
                fmt::format("text outside the root element: \"{}\"", Excerpt(Trim(text_))));
  }
  if (!plain) {
    if (const auto bad = FindBadReference(text_)) {
      return Fail(DecodeCode::kSyntax, Offset(at_) + *bad, "XML 1.0 §4.1",
                  "'&' that starts no known reference; write '&' in text as &amp;");
    }
    if (const std::size_t bad = text_.find("]]>"); bad != std::string_view::npos) {
      return Fail(DecodeCode::kSyntax, Offset(at_) + bad, "XML 1.0 §2.4", "\"]]>\" in text outside a CDATA section");
    }
  }
  at_ = end;
  return Token::kText;
}

XmlReader::Token XmlReader::ReadCData() {
  if (depth_ == 0 && shape_ == Shape::kDocument) {
    return Fail(DecodeCode::kFraming, Offset(at_), "XML 1.0 §2.1", "a CDATA section outside the root element");
  }
  at_ += 9;
  const std::size_t length = Rest().find("]]>");
  if (length == std::string_view::npos)
    return Fail(DecodeCode::kTruncated, Offset(at_), "XML 1.0 §2.7", "the input ends inside a CDATA section");
  text_ = Rest().substr(0, length);
  text_is_cdata_ = true;
  text_is_blank_ = Trim(text_).empty();
  at_ += length + 3;
  return Token::kText;
}

// The quote that opens the value of an attribute, past white space around '='; nullptr: refused.
const char* XmlReader::FindQuote(std::string_view name) {
  const char* at = SkipSpace(name.data() + name.size(), end_);
  if (at == end_ || *at != '=' || name.empty()) return RefuseAttribute(name.data(), at);
  at = SkipSpace(at + 1, end_);
  if (at == end_ || !IsQuote(*at)) return RefuseValue(name, at, "is not in quotes");
  return at;
}

// What follows the attribute; nullptr: refused.
[[gnu::always_inline]] inline const char* XmlReader::ReadAttribute(const char* start) {
  const char* const end_of_input = end_;
  const char* const end_of_name = SkipName(start, end_of_input);
  const std::string_view name = Between(start, end_of_name);
  const bool joined = end_of_input - end_of_name >= 2 && end_of_name[0] == '=' && IsQuote(end_of_name[1]) && !name.empty();
  const char* at = joined ? end_of_name + 1 : FindQuote(name);
  if (at == nullptr) return nullptr;
  const char quote = *at++;
  const char* end = quote == '"' ? FindOctet(at, end_of_input, kStopsValue<'"'>) : FindOctet(at, end_of_input, kStopsValue<'\''>);
  const bool resolved = end != end_of_input && *end == quote;
  if (!resolved) {
    end = SkipReferences(end, end_of_input, quote);
    if (end == end_of_input || *end == '<') return RefuseValue(name, end, "has no closing quote, or holds '<'");
  }
  const std::string_view raw = Between(at, end);
  const std::uint64_t kind = KindOfName(name);
  const bool seen = (names_seen_ & kind) != 0;
  if ((!resolved || seen || attribute_count_ == limits::kXmlAttributes) && !CheckAttribute(name, raw)) return nullptr;
  names_seen_ |= kind;
  std::construct_at(&attributes_[attribute_count_++], name, raw, Offset(at), resolved);
  return end + 1;
}

// From behind an element's name to behind its start tag.
bool XmlReader::ReadAttributes(const char* at) {
  attribute_count_ = 0;
  names_seen_ = 0;
  const char* const end = end_;
  while (true) {
    const char* const before = at;
    at = SkipSpace(at, end);
    if (at == end) return Refuse(DecodeCode::kTruncated, at, "XML 1.0 §3.1", "the input ends inside a tag");
    if (*at == '>') {
      at_ = at + 1;
      return true;
    }
    if (*at == '/' && at + 1 != end && at[1] == '>') {
      at_ = at + 2;
      empty_element_ = true;
      return true;
    }
    if (before == at) {
      return Refuse(DecodeCode::kSyntax, at, "XML 1.0 §3.1",
                    "white space is missing before an attribute, or '>' at the end of a tag");
    }
    at = ReadAttribute(at);
    if (at == nullptr) return false;
  }
}

bool XmlReader::CheckAttribute(std::string_view name, std::string_view raw) {
  if (const auto bad = FindBadReference(raw)) {
    return Refuse(DecodeCode::kSyntax, raw.data() + *bad, "XML 1.0 §4.1", "'&' that starts no known reference; write '&' as &amp;");
  }
  if (Attribute::Find(attributes(), name) != nullptr) {
    return Refuse(DecodeCode::kSyntax, name.data(), "XML 1.0 §3.1", fmt::format("the attribute {} stands twice", Excerpt(name)));
  }
  if (attribute_count_ == limits::kXmlAttributes) {
    return Refuse(DecodeCode::kLimit, name.data(), "XML 1.0 §3.1", fmt::format("more than {} attributes", limits::kXmlAttributes));
  }
  return true;
}

const char* XmlReader::RefuseAttribute(const char* name, const char* where) {
  Refuse(where == end_ ? DecodeCode::kTruncated : DecodeCode::kSyntax, name, "XML 1.0 §3.1", "an attribute must be name=\"value\"");
  return nullptr;
}

const char* XmlReader::RefuseValue(std::string_view name, const char* where, std::string_view why) {
  Refuse(where == end_ ? DecodeCode::kTruncated : DecodeCode::kSyntax, where, "XML 1.0 §3.1",
         fmt::format("the value of {} {}", Excerpt(name), why));
  return nullptr;
}

bool XmlReader::SkipComment() {
  const std::size_t length = Rest().find("--", 4);
  if (length == std::string_view::npos || length + 2 == Rest().size())
    return Refuse(DecodeCode::kTruncated, at_, "XML 1.0 §2.5", "the input ends inside a comment");
  if (at_[length + 2] != '>') return Refuse(DecodeCode::kSyntax, at_ + length, "XML 1.0 §2.5", "\"--\" inside a comment");
  at_ += length + 3;
  return true;
}

// "XML", "Xml" ...: reserved, but not the declaration's.
bool XmlReader::IsReservedTarget(std::string_view inside) {
  const auto is = [&](std::size_t at, char lower) { return (inside[at] | 0x20) == lower; };
  if (inside.size() < 3 || !is(0, 'x') || !is(1, 'm') || !is(2, 'l') || inside.starts_with("xml")) return false;
  return inside.size() == 3 || !IsNameOctet(inside[3]);
}

// Processing instructions are passed over; the XML declaration may stand at the start only, and may name no encoding but UTF-8.
bool XmlReader::SkipInstruction() {
  const char* const start = at_;
  const std::size_t length = Rest().find("?>", 2);
  if (length == std::string_view::npos)
    return Refuse(DecodeCode::kTruncated, at_, "XML 1.0 §2.6", "the input ends inside a processing instruction");
  const std::string_view inside = Rest().substr(2, length - 2);
  at_ += length + 2;
  if (IsReservedTarget(inside)) {
    return Refuse(DecodeCode::kSyntax, start, "XML 1.0 §2.6", "a processing instruction whose name is \"xml\" in other letters");
  }
  if (!inside.starts_with("xml") || (inside.size() > 3 && IsNameOctet(inside[3]))) return true;
  if (start != start_ || shape_ == Shape::kFragment)
    return Refuse(DecodeCode::kSyntax, start, "XML 1.0 §2.8", "an XML declaration that is not at the very start");
  const std::size_t encoding = inside.find("encoding");
  if (encoding == std::string_view::npos) return true;
  const std::size_t quote = inside.find_first_of("\"'", encoding);
  const std::string_view value = quote == std::string_view::npos ? std::string_view{} : inside.substr(quote + 1);
  std::string name(value.substr(0, value.find_first_of("\"'")));
  std::ranges::transform(name, name.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  if (name == "UTF-8" || name == "US-ASCII") return true;
  return Refuse(DecodeCode::kEncoding, start, "XML 1.0 §4.3.3",
                fmt::format("the encoding \"{}\": only UTF-8 is read", Excerpt(name)));
}

adapter::DecodeResult<XmlReader> Open(std::string_view input, XmlReader::Shape shape) {
  if (const auto bad = FindBadCharacter(input)) return std::unexpected(BadCharacter(input, *bad));
  return adapter::DecodeResult<XmlReader>(std::in_place, input, shape);
}

}  // namespace entente::xml
