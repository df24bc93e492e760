// SPDX-License-Identifier: Apache-2.0
#include "broker/policy/identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace entente::broker {
namespace {

using ::testing::HasSubstr;

v1::ExercisePolicy Policy() {
  v1::ExercisePolicy policy;
  const auto add = [&](const char* identity, v1::Role role, std::vector<const char*> speaks_for) {
    v1::IdentityPolicy& entry = *policy.add_identities();
    entry.set_identity(identity);
    entry.set_role(role);
    for (const char* node : speaks_for) entry.add_speaks_for(node);
  };
  add("DEU/gateway", v1::ROLE_NODE, {"DEU/*", "NOR/hq"});
  add("EXCON/control", v1::ROLE_EXCON, {});
  add("FRA/observer", v1::ROLE_OBSERVER, {"FRA/observer"});
  return policy;
}

std::string NameOf(std::vector<std::string> uris) {
  const auto name = IdentityName(uris);
  return name ? *name : name.error().what;
}

TEST(IdentityTest, OneUriOfOursIsTheName) {
  EXPECT_EQ(NameOf({"entente://DEU/brigade"}), "DEU/brigade");
  EXPECT_EQ(NameOf({"spiffe://else/where", "entente://NATO/hq", "https://example.org"}), "NATO/hq");
}

TEST(IdentityTest, NoneSeveralOrAStrangeUriNamesNobody) {
  EXPECT_THAT(NameOf({}), HasSubstr("names no node"));
  EXPECT_THAT(NameOf({"https://DEU/brigade"}), HasSubstr("names no node"));
  EXPECT_THAT(NameOf({"entente://DEU/brigade", "entente://DEU/brigade"}), HasSubstr("names 2 nodes"));
  for (const char* uri : {"entente://", "entente://DEU", "entente://DEU/", "entente:///brigade", "entente://DEU/*",
                          "entente://DEU/brigade/", "entente://deu/brigade", "entente://DEU/brigade?x", "entente://DEU/bri gade"}) {
    EXPECT_THAT(NameOf({uri}), HasSubstr("names no node")) << uri;
  }
}

TEST(IdentityTest, WhatAPeerWroteIsCutWhenShown) {
  const auto name = IdentityName(std::vector<std::string>{"entente://DEU/" + std::string(100'000, 'x')});
  ASSERT_FALSE(name);
  EXPECT_LT(name.error().Text().size(), 500U);
}

TEST(IdentityTest, SpeaksForWhatThePolicySaysAndForItself) {
  const IdentityBook book(Policy());
  const Identity gateway = book.Of("DEU/gateway");
  for (const char* node : {"DEU/brigade", "DEU/gateway", "NOR/hq"}) EXPECT_TRUE(AuthorizeAttach(gateway, node)) << node;
  for (const char* node : {"NOR/other", "DEUX/brigade", "DE/brigade", "FRA/hq"}) {
    EXPECT_FALSE(AuthorizeAttach(gateway, node)) << node;
  }
}

TEST(IdentityTest, WithoutAnEntrySpeaksForTheNodeThatItNames) {
  const Identity node = IdentityBook(Policy()).Of("NOR/hq");
  EXPECT_EQ(node.role, v1::ROLE_NODE);
  EXPECT_TRUE(AuthorizeAttach(node, "NOR/hq"));
  const Status other = AuthorizeAttach(node, "NOR/other");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kPermissionDenied);
  EXPECT_THAT(other.error().Text(), HasSubstr("certificate of NOR/hq does not speak for \"NOR/other\""));
}

TEST(IdentityTest, OnlyNodesSpeakForThemselvesUnasked) {
  const IdentityBook book(Policy());
  EXPECT_TRUE(book.Of("FRA/observer").SpeaksFor("FRA/observer"));
  EXPECT_FALSE(book.Of("EXCON/control").SpeaksFor("EXCON/control"));
}

TEST(IdentityTest, RolesAllowWhatTheTableSays) {
  const IdentityBook book(Policy());
  struct Row {
    const char* identity;
    bool publish, append, command;
  };
  for (const Row& row : {Row{"DEU/gateway", true, true, false}, Row{"NOR/hq", true, true, false},
                         Row{"FRA/observer", false, false, false}, Row{"EXCON/control", true, true, true}}) {
    const Identity identity = book.Of(row.identity);
    EXPECT_TRUE(Authorize(identity, Action::kReceive)) << row.identity;
    EXPECT_TRUE(Authorize(identity, Action::kWatch)) << row.identity;
    EXPECT_EQ(Authorize(identity, Action::kPublish).has_value(), row.publish) << row.identity;
    EXPECT_EQ(Authorize(identity, Action::kAppend).has_value(), row.append) << row.identity;
    EXPECT_EQ(Authorize(identity, Action::kCommand).has_value(), row.command) << row.identity;
  }
}

TEST(IdentityTest, RefusalSaysWhoWhatAndWhatToDo) {
  const Status refused = Authorize(IdentityBook(Policy()).Of("FRA/observer"), Action::kCommand);
  ASSERT_FALSE(refused);
  EXPECT_EQ(
      refused.error().Text(),
      "identity FRA/observer: an observer may not command faults and injects; give it another role in policy.identities of the "
      "exercise file, or use another certificate");
}

TEST(IdentityTest, UnprovenMayDoEverything) {
  const Identity nobody;
  EXPECT_TRUE(AuthorizeAttach(nobody, "DEU/brigade"));
  for (const Action action : {Action::kReceive, Action::kPublish, Action::kAppend, Action::kWatch, Action::kCommand}) {
    EXPECT_TRUE(Authorize(nobody, action));
  }
}

}  // namespace
}  // namespace entente::broker
