// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "adapters/common/label/confidentiality_label.h"
#include "adapters/common/xml/xml_text.h"

namespace entente::label {
namespace {

std::string_view NameOf(LabelRole role) {
  switch (role) {
    case LabelRole::kAlternative:
      return "alternativeConfidentialityLabel";
    case LabelRole::kMetadata:
      return "metadataConfidentialityLabel";
    case LabelRole::kUnsaid:
      return "ConfidentialityLabel";
    default:
      return "originatorConfidentialityLabel";
  }
}

std::string_view NameOf(v1::CategoryType type) {
  switch (type) {
    case v1::CATEGORY_TYPE_RESTRICTIVE:
      return "RESTRICTIVE";
    case v1::CATEGORY_TYPE_PERMISSIVE:
      return "PERMISSIVE";
    case v1::CATEGORY_TYPE_INFORMATIVE:
      return "INFORMATIVE";
    default:
      return {};
  }
}

Status CheckText(std::string_view text, std::string_view what) {
  if (!xml::FindBadCharacter(text)) return {};
  return Fail(ErrorCode::kInvalidArgument, fmt::format("the {} holds a character that XML cannot hold", what), "label",
              "a label that reads back differently is none: write it in well-formed UTF-8 without control characters");
}

// xs:token: what would be collapsed on reading is refused here.
Status CheckToken(std::string_view text, std::string_view what) {
  if (Status sound = CheckText(text, what); !sound) return sound;
  if (text.empty())
    return Fail(ErrorCode::kInvalidArgument, fmt::format("the label has no {}", what), "label", "ADatP-4774 demands one");
  const bool normal = xml::Trim(text).size() == text.size() && text.find("  ") == std::string_view::npos &&
                      text.find_first_of("\t\r\n") == std::string_view::npos;
  if (normal) return {};
  return Fail(ErrorCode::kInvalidArgument, fmt::format("the {} \"{}\" has white space that a reader must collapse", what, text),
              "label", "write it with single spaces inside only");
}

Status CheckLabel(const v1::Label& label) {
  if (Status sound = CheckToken(label.policy(), "policy"); !sound) return sound;
  if (Status sound = CheckToken(label.classification(), "classification"); !sound) return sound;
  if (Status sound = CheckText(label.privacy_mark(), "privacy mark"); !sound) return sound;
  for (const v1::LabelCategory& category : label.categories()) {
    if (Status sound = CheckText(category.tag(), "category's tag"); !sound) return sound;
    if (NameOf(category.type()).empty()) {
      return Fail(ErrorCode::kInvalidArgument, fmt::format("the category {} has no type", category.tag()), "label",
                  "say whether it is restrictive, permissive or informative");
    }
    for (const std::string& value : category.values()) {
      if (Status sound = CheckText(value, "category's value"); !sound) return sound;
    }
  }
  return {};
}

void AppendElement(std::string& out, std::string_view name, std::string_view text) {
  out.append("<").append(name).append(">");
  xml::AppendEscaped(out, text);
  out.append("</").append(name).append(">");
}

}  // namespace

Result<std::string> WriteLabel(const v1::Label& label, UtcTime created, LabelRole role) {
  if (Status sound = CheckLabel(label); !sound) return std::unexpected(sound.error());
  std::string out = fmt::format("<{} xmlns=\"{}\"><ConfidentialityInformation>", NameOf(role), kLabelNamespace);
  AppendElement(out, "PolicyIdentifier", label.policy());
  AppendElement(out, "Classification", label.classification());
  if (!label.privacy_mark().empty()) AppendElement(out, "PrivacyMark", label.privacy_mark());
  for (const v1::LabelCategory& category : label.categories()) {
    out.append("<Category Type=\"").append(NameOf(category.type())).append("\" TagName=\"");
    xml::AppendEscaped(out, category.tag());
    out.append("\">");
    for (const std::string& value : category.values()) AppendElement(out, "GenericValue", value);
    out.append("</Category>");
  }
  out.append("</ConfidentialityInformation>");
  AppendElement(out, "CreationDateTime", FormatUtc(created));
  return out.append("</").append(NameOf(role)).append(">");
}

}  // namespace entente::label
