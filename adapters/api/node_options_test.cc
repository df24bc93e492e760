// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/node_options.h"

#include <gtest/gtest.h>

#include <array>

namespace entente::adapter {
namespace {

constexpr std::array<std::string_view, 2> kClasses = {"A", "B"};
constexpr std::array kDeclared = {
    NodeOption{"site", OptionType::kInteger, "", 1, 65'534, "1", "site"},
    NodeOption{"interval", OptionType::kNumber, "s", 0.5, 60, "5", "heartbeat interval"},
    NodeOption{"class", OptionType::kText, "", 0, 0, "A", "class", kClasses},
    NodeOption{"room", OptionType::kText, "", 0, 0, "", "any text"},
    NodeOption{"mesh", OptionType::kBoolean, "", 0, 0, "false", "mesh"},
};

TEST(NodeOptions, StartAtTheirDefaults) {
  const NodeOptions options = NodeOptions::Defaults(kDeclared);
  EXPECT_EQ(options.Integer("site"), 1);
  EXPECT_EQ(options.Number("interval"), 5);
  EXPECT_EQ(options.Text("class"), "A");
  EXPECT_EQ(options.Text("room"), "");
  EXPECT_FALSE(options.Boolean("mesh"));
}

TEST(NodeOptions, TakeValidValues) {
  NodeOptions options = NodeOptions::Defaults(kDeclared);
  EXPECT_TRUE(options.Set(kDeclared, "site", "65534").has_value());
  EXPECT_TRUE(options.Set(kDeclared, "interval", "0.5").has_value());
  EXPECT_TRUE(options.Set(kDeclared, "class", "B").has_value());
  EXPECT_TRUE(options.Set(kDeclared, "room", "Küche 🚢").has_value());
  EXPECT_TRUE(options.Set(kDeclared, "mesh", "true").has_value());
  EXPECT_EQ(options.Integer("site"), 65'534);
  EXPECT_EQ(options.Number("interval"), 0.5);
  EXPECT_EQ(options.Text("class"), "B");
  EXPECT_EQ(options.Text("room"), "Küche 🚢");
  EXPECT_TRUE(options.Boolean("mesh"));
}

TEST(NodeOptions, RefuseValuesOutOfTypeAndRangeAndSayWhatWouldBeRight) {
  NodeOptions options = NodeOptions::Defaults(kDeclared);
  const auto expect_refused = [&](std::string_view name, std::string_view text, std::string_view wanted) {
    const Status status = options.Set(kDeclared, name, text);
    ASSERT_FALSE(status.has_value()) << name << " = " << text;
    EXPECT_EQ(status.error().code, ErrorCode::kInvalidArgument);
    EXPECT_NE(status.error().what.find(wanted), std::string::npos) << status.error().what;
  };
  expect_refused("site", "0", "from 1 to 65534");
  expect_refused("site", "65535", "from 1 to 65534");
  expect_refused("site", "1.5", "whole number");
  expect_refused("site", "", "whole number");
  expect_refused("site", "99999999999999999999", "whole number");
  expect_refused("interval", "0.4", "0.5");
  expect_refused("interval", "soon", "number");
  expect_refused("interval", "nan", "number");
  expect_refused("class", "C", "A");
  expect_refused("mesh", "yes", "true or false");
  EXPECT_EQ(options, NodeOptions::Defaults(kDeclared)) << "a refused value changes nothing";
}

TEST(NodeOptions, NameTheOptionsThereAreWhenThereIsNoSuchOption) {
  NodeOptions options = NodeOptions::Defaults(kDeclared);
  const Status status = options.Set(kDeclared, "mmsi", "1");
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, ErrorCode::kNotFound);
  EXPECT_NE(status.error().advice.find("site, interval, class"), std::string::npos) << status.error().advice;
}

TEST(NodeOptions, FingerprintTellsEqualFromUnequal) {
  NodeOptions one = NodeOptions::Defaults(kDeclared);
  NodeOptions other = NodeOptions::Defaults(kDeclared);
  EXPECT_EQ(one.Fingerprint(), other.Fingerprint());
  ASSERT_TRUE(other.Set(kDeclared, "site", "2").has_value());
  EXPECT_NE(one.Fingerprint(), other.Fingerprint());
  ASSERT_TRUE(one.Set(kDeclared, "site", "2").has_value());
  EXPECT_EQ(one.Fingerprint(), other.Fingerprint());
}

}  // namespace
}  // namespace entente::adapter
