// SPDX-License-Identifier: Apache-2.0
#include "adapters/common/label/confidentiality_label.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapters/common/label/label_element.h"
#include "base/limits.h"

namespace entente::label {
namespace {

using adapter::DecodeCode;
using adapter::DecodeError;
using adapter::DecodeResult;
using xml::Attribute;
using xml::NamespaceReader;
using Token = NamespaceReader::Token;

std::string Clause(std::string_view element) {
  return fmt::format("ADatP-4774, {}", element);
}

std::unexpected<DecodeError> Refuse(DecodeCode code, std::size_t offset, std::string_view element, std::string text) {
  return std::unexpected(DecodeError{code, offset, std::string(element), Clause(element), std::move(text)});
}

// xs:token: white space at the ends removed, inside it a single space.
std::string Collapsed(std::string_view text) {
  std::string collapsed;
  for (const char c : xml::Trim(text)) {
    if (!xml::IsSpace(c)) {
      collapsed += c;
    } else if (collapsed.back() != ' ') {
      collapsed += ' ';
    }
  }
  return collapsed;
}

bool IsOnly(std::string_view text, std::string_view characters) {
  return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

std::optional<v1::CategoryType> CategoryTypeOf(std::string_view text) {
  if (text == "RESTRICTIVE") return v1::CATEGORY_TYPE_RESTRICTIVE;
  if (text == "PERMISSIVE") return v1::CATEGORY_TYPE_PERMISSIVE;
  if (text == "INFORMATIVE") return v1::CATEGORY_TYPE_INFORMATIVE;
  return std::nullopt;
}

// The parts of one sequence of the schema, in its order; extensions of other namespaces come last.
constexpr std::array<std::string_view, 4> kLabelParts = {"ConfidentialityInformation", "OriginatorID", "CreationDateTime",
                                                         "SuccessionHandling"};
constexpr std::array<std::string_view, 4> kInformationParts = {"PolicyIdentifier", "Classification", "PrivacyMark", "Category"};
constexpr std::string_view kMayRepeat = "Category";

class LabelReader {
 public:
  LabelReader(NamespaceReader& reader, ConfidentialityLabel& out) : reader_(reader), out_(out) {}

  DecodeResult<void> Read() {
    const std::size_t start = reader_.xml().offset();
    const std::string root(reader_.local_name());
    NoteAttributes({});
    if (auto read = ReadParts(root, kLabelParts, &LabelReader::ReadLabelPart); !read) return read;
    if (out_.label.classification().empty()) {
      return Refuse(DecodeCode::kMissingField, start, kLabelParts[0], "the label says neither policy nor classification");
    }
    if (!out_.created) {
      Note(v1::FINDING_SEVERITY_DEVIATION, start, "CreationDateTime", "is mandatory and absent");
    }
    return {};
  }

 private:
  using ReadPart = DecodeResult<void> (LabelReader::*)(std::size_t part);

  void Note(v1::FindingSeverity severity, std::size_t offset, std::string_view field, std::string text) {
    AddFinding(out_.findings, {severity, offset, std::string(field), Clause(field), std::move(text)});
  }
  void NoteNotKept(std::string_view what) {
    Note(v1::FINDING_SEVERITY_NOTE, reader_.xml().offset(), what, "is not kept: the canonical label has no place for it");
  }
  // Attributes of the present element, but for those that the caller reads.
  void NoteAttributes(std::initializer_list<std::string_view> read) {
    for (const Attribute& attribute : reader_.attributes()) {
      if (std::ranges::find(read, attribute.name) != read.end()) continue;
      Note(v1::FINDING_SEVERITY_NOTE, attribute.offset, reader_.local_name(),
           fmt::format("its attribute {} is not kept: the canonical label has no place for it", attribute.name.substr(0, 40)));
    }
  }

  // The children of the element that was opened last, up to and with its end tag. Each at most once, but for kMayRepeat.
  DecodeResult<void> ReadParts(const std::string& parent, std::span<const std::string_view> parts, ReadPart read_part) {
    std::size_t furthest = 0;
    std::vector<bool> seen(parts.size());
    while (true) {
      switch (reader_.Next()) {
        case Token::kStart:
          break;
        case Token::kEnd:
          return {};
        case Token::kText:
          if (reader_.xml().text_is_blank()) continue;
          return Refuse(DecodeCode::kSyntax, reader_.xml().offset(), parent, "holds text where only elements may stand");
        default:
          return std::unexpected(reader_.error());
      }
      const std::size_t offset = reader_.xml().offset();
      if (reader_.namespace_name() != kLabelNamespace) {
        if (auto passed = PassOver(parent); !passed) return passed;
        continue;
      }
      const auto found = std::ranges::find(parts, reader_.local_name());
      if (found == parts.end()) {
        return Refuse(DecodeCode::kUnknownType, offset, parent,
                      fmt::format("holds a {}, which is no part of it", reader_.local_name().substr(0, 40)));
      }
      const auto part = static_cast<std::size_t>(found - parts.begin());
      if (seen[part] && *found != kMayRepeat) {
        return Refuse(DecodeCode::kSyntax, offset, *found, "stands twice: which of them holds cannot be told");
      }
      if (part < furthest) {
        Note(v1::FINDING_SEVERITY_DEVIATION, offset, *found, fmt::format("stands behind {}", parts[furthest]));
      }
      seen[part] = true;
      furthest = std::max(furthest, part);
      if (auto read = (this->*read_part)(part); !read) return read;
    }
  }

  // An extension: the schema allows any of another namespace, and gives it no effect on access.
  DecodeResult<void> PassOver(const std::string& parent) {
    if (reader_.namespace_name().empty()) {
      return Refuse(DecodeCode::kUnknownType, reader_.xml().offset(), parent,
                    fmt::format("holds a {} of no namespace; its own is {}", reader_.local_name().substr(0, 40), kLabelNamespace));
    }
    Note(v1::FINDING_SEVERITY_NOTE, reader_.xml().offset(), parent,
         fmt::format("its extension {} is neither judged nor kept", reader_.local_name().substr(0, 40)));
    if (!reader_.SkipElement()) return std::unexpected(reader_.error());
    return {};
  }

  DecodeResult<void> ReadLabelPart(std::size_t part) {
    switch (part) {
      case 0:
        NoteAttributes({});
        return ReadInformation();
      case 2:
        return ReadCreation();
      default:
        NoteNotKept(kLabelParts[part]);
        if (!reader_.SkipElement()) return std::unexpected(reader_.error());
        return {};
    }
  }

  DecodeResult<void> ReadInformation() {
    const std::size_t start = reader_.xml().offset();
    if (auto read = ReadParts(std::string(kLabelParts[0]), kInformationParts, &LabelReader::ReadInformationPart); !read)
      return read;
    for (const auto& [text, part] : {std::pair(&out_.label.policy(), 0UL), std::pair(&out_.label.classification(), 1UL)}) {
      if (text->empty()) return Refuse(DecodeCode::kMissingField, start, kInformationParts[part], "is mandatory and absent");
    }
    return {};
  }

  DecodeResult<void> ReadInformationPart(std::size_t part) {
    if (part == 3) return ReadCategory();
    NoteAttributes({});
    const std::size_t start = reader_.xml().offset();
    auto text = ReadText(kInformationParts[part]);
    if (!text) return std::unexpected(text.error());
    if (part == 2) {
      out_.label.set_privacy_mark(*std::move(text));
      return {};
    }
    std::string token = Collapsed(*text);
    if (token.empty()) return Refuse(DecodeCode::kOutOfRange, start, kInformationParts[part], "is empty");
    part == 0 ? out_.label.set_policy(std::move(token)) : out_.label.set_classification(std::move(token));
    return {};
  }

  DecodeResult<void> ReadCreation() {
    const std::size_t start = reader_.xml().offset();
    const auto text = ReadText(kLabelParts[2]);
    if (!text) return std::unexpected(text.error());
    const auto time = ParseUtc(xml::Trim(*text));
    if (!time) {
      return Refuse(DecodeCode::kOutOfRange, start, kLabelParts[2],
                    fmt::format("\"{}\" is no xs:dateTime, as 2026-01-01T00:00:00Z is", text->substr(0, 40)));
    }
    if (!time->zone_known) Note(v1::FINDING_SEVERITY_DOUBT, start, kLabelParts[2], "has no time zone; read as UTC");
    out_.created = time->time;
    return {};
  }

  DecodeResult<void> ReadCategory() {
    constexpr std::string_view kElement = "Category";
    const std::size_t start = reader_.xml().offset();
    const Attribute* tag = Attribute::Find(reader_.attributes(), "TagName");
    const Attribute* type = Attribute::Find(reader_.attributes(), "Type");
    if (tag == nullptr || type == nullptr) {
      return Refuse(DecodeCode::kMissingField, start, kElement, fmt::format("has no {}", tag == nullptr ? "TagName" : "Type"));
    }
    const auto category_type = CategoryTypeOf(Collapsed(type->Value()));
    if (!category_type) {
      return Refuse(DecodeCode::kOutOfRange, type->offset, kElement,
                    fmt::format("its Type is \"{}\", not RESTRICTIVE, PERMISSIVE or INFORMATIVE", type->raw.substr(0, 40)));
    }
    if (static_cast<std::size_t>(out_.label.categories_size()) == kLabelValues) {
      return Refuse(DecodeCode::kLimit, start, kElement, fmt::format("is one of more than {}", kLabelValues));
    }
    v1::LabelCategory& category = *out_.label.add_categories();
    category.set_tag(tag->Value());
    category.set_type(*category_type);
    NoteAttributes({"TagName", "Type"});
    return ReadValues(category);
  }

  DecodeResult<void> ReadValues(v1::LabelCategory& category) {
    constexpr std::array<std::string_view, 3> kValues = {"GenericValue", "IntegerValue", "BitStringValue"};
    value_of_ = &category;
    for (Token token = reader_.Next(); token != Token::kEnd; token = reader_.Next()) {
      const std::size_t start = reader_.xml().offset();
      if (token == Token::kText && reader_.xml().text_is_blank()) continue;
      if (token == Token::kText) return Refuse(DecodeCode::kSyntax, start, "Category", "holds text outside a value");
      if (token != Token::kStart) return std::unexpected(reader_.error());
      const auto kind = std::ranges::find(kValues, reader_.local_name());
      if (kind == kValues.end() || reader_.namespace_name() != kLabelNamespace) {
        return Refuse(DecodeCode::kUnknownType, start, "Category",
                      fmt::format("holds a {}, which is no kind of value", reader_.local_name().substr(0, 40)));
      }
      if (auto read = ReadValue(*kind, start); !read) return read;
    }
    return {};
  }

  DecodeResult<void> ReadValue(std::string_view kind, std::size_t start) {
    NoteAttributes({});
    auto text = ReadText(kind);
    if (!text) return std::unexpected(text.error());
    const bool integer = kind == "IntegerValue";
    const bool bits = kind == "BitStringValue";
    if ((integer && !IsOnly(*text, "0123456789")) || (bits && !IsOnly(*text, "01"))) {
      return Refuse(DecodeCode::kOutOfRange, start, kind, fmt::format("\"{}\" is none", text->substr(0, 40)));
    }
    if (integer || bits) Note(v1::FINDING_SEVERITY_NOTE, start, kind, "is kept as its text");
    if (xml::Trim(*text).size() != text->size()) {
      Note(v1::FINDING_SEVERITY_DOUBT, start, kind, "has white space around it, which is part of the value");
    }
    if (static_cast<std::size_t>(value_of_->values_size()) == kLabelValues) {
      return Refuse(DecodeCode::kLimit, start, kind, fmt::format("is one of more than {} in its category", kLabelValues));
    }
    value_of_->add_values(*std::move(text));
    return {};
  }

  // The text of an element that holds nothing else, up to and with its end tag.
  DecodeResult<std::string> ReadText(std::string_view element) {
    std::string text;
    for (Token token = reader_.Next(); token != Token::kEnd; token = reader_.Next()) {
      if (token == Token::kStart) {
        return Refuse(DecodeCode::kSyntax, reader_.xml().offset(), element,
                      fmt::format("holds the element {} where only text may stand", reader_.local_name().substr(0, 40)));
      }
      if (token != Token::kText) return std::unexpected(reader_.error());
      text += reader_.xml().text_is_cdata() ? std::string(reader_.xml().text()) : xml::Unescape(reader_.xml().text());
    }
    return text;
  }

  NamespaceReader& reader_;
  ConfidentialityLabel& out_;
  v1::LabelCategory* value_of_ = nullptr;
};

}  // namespace

std::optional<LabelRole> RoleOf(const NamespaceReader& reader) {
  if (reader.namespace_name() != kLabelNamespace) return std::nullopt;
  const std::string_view name = reader.local_name();
  if (name == "originatorConfidentialityLabel") return LabelRole::kOriginator;
  if (name == "alternativeConfidentialityLabel") return LabelRole::kAlternative;
  if (name == "metadataConfidentialityLabel") return LabelRole::kMetadata;
  if (name == "ConfidentialityLabel") return LabelRole::kUnsaid;
  return std::nullopt;
}

DecodeResult<ConfidentialityLabel> ReadLabelElement(NamespaceReader& reader, LabelRole role) {
  ConfidentialityLabel label{.role = role, .label = {}};
  label.label.set_origin(v1::LABEL_ORIGIN_CARRIED);
  if (auto read = LabelReader(reader, label).Read(); !read) return std::unexpected(std::move(read.error()));
  return label;
}

void AddFinding(std::vector<adapter::Finding>& findings, adapter::Finding finding) {
  if (findings.size() < limits::kFindingsPerUnit) {
    findings.push_back(std::move(finding));
  } else {
    findings.back() = {v1::FINDING_SEVERITY_NOTE, finding.offset, {}, {}, "and more findings, from here on not listed"};
  }
}

DecodeResult<ConfidentialityLabel> ReadLabel(std::string_view xml) {
  if (xml.size() > kLabelOctets) {
    return Refuse(DecodeCode::kLimit, kLabelOctets, "label", fmt::format("has {} octets, more than {}", xml.size(), kLabelOctets));
  }
  auto open = xml::Open(xml);
  if (!open) return std::unexpected(std::move(open.error()));
  NamespaceReader reader(*std::move(open));
  if (reader.Next() != Token::kStart) return std::unexpected(reader.error());
  const auto role = RoleOf(reader);
  if (!role) {
    return Refuse(DecodeCode::kUnknownType, reader.xml().offset(), "label",
                  fmt::format("the element {{{}}}{} is no confidentiality label; those are of {}",
                              reader.namespace_name().substr(0, 80), reader.local_name().substr(0, 40), kLabelNamespace));
  }
  auto label = ReadLabelElement(reader, *role);
  if (label && reader.Next() != Token::kDone) return std::unexpected(reader.error());
  return label;
}

}  // namespace entente::label
