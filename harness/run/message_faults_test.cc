// SPDX-License-Identifier: Apache-2.0
#include "harness/run/message_faults.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/exercise/label_text.h"

namespace entente::harness {
namespace {

using namespace std::chrono_literals;
using gateway::MessageFate;

v1::Envelope Message(std::string origin, std::uint64_t sequence, v1::Precedence precedence = v1::PRECEDENCE_IMMEDIATE) {
  v1::Envelope message;
  message.mutable_id()->set_origin(std::move(origin));
  message.mutable_id()->set_precedence(precedence);
  message.mutable_id()->set_sequence(sequence);
  message.set_family(v1::FAMILY_CHAT);
  message.mutable_label()->set_classification("RESTRICTED");
  SetReleasableTo(*message.mutable_label(), "NLD");
  return message;
}

void Impair(v1::MessageFault& fault, std::string kind, std::string name, std::string value) {
  v1::Impairment& impairment = *fault.add_impairments();
  impairment.set_kind(std::move(kind));
  impairment.add_settings()->set_name(std::move(name));
  impairment.mutable_settings(0)->set_value(std::move(value));
}

class MessageFaultsTest : public ::testing::Test {
 protected:
  MessageFate Out(const v1::Envelope& message) { return faults_.Decide(message, v1::DIRECTION_TO_NODE, now_); }
  void Start(const v1::FaultPlan& fault) { ASSERT_TRUE(faults_.StartFault(fault, now_)); }
  // IMMEDIATE chat from NLD is 5 s late.
  static v1::FaultPlan SlowChat() {
    v1::FaultPlan fault;
    fault.set_id("slow-chat");
    v1::MessageFault& messages = *fault.mutable_messages();
    messages.add_families(v1::FAMILY_CHAT);
    messages.add_from("NLD");
    messages.add_precedences(v1::PRECEDENCE_IMMEDIATE);
    Impair(messages, "latency", "delay", "5 s");
    return fault;
  }
  static v1::FaultPlan Lossy(std::string id) {
    v1::FaultPlan fault;
    fault.set_id(std::move(id));
    Impair(*fault.mutable_messages(), "loss", "share", "50 %");
    return fault;
  }
  std::string Losses(MessageFaults& faults, int count = 64) {
    std::string losses;
    for (int i = 1; i <= count; ++i) {
      losses += faults.Decide(Message("NLD/hq", static_cast<std::uint64_t>(i)), v1::DIRECTION_TO_NODE, now_).lost_because.empty()
                    ? '.'
                    : 'x';
    }
    return losses;
  }

  std::vector<v1::MessageImpaired> told_;
  Now now_{};
  MessageFaults faults_{{"DEU/brigade", "cot", 7},
                        [this](const v1::RecordEvent& event, Now) { told_.push_back(event.message_impaired()); }};
};

TEST_F(MessageFaultsTest, WithoutAFaultEverythingPasses) {
  const MessageFate fate = Out(Message("NLD/hq", 1));
  EXPECT_TRUE(fate.lost_because.empty());
  EXPECT_EQ(fate.delay, 0s);
  EXPECT_TRUE(told_.empty());
}

TEST_F(MessageFaultsTest, DelaysImmediateChatFromOneNationOnly) {
  Start(SlowChat());
  EXPECT_EQ(Out(Message("NLD/hq", 1)).delay, 5s);
  EXPECT_EQ(Out(Message("FRA/hq", 1)).delay, 0s);
  EXPECT_EQ(Out(Message("NLD/hq", 1, v1::PRECEDENCE_FLASH)).delay, 0s);
  v1::Envelope track = Message("NLD/hq", 2);
  track.set_family(v1::FAMILY_TRACK);
  EXPECT_EQ(Out(track).delay, 0s);
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_EQ(told_[0].rule(), "slow-chat/latency");
  EXPECT_EQ(told_[0].decision(), "delayed");
  EXPECT_EQ(told_[0].delay_ns(), Duration(5s).count());
  EXPECT_EQ(told_[0].id().origin(), "NLD/hq");
  faults_.EndFault("slow-chat");
  EXPECT_EQ(Out(Message("NLD/hq", 3)).delay, 0s);
}

TEST_F(MessageFaultsTest, SelectsByLinkDirectionProtocolAndLabel) {
  const auto acts = [&](auto change, v1::Direction direction = v1::DIRECTION_TO_NODE) {
    v1::FaultPlan fault = SlowChat();
    change(fault);
    Start(fault);
    const bool delayed = faults_.Decide(Message("NLD/hq", 1), direction, now_).delay > 0s;
    faults_.EndFault(fault.id());
    return delayed;
  };
  EXPECT_TRUE(acts([](v1::FaultPlan& f) { f.set_node("DEU/brigade"); }));
  EXPECT_FALSE(acts([](v1::FaultPlan& f) { f.set_node("DEU/other"); }));
  EXPECT_FALSE(acts([](v1::FaultPlan& f) { f.set_direction(v1::DIRECTION_TO_GATEWAY); }));
  EXPECT_TRUE(acts([](v1::FaultPlan& f) { f.set_direction(v1::DIRECTION_TO_GATEWAY); }, v1::DIRECTION_TO_GATEWAY));
  EXPECT_TRUE(acts([](v1::FaultPlan& f) { f.mutable_messages()->add_protocols("cot"); }));
  EXPECT_FALSE(acts([](v1::FaultPlan& f) { f.mutable_messages()->add_protocols("dis"); }));
  EXPECT_TRUE(acts([](v1::FaultPlan& f) { f.mutable_messages()->add_classifications("RESTRICTED"); }));
  EXPECT_FALSE(acts([](v1::FaultPlan& f) { f.mutable_messages()->add_classifications("SECRET"); }));
  EXPECT_TRUE(acts([](v1::FaultPlan& f) { f.mutable_messages()->add_releasable_to("NLD"); }));
  EXPECT_FALSE(acts([](v1::FaultPlan& f) { f.mutable_messages()->add_releasable_to("USA"); }));
}

TEST_F(MessageFaultsTest, AProbeMeetsWhatStillActsAndUsesUpNothing) {
  v1::FaultPlan second = SlowChat();
  second.set_id("second");
  Start(SlowChat());
  Start(second);
  faults_.EndFault("slow-chat");
  const MessageProbe probe = faults_.Probe(SlowChat(), now_);
  EXPECT_GT(probe.sent, 0U);
  EXPECT_TRUE(probe.met.ends_with(": late by 5000 ms")) << probe.met;
  EXPECT_TRUE(told_.empty()) << "nothing is recorded of it";
  faults_.EndFault("second");
  EXPECT_EQ(faults_.Probe(SlowChat(), now_).met, "");
  v1::FaultPlan elsewhere = SlowChat();
  elsewhere.set_node("FRA/hq");
  EXPECT_EQ(faults_.Probe(elsewhere, now_).sent, 0U);
}

TEST_F(MessageFaultsTest, APartitionStopsMessagesBetweenItsGroupsAndNoOthers) {
  v1::FaultPlan fault;
  fault.set_id("split");
  fault.mutable_partition()->add_groups()->add_members("DEU");
  fault.mutable_partition()->add_groups()->add_members("FRA");
  fault.mutable_partition()->mutable_groups(0)->add_members("FRA/liaison");
  Start(fault);
  EXPECT_EQ(Out(Message("FRA/hq", 1)).lost_because, "lost by split/partition");
  EXPECT_TRUE(Out(Message("FRA/liaison", 1)).lost_because.empty()) << "named itself, on this side";
  EXPECT_TRUE(Out(Message("DEU/other", 1)).lost_because.empty());
  EXPECT_TRUE(Out(Message("NLD/hq", 1)).lost_because.empty()) << "in no group";
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_EQ(told_[0].rule(), "split/partition");
}

TEST_F(MessageFaultsTest, DecidesByTheMessagesNumberWhateverTheOrder) {
  Start(Lossy("jam"));
  const std::string forth = Losses(faults_);
  std::string back(forth.size(), '?');
  for (std::size_t i = forth.size(); i > 0; --i) back[i - 1] = Out(Message("NLD/hq", i)).lost_because.empty() ? '.' : 'x';
  EXPECT_EQ(back, forth);
  EXPECT_NE(forth.find('x'), std::string::npos);
  EXPECT_NE(forth.find('.'), std::string::npos);
}

TEST_F(MessageFaultsTest, AnotherFaultMovesNoDecisionOfThisOne) {
  Start(Lossy("jam"));
  Losses(faults_);
  const auto of_jam = [&] {
    std::vector<std::uint64_t> units;
    for (const auto& event : told_) {
      if (event.rule() == "jam/loss") units.push_back(event.unit());
    }
    told_.clear();
    return units;
  };
  const auto alone = of_jam();
  Start(Lossy("other"));
  Losses(faults_);
  EXPECT_EQ(of_jam(), alone);
}

TEST_F(MessageFaultsTest, DuplicatesComeBeside) {
  v1::FaultPlan fault;
  fault.set_id("twice");
  Impair(*fault.mutable_messages(), "duplicate", "share", "100 %");
  Start(fault);
  EXPECT_EQ(Out(Message("NLD/hq", 1)).copies, 1U);
}

}  // namespace
}  // namespace entente::harness
