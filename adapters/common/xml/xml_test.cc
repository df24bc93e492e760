// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <pugixml.hpp>
#include <vector>

#include "adapters/common/xml/octet_scan.h"
#include "adapters/common/xml/xml_reader.h"
#include "adapters/common/xml/xml_text.h"

namespace entente::xml {
namespace {

using adapter::DecodeCode;
using Token = XmlReader::Token;

// Tokens as one line: "<a>", "text", "</a>"; or the error.
std::string Trace(std::string_view input, XmlReader::Shape shape = XmlReader::Shape::kDocument) {
  auto reader = Open(input, shape);
  if (!reader) return "!" + std::string(adapter::CodeName(reader.error().code)) + "@" + std::to_string(reader.error().offset);
  std::string trace;
  while (true) {
    switch (reader->Next()) {
      case Token::kStart:
        trace += "<" + std::string(reader->name());
        for (const Attribute& a : reader->attributes()) trace += " " + std::string(a.name) + "=" + Unescape(a.raw);
        trace += ">";
        break;
      case Token::kEnd:
        trace += "</" + std::string(reader->name()) + ">";
        break;
      case Token::kText:
        trace += reader->text_is_cdata() ? std::string(reader->text()) : Unescape(reader->text());
        break;
      case Token::kDone:
        return trace;
      case Token::kError:
        return "!" + std::string(adapter::CodeName(reader->error().code)) + "@" + std::to_string(reader->error().offset);
    }
  }
}

TEST(XmlReaderTest, GivesTagsAttributesAndTextInOrder) {
  EXPECT_EQ(Trace("<?xml version=\"1.0\"?>\n<a x='1' y=\"&lt;2&#x26;\"><b/>hi<!-- no --><![CDATA[<c>]]></a >\n"),
            "<a x=1 y=<2&><b></b>hi<c></a>");
}

TEST(XmlReaderTest, RefusesWhatIsNotWellFormedWithItsOffset) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", "!truncated@0"},
      {"<a", "!truncated@2"},
      {"<a>", "!truncated@3"},
      {"<a></b>", "!syntax@3"},
      {"<a><b></a></b>", "!syntax@6"},
      {"<a x=1/>", "!syntax@5"},
      {"<a x='1' x='2'/>", "!syntax@9"},
      {"<a x='1'y='2'/>", "!syntax@8"},
      {"<a>&nbsp;</a>", "!syntax@3"},
      {"<a>x & y</a>", "!syntax@5"},
      {"<a b='x<y'/>", "!syntax@7"},
      {"<a>]]></a>", "!syntax@3"},
      {"<a/><b/>", "!framing@4"},
      {"x<a/>", "!framing@0"},
      {"<a><!-- -- --></a>", "!syntax@8"},
      {"< a/>", "!syntax@1"},
      {"<a>&#0;</a>", "!syntax@3"},
      {"<a><?xml version='1.0'?></a>", "!syntax@3"},
      {"</a>", "!syntax@0"},
      {"<a><![CDATA[x</a>", "!truncated@12"},
  };
  for (const auto& [input, wanted] : cases) EXPECT_EQ(Trace(input), wanted) << input;
}

TEST(XmlReaderTest, SeesEveryRepeatedAttributeAmongAllTheOthers) {
  std::string attributes;
  for (std::size_t i = 1; i < limits::kXmlAttributes; ++i) attributes += " a" + std::to_string(i) + "=''";
  for (const std::string_view repeated : {"a1", "a9", "a10", "a99", "a101", "a255"}) {
    const std::string input = "<a" + attributes + " " + std::string(repeated) + "='2'/>";
    EXPECT_EQ(Trace(input), "!syntax@" + std::to_string(2 + attributes.size() + 1)) << repeated;
  }
}

TEST(XmlReaderTest, SaysWhichTextIsBlankAndWhichValuesNeedNoResolving) {
  auto reader = Open("<a x='1' y='&amp;' z='1\r\n2'> \n\t\r  \n                      <b/> . <![CDATA[ \n]]>&#32;</a>");
  ASSERT_TRUE(reader.has_value());
  ASSERT_EQ(reader->Next(), Token::kStart);
  ASSERT_EQ(reader->attributes().size(), 3U);
  EXPECT_TRUE(reader->attributes()[0].resolved);
  EXPECT_FALSE(reader->attributes()[1].resolved);
  EXPECT_EQ(reader->attributes()[1].Value(), "&");
  EXPECT_EQ(reader->attributes()[2].Value(), "1\n2");
  std::vector<bool> blank;
  for (Token token = reader->Next(); token != Token::kDone && token != Token::kError; token = reader->Next()) {
    if (token == Token::kText) blank.push_back(reader->text_is_blank());
  }
  EXPECT_EQ(blank, (std::vector{true, false, true, false}));
}

TEST(OctetScanTest, FindsTheFirstOfItsKindAtEveryPlaceOfEveryLength) {
  const auto kind = [](auto octet) { return (octet == Octet{'<'}) | (octet < Octet{0}); };
  for (std::size_t length = 0; length <= 50; ++length) {
    const std::string none(length, 'x');
    EXPECT_EQ(FindOctet(none.data(), none.data() + length, kind), none.data() + length);
    for (std::size_t at = 0; at < length; ++at) {
      std::string text = none;
      text.back() = '<';
      text[at] = '\xC3';
      EXPECT_EQ(FindOctet(text.data(), text.data() + length, kind), text.data() + at) << length;
    }
  }
}

TEST(XmlReaderTest, RefusesDocumentTypesAndEntityDeclarations) {
  EXPECT_EQ(Trace("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"), "!forbidden@0");
  EXPECT_EQ(Trace("<a><!ENTITY x 'y'></a>"), "!forbidden@3");
}

TEST(XmlReaderTest, RefusesCharactersThatXmlCannotHold) {
  EXPECT_EQ(Trace("<a>\x01</a>"), "!encoding@3");
  EXPECT_EQ(Trace(std::string_view("<a>\0</a>", 8)), "!encoding@3");
  EXPECT_EQ(Trace("<a>caf\xE9 au lait</a>"), "!encoding@6");
  EXPECT_EQ(Trace("<a>\xED\xA0\x80</a>"), "!encoding@3") << "a surrogate";
  EXPECT_EQ(Trace("<a>\xC0\xAF</a>"), "!encoding@3") << "an overlong form";
  EXPECT_EQ(Trace("<a>\xF0\x9F\x9A\x81 \xD7\xA9</a>"), "<a>\xF0\x9F\x9A\x81 \xD7\xA9</a>");
}

TEST(XmlReaderTest, ReadsNoEncodingButUtf8) {
  EXPECT_EQ(Trace("<?xml version='1.0' encoding='ISO-8859-1'?><a/>"), "!encoding@0");
  EXPECT_EQ(Trace("<?xml version='1.0' encoding='utf-8' standalone='yes'?><a/>"), "<a></a>");
  EXPECT_EQ(Trace("\xEF\xBB\xBF<?xml version='1.0'?><a/>"), "<a></a>") << "with a byte order mark";
}

TEST(XmlReaderTest, StopsAtItsLimits) {
  std::string deep, wide = "<a";
  for (std::size_t i = 0; i <= limits::kXmlDepth; ++i) deep += "<a>";
  for (std::size_t i = 0; i <= limits::kXmlAttributes; ++i) wide += " a" + std::to_string(i) + "=''";
  EXPECT_EQ(Trace(deep).substr(0, 6), "!limit");
  EXPECT_EQ(Trace(wide + "/>").substr(0, 6), "!limit");
}

TEST(XmlReaderTest, ReadsFragmentsOfAnyNumberOfElements) {
  EXPECT_EQ(Trace("<a/>x<b/>", XmlReader::Shape::kFragment), "<a></a>x<b></b>");
  EXPECT_EQ(Trace("", XmlReader::Shape::kFragment), "");
  EXPECT_EQ(Trace("<a/></b>", XmlReader::Shape::kFragment), "!syntax@4");
}

struct Seen {
  Token token = Token::kDone;
  std::size_t offset = 0;
  std::size_t end_offset = 0;

  bool operator==(const Seen&) const = default;
};

// Every token up to the last; with `past_space` without the white space that NextPastSpace passes over, else all of them.
std::vector<Seen> Walk(std::string_view input, bool past_space) {
  XmlReader reader(input);
  std::vector<Seen> walk;
  while (true) {
    const Token token = past_space ? reader.NextPastSpace() : reader.Next();
    if (token == Token::kError) return walk.push_back({token, reader.error().offset, 0}), walk;
    walk.push_back({token, reader.offset(), reader.end_offset()});
    if (token == Token::kDone) return walk;
  }
}

TEST(XmlReaderTest, PassesOverNothingButWhiteSpaceBetweenATokenAndATag) {
  constexpr std::string_view kWhole = "<a> <b x='1'/> t <c> </c>\n<!-- c --> <d/>\t&#32; <![CDATA[ ]]> <e/></a> ";
  for (std::size_t length = 1; length <= kWhole.size(); ++length) {
    const std::string_view input = kWhole.substr(0, length);
    std::vector<Seen> wanted;
    std::size_t end_of_last = 0;
    for (const Seen& seen : Walk(input, false)) {
      const bool blank = seen.token == Token::kText && xml::Trim(input.substr(seen.offset, seen.end_offset - seen.offset)).empty();
      const bool passed_over = blank && seen.offset == end_of_last && seen.end_offset < length;
      if (!passed_over) wanted.push_back(seen);
      end_of_last = seen.end_offset;
    }
    EXPECT_EQ(Walk(input, true), wanted) << input;
  }
}

TEST(XmlReaderTest, SkipsAWholeElement) {
  auto reader = Open("<a><b><c/>x</b><d/></a>");
  ASSERT_TRUE(reader.has_value());
  reader->Next();
  reader->Next();
  ASSERT_EQ(reader->name(), "b");
  EXPECT_TRUE(reader->SkipElement());
  EXPECT_EQ(reader->Next(), Token::kStart);
  EXPECT_EQ(reader->name(), "d");
}

TEST(XmlReaderTest, AgreesWithPugixmlOnEveryTruncationOfADocument) {
  const std::string document = "<?xml version='1.0'?><a x=\"1&amp;2\"><!-- c --><b y='&#x41;'>t&lt;</b><![CDATA[<]]></a>";
  for (std::size_t length = 0; length <= document.size(); ++length) {
    pugi::xml_document dom;
    const bool theirs = dom.load_buffer(document.data(), length) && dom.first_child();
    EXPECT_EQ(!Trace(std::string_view(document).substr(0, length)).starts_with('!'), theirs) << length;
  }
}

TEST(XmlTextTest, WhatIsEscapedReadsBackTheSameInAnotherParserToo) {
  const std::string text = "a<b>&\"'\t\n\r \xF0\x9F\x9A\x81 ]]>";
  std::string escaped;
  AppendEscaped(escaped, text);
  EXPECT_EQ(Unescape(escaped), text);
  pugi::xml_document dom;
  ASSERT_TRUE(
      dom.load_string(("<a v=\"" + escaped + "\">" + escaped + "</a>").c_str(), pugi::parse_default | pugi::parse_ws_pcdata));
  EXPECT_EQ(dom.child("a").attribute("v").value(), text);
  EXPECT_EQ(std::string(dom.child("a").text().get()), text);
}

TEST(XmlTextTest, WhatXmlCannotHoldIsReplaced) {
  std::string escaped;
  AppendEscaped(escaped, std::string_view("a\x01\xFF z", 5));
  EXPECT_EQ(escaped, "a\xEF\xBF\xBD\xEF\xBF\xBD z");
}

}  // namespace
}  // namespace entente::xml
