// SPDX-License-Identifier: Apache-2.0
#include "adapters/common/label/metadata_binding.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/common/label/label_element.h"
#include "base/limits.h"

namespace entente::label {
namespace {

using adapter::DecodeCode;
using adapter::DecodeError;
using adapter::DecodeResult;
using xml::NamespaceReader;
using Token = NamespaceReader::Token;

std::unexpected<DecodeError> Refuse(DecodeCode code, std::size_t offset, std::string_view element, std::string text) {
  return std::unexpected(DecodeError{code, offset, std::string(element), fmt::format("ADatP-4778, {}", element), std::move(text)});
}

class BindingReader {
 public:
  BindingReader(NamespaceReader& reader, std::string_view input) : reader_(reader), input_(input) {}

  DecodeResult<BindingInformation> Read() {
    const std::size_t start = reader_.xml().offset();
    if (auto read = ReadChildren("BindingInformation", &BindingReader::ReadContainer); !read) return std::unexpected(read.error());
    if (!bindings_seen_) return Refuse(DecodeCode::kMissingField, start, "BindingInformation", "holds no MetadataBinding");
    return std::move(out_);
  }

 private:
  using ReadChild = DecodeResult<void> (BindingReader::*)();

  void Note(v1::FindingSeverity severity, std::size_t offset, std::string_view element, std::string text) {
    AddFinding(out_.findings, {severity, offset, std::string(element), fmt::format("ADatP-4778, {}", element), std::move(text)});
  }
  [[nodiscard]] bool Is(std::string_view local_name) const { return reader_.Is(kBindingNamespace, local_name); }

  // Child elements up to and with the end tag of the element that was opened last.
  DecodeResult<void> ReadChildren(std::string_view parent, ReadChild read_child) {
    for (Token token = reader_.Next(); token != Token::kEnd; token = reader_.Next()) {
      if (token == Token::kText && reader_.xml().text_is_blank()) continue;
      if (token == Token::kText) {
        return Refuse(DecodeCode::kSyntax, reader_.xml().offset(), parent, "holds text where only elements may stand");
      }
      if (token != Token::kStart) return std::unexpected(reader_.error());
      if (auto read = (this->*read_child)(); !read) return read;
    }
    return {};
  }

  DecodeResult<void> Skip() {
    if (!reader_.SkipElement()) return std::unexpected(reader_.error());
    return {};
  }
  DecodeResult<void> PassOver(std::string_view parent, v1::FindingSeverity severity, std::string_view why) {
    Note(severity, reader_.xml().offset(), parent, fmt::format("its {} {}", reader_.local_name().substr(0, 40), why));
    return Skip();
  }
  DecodeResult<void> RefuseChild(std::string_view parent) {
    return Refuse(DecodeCode::kUnknownType, reader_.xml().offset(), parent,
                  fmt::format("holds a {}, which is no part of it", reader_.local_name().substr(0, 40)));
  }

  DecodeResult<void> ReadContainer() {
    if (Is("MetadataBindingContainer")) return ReadChildren("MetadataBindingContainer", &BindingReader::ReadBinding);
    if (reader_.Is("http://www.w3.org/2000/09/xmldsig#", "Signature")) {
      return PassOver("BindingInformation", v1::FINDING_SEVERITY_DOUBT, "is not checked: who bound the label is not proven");
    }
    if (reader_.namespace_name() == kBindingNamespace) return RefuseChild("BindingInformation");
    return PassOver("BindingInformation", v1::FINDING_SEVERITY_NOTE, "is an extension, and not read");
  }

  DecodeResult<void> ReadBinding() {
    constexpr std::string_view kElement = "MetadataBinding";
    if (!Is(kElement)) {
      if (reader_.namespace_name() == kBindingNamespace) return RefuseChild("MetadataBindingContainer");
      return PassOver("MetadataBindingContainer", v1::FINDING_SEVERITY_NOTE, "is an extension, and not read");
    }
    bindings_seen_ = true;
    const std::size_t start = reader_.xml().offset();
    binding_ = {};
    if (auto read = ReadChildren(kElement, &BindingReader::ReadBindingPart); !read) return read;
    if (binding_.data.empty())
      return Refuse(DecodeCode::kMissingField, start, kElement, "is bound to no Data and no DataReference");
    if (binding_.labels.empty()) {
      Note(v1::FINDING_SEVERITY_NOTE, start, kElement, "holds no confidentiality label, and is not kept");
    } else {
      out_.bindings.push_back(std::move(binding_));
    }
    return {};
  }

  DecodeResult<void> ReadBindingPart() {
    if (Is("Metadata")) return ReadMetadata();
    if (Is("MetadataReference")) return PassOver("MetadataBinding", v1::FINDING_SEVERITY_DOUBT, "is not followed");
    if (Is("Data")) return ReadData();
    if (Is("DataReference")) return ReadReference();
    return RefuseChild("MetadataBinding");
  }

  // Mixed by the schema: text beside the one element has no meaning there.
  DecodeResult<void> ReadMetadata() {
    for (Token token = reader_.Next(); token != Token::kEnd; token = reader_.Next()) {
      if (token == Token::kText) continue;
      if (token != Token::kStart) return std::unexpected(reader_.error());
      const auto role = RoleOf(reader_);
      if (!role) {
        if (auto passed = PassOver("Metadata", v1::FINDING_SEVERITY_NOTE, "is no confidentiality label, and not kept"); !passed) {
          return passed;
        }
        continue;
      }
      if (labels_seen_++ == kBoundLabels) {
        return Refuse(DecodeCode::kLimit, reader_.xml().offset(), "Metadata",
                      fmt::format("holds one of more than {} labels", kBoundLabels));
      }
      auto label = ReadLabelElement(reader_, *role);
      if (!label) return std::unexpected(std::move(label.error()));
      binding_.labels.push_back(*std::move(label));
    }
    return {};
  }

  DecodeResult<void> ReadData() {
    const std::size_t begin = reader_.xml().end_offset();
    if (auto skipped = Skip(); !skipped) return skipped;
    std::string_view content = input_.substr(begin, reader_.xml().offset() - begin);
    binding_.data.push_back({.content = std::string(content), .encapsulated = true});
    return {};
  }

  DecodeResult<void> ReadReference() {
    const std::size_t start = reader_.xml().offset();
    const xml::Attribute* uri = xml::Attribute::Find(reader_.attributes(), "URI");
    if (uri == nullptr) return Refuse(DecodeCode::kMissingField, start, "DataReference", "has no URI");
    binding_.data.push_back({.uri = uri->Value()});
    bool transforms = false;
    for (Token token = reader_.Next(); token != Token::kEnd; token = reader_.Next()) {
      if (token == Token::kText && reader_.xml().text_is_blank()) continue;
      if (token == Token::kText) return Refuse(DecodeCode::kSyntax, reader_.xml().offset(), "DataReference", "holds text");
      if (token != Token::kStart) return std::unexpected(reader_.error());
      transforms = true;
      if (auto skipped = Skip(); !skipped) return skipped;
    }
    // A transform picks a part of the data: to take the label for that of the whole would be a guess.
    if (transforms)
      Note(v1::FINDING_SEVERITY_DOUBT, start, "DataReference", "its transforms are not applied: read as bound to the whole");
    return {};
  }

  NamespaceReader& reader_;
  std::string_view input_;
  BindingInformation out_;
  LabelBinding binding_;
  std::size_t labels_seen_ = 0;
  bool bindings_seen_ = false;
};

bool SameLabel(const v1::Label& a, const v1::Label& b) {
  return a.SerializeAsString() == b.SerializeAsString();
}

bool IsBoundTo(const LabelBinding& binding, std::string_view uri) {
  return std::ranges::any_of(binding.data, [&](const BoundData& data) { return !data.encapsulated && data.uri == uri; });
}

Status CheckContent(std::string_view content) {
  auto reader = xml::Open(content);
  bool sound = reader.has_value();
  while (sound) {
    const auto token = reader->Next();
    if (token == xml::XmlReader::Token::kDone) return {};
    sound = token != xml::XmlReader::Token::kError;
  }
  const DecodeError& error = reader ? reader->error() : reader.error();
  return Fail(ErrorCode::kInvalidArgument, "the content is not one well-formed element: " + error.text,
              fmt::format("content, offset {}", error.offset), "wrap other data in an element");
}

}  // namespace

DecodeResult<BindingInformation> ReadBinding(std::string_view xml) {
  constexpr std::string_view kElement = "BindingInformation";
  if (xml.size() > limits::kUnitOctets) {
    return Refuse(DecodeCode::kLimit, limits::kUnitOctets, kElement,
                  fmt::format("has {} octets, more than {}", xml.size(), limits::kUnitOctets));
  }
  auto open = xml::Open(xml);
  if (!open) return std::unexpected(std::move(open.error()));
  NamespaceReader reader(*std::move(open));
  if (reader.Next() != Token::kStart) return std::unexpected(reader.error());
  if (!reader.Is(kBindingNamespace, kElement)) {
    return Refuse(DecodeCode::kUnknownType, reader.xml().offset(), kElement,
                  fmt::format("the element {{{}}}{} is no BindingInformation of {}", reader.namespace_name().substr(0, 80),
                              reader.local_name().substr(0, 40), kBindingNamespace));
  }
  auto binding = BindingReader(reader, xml).Read();
  if (binding && reader.Next() != Token::kDone) return std::unexpected(reader.error());
  return binding;
}

DecodeResult<v1::Label> LabelOf(const BindingInformation& information, std::string_view uri, std::string_view policy) {
  const v1::Label* originator = nullptr;
  const v1::Label* alternative = nullptr;
  for (const LabelBinding& binding : information.bindings) {
    if (!IsBoundTo(binding, uri)) continue;
    for (const ConfidentialityLabel& label : binding.labels) {
      if (label.role == LabelRole::kMetadata) continue;
      const bool other_words = label.role == LabelRole::kAlternative;
      if (other_words && label.label.policy() != policy) continue;
      const v1::Label*& found = other_words ? alternative : originator;
      if (found != nullptr && !SameLabel(*found, label.label)) {
        return Refuse(
            DecodeCode::kSyntax, 0, "MetadataBinding",
            fmt::format("two different labels are bound to \"{}\": which of them holds cannot be told", uri.substr(0, 80)));
      }
      found = &label.label;
    }
  }
  if (originator != nullptr && originator->policy() == policy) return *originator;
  if (alternative != nullptr) return *alternative;
  if (originator != nullptr) return *originator;
  return Refuse(DecodeCode::kMissingField, 0, "MetadataBinding", fmt::format("no label is bound to \"{}\"", uri.substr(0, 80)));
}

Result<std::string> WriteBinding(const v1::Label& label, UtcTime created, const BoundData& data) {
  auto inside = WriteLabel(label, created);
  if (!inside) return inside;
  std::string out =
      fmt::format("<BindingInformation xmlns=\"{}\"><MetadataBindingContainer><MetadataBinding><Metadata>{}</Metadata>",
                  kBindingNamespace, *inside);
  if (data.encapsulated) {
    if (Status sound = CheckContent(data.content); !sound) return std::unexpected(sound.error());
    // The default namespace of the binding is not the content's.
    out.append("<s4778:Data xmlns:s4778=\"").append(kBindingNamespace).append("\" xmlns=\"\">");
    out.append(data.content).append("</s4778:Data>");
  } else {
    out.append("<DataReference URI=\"");
    xml::AppendEscaped(out, data.uri);
    out.append("\"/>");
  }
  return out.append("</MetadataBinding></MetadataBindingContainer></BindingInformation>");
}

}  // namespace entente::label
