// SPDX-License-Identifier: Apache-2.0
#include "adapters/common/xml/namespace_reader.h"

#include <gtest/gtest.h>

namespace entente::xml {
namespace {

using Token = NamespaceReader::Token;

// "{urn:a}b" of each element, in order; the error's text at the end if there is one.
std::vector<std::string> Names(std::string_view document) {
  NamespaceReader reader{XmlReader(document)};
  std::vector<std::string> names;
  for (Token token = reader.Next(); token != Token::kDone; token = reader.Next()) {
    if (token == Token::kError) {
      names.push_back("error " + reader.error().clause);
      break;
    }
    if (token != Token::kStart) continue;
    names.push_back("{" + std::string(reader.namespace_name()) + "}" + std::string(reader.local_name()));
  }
  return names;
}

using List = std::vector<std::string>;

TEST(NamespaceReaderTest, ThePrefixIsTheWritersToChoose) {
  EXPECT_EQ(Names("<a xmlns='urn:x'><b/></a>"), (List{"{urn:x}a", "{urn:x}b"}));
  EXPECT_EQ(Names("<p:a xmlns:p='urn:x'><p:b/><c/></p:a>"), (List{"{urn:x}a", "{urn:x}b", "{}c"}));
}

TEST(NamespaceReaderTest, ADeclarationEndsWithItsElement) {
  EXPECT_EQ(Names("<a><b xmlns='urn:x'><c/></b><d/></a>"), (List{"{}a", "{urn:x}b", "{urn:x}c", "{}d"}));
  EXPECT_EQ(Names("<a xmlns='urn:x'><b xmlns=''/><p:c xmlns:p='urn:y'/><p:d/></a>"),
            (List{"{urn:x}a", "{}b", "{urn:y}c", "error Namespaces in XML 1.0 §5"}));
}

TEST(NamespaceReaderTest, RefusesAPrefixThatIsNotDeclaredOrDeclaredForNothing) {
  EXPECT_EQ(Names("<p:a/>"), List{"error Namespaces in XML 1.0 §5"});
  EXPECT_EQ(Names("<a xmlns:p=''/>"), List{"error Namespaces in XML 1.0 §2.2"});
  EXPECT_EQ(Names("<xml:a/>"), List{"{http://www.w3.org/XML/1998/namespace}a"});
}

TEST(NamespaceReaderTest, DeclarationsAreNoAttributesAndSkippingLeavesTheScope) {
  NamespaceReader reader{XmlReader("<a xmlns='urn:x' xmlns:p='urn:y' k='v'><b xmlns='urn:z'><c/></b><d/></a>")};
  ASSERT_EQ(reader.Next(), Token::kStart);
  ASSERT_EQ(reader.attributes().size(), 1U);
  EXPECT_EQ(reader.attributes()[0].name, "k");
  ASSERT_EQ(reader.Next(), Token::kStart);
  EXPECT_TRUE(reader.SkipElement());
  ASSERT_EQ(reader.Next(), Token::kStart);
  EXPECT_TRUE(reader.Is("urn:x", "d"));
}

}  // namespace
}  // namespace entente::xml
