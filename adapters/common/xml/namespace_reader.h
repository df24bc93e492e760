// SPDX-License-Identifier: Apache-2.0
#pragma once

// An XmlReader that knows which namespace a name is of (Namespaces in XML 1.0), for standards whose prefixes are the writer's to
// choose. As strict and as bounded as the reader below it; a prefix that nobody declared is an error. Names and values are views of
// the input, namespace names live as long as the element that they were declared in. One reader per thread.

#include <string>
#include <string_view>
#include <vector>

#include "adapters/common/xml/xml_reader.h"

namespace entente::xml {

class NamespaceReader {
 public:
  using Token = XmlReader::Token;

  explicit NamespaceReader(XmlReader reader) : reader_(std::move(reader)) {}

  Token Next();
  // After kStart, as XmlReader::SkipElement: what is skipped is checked for well-formedness, not for its prefixes.
  bool SkipElement();

  // Of the element that kStart opened.
  [[nodiscard]] std::string_view local_name() const { return local_name_; }
  [[nodiscard]] std::string_view namespace_name() const { return namespace_name_; }  // empty: of none
  [[nodiscard]] bool Is(std::string_view namespace_name, std::string_view local_name) const {
    return local_name_ == local_name && namespace_name_ == namespace_name;
  }
  // Without the declarations of namespaces among them; an attribute without a prefix is of no namespace.
  [[nodiscard]] std::span<const Attribute> attributes() const { return attributes_; }

  // Text, offsets, depth and error.
  [[nodiscard]] const XmlReader& xml() const { return reader_; }
  [[nodiscard]] const adapter::DecodeError& error() const { return reader_.error(); }

 private:
  struct Declaration {
    std::size_t depth;        // of the element that holds it
    std::string_view prefix;  // empty: the default namespace
    std::string name;
  };
  Token Enter();
  void Leave();
  [[nodiscard]] const std::string* Find(std::string_view prefix) const;

  XmlReader reader_;
  std::vector<Declaration> declared_;
  std::vector<Attribute> attributes_;
  std::string_view local_name_;
  std::string namespace_name_;
};

}  // namespace entente::xml
