// SPDX-License-Identifier: Apache-2.0
#include "adapters/common/xml/namespace_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

namespace entente::xml {
namespace {

using adapter::DecodeCode;

constexpr std::string_view kXmlNamespace = "http://www.w3.org/XML/1998/namespace";
constexpr std::string_view kDeclaresPrefix = "xmlns:";

}  // namespace

NamespaceReader::Token NamespaceReader::Next() {
  const Token token = reader_.Next();
  if (token == Token::kStart) return Enter();
  if (token == Token::kEnd) Leave();
  return token;
}

bool NamespaceReader::SkipElement() {
  const bool whole = reader_.SkipElement();
  Leave();
  return whole;
}

NamespaceReader::Token NamespaceReader::Enter() {
  attributes_.clear();
  for (const Attribute& attribute : reader_.attributes()) {
    if (attribute.name == "xmlns") {
      declared_.push_back({reader_.depth(), {}, attribute.Value()});
    } else if (attribute.name.starts_with(kDeclaresPrefix)) {
      declared_.push_back({reader_.depth(), attribute.name.substr(kDeclaresPrefix.size()), attribute.Value()});
      if (declared_.back().name.empty()) {
        return reader_.Fail(DecodeCode::kSyntax, attribute.offset, "Namespaces in XML 1.0 §2.2",
                            "a prefix is declared for no namespace");
      }
    } else {
      attributes_.push_back(attribute);
    }
  }
  const std::string_view name = reader_.name();
  const std::size_t colon = name.find(':');
  const std::string_view prefix = colon == std::string_view::npos ? std::string_view{} : name.substr(0, colon);
  local_name_ = colon == std::string_view::npos ? name : name.substr(colon + 1);
  if (prefix == "xml") {
    namespace_name_ = kXmlNamespace;
  } else if (const std::string* known = Find(prefix)) {
    namespace_name_ = *known;
  } else if (colon == std::string_view::npos) {
    namespace_name_.clear();
  } else {
    return reader_.Fail(DecodeCode::kSyntax, reader_.offset(), "Namespaces in XML 1.0 §5",
                        fmt::format("the prefix \"{}\" is not declared", prefix.substr(0, 24)));
  }
  return Token::kStart;
}

void NamespaceReader::Leave() {
  while (!declared_.empty() && declared_.back().depth > reader_.depth()) declared_.pop_back();
}

const std::string* NamespaceReader::Find(std::string_view prefix) const {
  for (const Declaration& declaration : declared_ | std::views::reverse) {
    if (declaration.prefix == prefix) return &declaration.name;
  }
  return nullptr;
}

}  // namespace entente::xml
