// SPDX-License-Identifier: Apache-2.0
// Rules of XML 1.0: what a parser meets before it knows of CoT, and what parsers are attacked with.
#include <array>
#include <string>

#include "adapters/cot/damaged_event.h"
#include "base/limits.h"

namespace entente::cot {
namespace {

using adapter::DamageCategory;
using adapter::DamageRule;
using adapter::Reaction;

DamagedEvent InDetail(ByteView unit, std::string_view text) {
  return WithInside(unit, "</detail>", text);
}

DamagedEvent HalfEvent(ByteView unit, Prng&) {
  if (!IsXmlEvent(unit)) return std::nullopt;
  return ToBytes(unit.first(AsText(unit).rfind("</event")));
}
DamagedEvent UnescapedAmpersand(ByteView unit, Prng&) {
  return InDetail(unit, "<remarks>coffee & cake</remarks>");
}
DamagedEvent CrossedTags(ByteView unit, Prng&) {
  return InDetail(unit, "<a><b></a></b>");
}
DamagedEvent LateDeclaration(ByteView unit, Prng&) {
  return InDetail(unit, "<?XML version=\"1.0\"?>");
}
DamagedEvent ControlCharacter(ByteView unit, Prng&) {
  return InDetail(unit, "<remarks>bell \x07</remarks>");
}
DamagedEvent IllFormedUtf8(ByteView unit, Prng&) {
  return InDetail(unit, "<remarks>caf\xE9 au lait</remarks>");
}
DamagedEvent LoneSurrogate(ByteView unit, Prng&) {
  return InDetail(unit, "<remarks>half a pair \xED\xA0\x80</remarks>");
}
DamagedEvent UnquotedValue(ByteView unit, Prng&) {
  return InDetail(unit, "<a b=1/>");
}
DamagedEvent RepeatedAttribute(ByteView unit, Prng&) {
  return WithAttribute(unit, "<event", " how=\"m-g\" how=\"h-e\"");
}
DamagedEvent HyphensInComment(ByteView unit, Prng&) {
  return InDetail(unit, "<!-- one -- two -->");
}
DamagedEvent CDataEndInText(ByteView unit, Prng&) {
  return InDetail(unit, "<remarks>an end ]]> without a start</remarks>");
}
DamagedEvent TooManyAttributes(ByteView unit, Prng&) {
  std::string element = "<a";
  for (std::size_t i = 0; i <= limits::kXmlAttributes; ++i) element += " b" + std::to_string(i) + "=\"\"";
  return InDetail(unit, element + "/>");
}
DamagedEvent TooDeep(ByteView unit, Prng&) {
  std::string nested;
  for (std::size_t i = 0; i <= limits::kXmlDepth; ++i) nested += "<a>";
  for (std::size_t i = 0; i <= limits::kXmlDepth; ++i) nested += "</a>";
  return InDetail(unit, nested);
}
DamagedEvent UnknownEntity(ByteView unit, Prng&) {
  return InDetail(unit, "<remarks>&nbsp;</remarks>");
}
DamagedEvent Headed(ByteView unit, std::string_view document_type) {
  return IsXmlEvent(unit) ? Replaced(unit, 0, 0, document_type) : std::nullopt;
}
DamagedEvent ExternalEntity(ByteView unit, Prng&) {
  return Headed(unit, "<!DOCTYPE event [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>");
}
DamagedEvent ExternalSubset(ByteView unit, Prng&) {
  return Headed(unit, "<!DOCTYPE event SYSTEM \"http://127.0.0.1:9/event.dtd\">");
}
DamagedEvent EntityBomb(ByteView unit, Prng&) {
  return Headed(unit,
                "<!DOCTYPE event [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
                "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">]>");
}

constexpr std::string_view kDocumentType = "XML 1.0 §2.8, §4.2";

constexpr std::array kRules = {
    DamageRule{"cot.half-event", DamageCategory::kFraming, "XML 1.0 §2.1", "the event ends before </event>", Reaction::kRefused,
               HalfEvent},
    DamageRule{"cot.unescaped-ampersand", DamageCategory::kEncoding, "XML 1.0 §4.1", "an '&' in text that starts no reference",
               Reaction::kRefused, UnescapedAmpersand},
    DamageRule{"cot.crossed-tags", DamageCategory::kOrder, "XML 1.0 §3", "elements that overlap instead of nesting",
               Reaction::kRefused, CrossedTags},
    DamageRule{"cot.late-declaration", DamageCategory::kOrder, "XML 1.0 §2.6",
               "a processing instruction with the reserved name of the XML declaration, inside the event", Reaction::kRefused,
               LateDeclaration},
    DamageRule{"cot.control-character", DamageCategory::kEncoding, "XML 1.0 §2.2", "the control character U+0007 in text",
               Reaction::kRefused, ControlCharacter},
    DamageRule{"cot.ill-formed-utf8", DamageCategory::kEncoding, "XML 1.0 §2.2", "an ISO 8859-1 letter in UTF-8 text",
               Reaction::kRefused, IllFormedUtf8},
    DamageRule{"cot.lone-surrogate", DamageCategory::kEncoding, "XML 1.0 §2.2", "half a surrogate pair, spelt in UTF-8",
               Reaction::kRefused, LoneSurrogate},
    DamageRule{"cot.unquoted-value", DamageCategory::kEncoding, "XML 1.0 §3.1", "an attribute's value without quotes",
               Reaction::kRefused, UnquotedValue},
    DamageRule{"cot.repeated-attribute", DamageCategory::kRepeated, "XML 1.0 §3.1", "an attribute that stands twice",
               Reaction::kRefused, RepeatedAttribute},
    DamageRule{"cot.hyphens-in-comment", DamageCategory::kEncoding, "XML 1.0 §2.5", "\"--\" inside a comment", Reaction::kRefused,
               HyphensInComment},
    DamageRule{"cot.cdata-end-in-text", DamageCategory::kEncoding, "XML 1.0 §2.4", "\"]]>\" outside a CDATA section",
               Reaction::kRefused, CDataEndInText},
    DamageRule{"cot.too-many-attributes", DamageCategory::kCount, "XML 1.0 §3.1", "an element with 257 attributes",
               Reaction::kRefused, TooManyAttributes},
    DamageRule{"cot.too-deep", DamageCategory::kXml, "XML 1.0 §2.1", "65 elements inside each other", Reaction::kRefused, TooDeep},
    DamageRule{"cot.unknown-entity", DamageCategory::kXml, "XML 1.0 §4.1", "a reference to an entity that is not declared",
               Reaction::kRefused, UnknownEntity},
    DamageRule{"cot.external-entity", DamageCategory::kXml, kDocumentType, "a DOCTYPE with an entity that names a file",
               Reaction::kRefused, ExternalEntity},
    DamageRule{"cot.external-subset", DamageCategory::kXml, kDocumentType, "a DOCTYPE that names a document to be fetched",
               Reaction::kRefused, ExternalSubset},
    DamageRule{"cot.entity-bomb", DamageCategory::kXml, kDocumentType, "a DOCTYPE with entities that multiply each other",
               Reaction::kRefused, EntityBomb},
};

}  // namespace

std::span<const DamageRule> XmlDamage() {
  return kRules;
}

}  // namespace entente::cot
