// SPDX-License-Identifier: Apache-2.0
// The exercises that tell a story end as they must, expectation by expectation, and for the reasons that the story gives.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "harness/assessment/reception.h"
#include "tests/whole/simulated_whole.h"

namespace entente::whole {
namespace {

using harness::Fate;
using harness::Verdict;
using testing::HasSubstr;
using testing::IsSubsetOf;
using Verdicts = std::map<std::string, Verdict>;
using Names = std::set<std::string>;

constexpr Verdict kPass = Verdict::kPass;
constexpr Verdict kDeviates = Verdict::kPassWithDeviation;

class StoryTest : public testing::Test {
 protected:
  void Tell(const std::string& name, Verdict verdict = kPass) {
    judged_ = RunWholeFile(ENTENTE_SOURCE_DIR "/exercises/" + name + ".yaml");
    EXPECT_EQ(judged_.assessment.exit_code, 0) << Reasons(judged_.assessment);
    EXPECT_EQ(judged_.assessment.judgement.verdict, verdict) << Reasons(judged_.assessment);
    EXPECT_TRUE(judged_.assessment.leaks.empty());
  }
  [[nodiscard]] Verdicts Ends() const {
    Verdicts verdicts;
    for (const auto& expectation : judged_.assessment.expectations) verdicts[expectation.id] = expectation.judgement.verdict;
    return verdicts;
  }
  [[nodiscard]] std::uint64_t Lost(std::string_view from, std::string_view to, Fate fate, std::string_view reason) const {
    for (const auto& loss : judged_.assessment.losses) {
      if (loss.from == from && loss.to == to && loss.fate == fate && loss.reason == reason) return loss.count;
    }
    return 0;
  }
  // Decisions of a fault's impairment on a link, by what was decided.
  [[nodiscard]] std::map<std::string, int> Decided(std::string_view link, std::string_view rule) const {
    std::map<std::string, int> counts;
    for (const v1::RecordEvent& event : judged_.events) {
      const v1::LinkDecision& decision = event.link_decision();
      if (event.has_link_decision() && decision.link() == link && decision.rule() == rule) ++counts[decision.decision()];
    }
    return counts;
  }
  // Callsigns that a node has understood.
  [[nodiscard]] Names Seen(std::string_view node) const {
    Names seen;
    for (const v1::RecordEvent& event : judged_.events) {
      const v1::MessageUnderstood& understood = event.message_understood();
      if (understood.node() == node && understood.understood().has_track()) seen.insert(understood.understood().track().callsign());
    }
    return seen;
  }
  // Words that a node has understood.
  [[nodiscard]] Names Heard(std::string_view node) const {
    Names heard;
    for (const v1::RecordEvent& event : judged_.events) {
      const v1::MessageUnderstood& understood = event.message_understood();
      if (understood.node() == node && understood.understood().has_chat()) heard.insert(understood.understood().chat().text());
    }
    heard.erase("");  // receipts
    return heard;
  }

  Judged judged_;
};

TEST_F(StoryTest, DisasterRelief) {
  Tell("disaster-relief", kDeviates);
  EXPECT_EQ(Ends(), (Verdicts{{"emergencies-reach-everybody", kDeviates},
                              {"orders-reach-everybody", kPass},
                              {"the-warning-reaches-everybody", kPass},
                              {"urgent-is-fast", kDeviates},
                              {"short-wave-is-fast-enough", kPass},
                              {"the-picture-is-good-enough", kPass},
                              {"the-town-comes-back", kPass},
                              {"the-ship-knows-the-patient", kPass},
                              {"nobody-else-does", kPass},
                              {"nobody-sees-too-much", kPass}}))
      << Reasons(judged_.assessment);
  // The deviation is the simulator's, as it declares.
  EXPECT_EQ(Lost("GRC/engineers", "FRA/helicopters", Fate::kUnsupported, "IEEE 1278.1 has no PDU for alerts"), 2U);
  EXPECT_THAT(Reasons(judged_.assessment), HasSubstr("as it declares (for example: IEEE 1278.1 has no PDU for alerts)"));
  EXPECT_GT(Decided("GRC/civil-protection", "outage")["held"], 0) << "the cell was down";
  EXPECT_EQ(Heard("UN/coordination").count("Casualty aboard, in surgery."), 1U);
  for (const char* node : {"UN/coordination", "FRA/liaison", "FRA/helicopters", "GRC/coastguard"}) {
    for (const std::string& words : Heard(node)) EXPECT_EQ(words.find("Blood group"), std::string::npos) << node;
  }
}

TEST_F(StoryTest, DisasterReliefShedsRoutineTracksOnlyAndSaysSo) {
  Tell("disaster-relief", kDeviates);
  int shed = 0;
  for (const v1::RecordEvent& event : judged_.events) {
    if (!event.has_message_impaired()) continue;
    EXPECT_EQ(event.message_impaired().rule(), "routine-is-shed/loss");
    EXPECT_EQ(event.message_impaired().id().precedence(), v1::PRECEDENCE_ROUTINE);
    ++shed;
  }
  EXPECT_GT(shed, 50);
  // Whether it went at the sender's gateway or at the receiver's, the reason is the same.
  EXPECT_GT(Lost("FRA/helicopters", "FRA/liaison", Fate::kLost, "lost by routine-is-shed/loss"), 3U);
  for (const auto& loss : judged_.assessment.losses) EXPECT_NE(loss.fate, Fate::kUnexplained) << loss.from << loss.reason;
}

TEST_F(StoryTest, JammedPicture) {
  Tell("jammed-picture");
  EXPECT_EQ(Ends(), (Verdicts{{"the-coasts-are-seen", kPass},
                              {"the-air-picture-holds", kPass},
                              {"the-frigates-picture-holds", kPass},
                              {"the-diver-is-reported", kPass},
                              {"orders-arrive", kPass},
                              {"back-after-the-bursts", kPass},
                              {"back-after-the-sweep", kPass},
                              {"back-after-the-silence", kPass},
                              {"the-air-link-is-back", kPass},
                              {"the-rest-is-fresh", kPass},
                              {"places-stay-true", kPass},
                              {"transponders-hear-nothing", kPass},
                              {"nobody-sees-too-much", kPass}}))
      << Reasons(judged_.assessment);
  // A stream repeats what a burst takes, and comes late; datagrams are gone.
  EXPECT_GT(Decided("POL/frigate", "jam-in-bursts/burst-loss")["delayed"], 2);
  EXPECT_GT(Decided("SWE/air", "data-link-is-jammed/burst-loss")["lost"], 3);
  int breaks = 0;
  std::int64_t furthest_ns = 0;
  for (const v1::RecordEvent& event : judged_.events) {
    const v1::NodeStateChanged& change = event.node_state_changed();
    if (change.node() == "POL/frigate" && change.side() == v1::SIDE_GATEWAY && change.state() == v1::NODE_STATE_LOST) ++breaks;
    if (event.message_composed().node() != "POL/frigate") continue;
    furthest_ns = std::max(furthest_ns, event.message_composed().truth().times().observed().utc_ns() - event.utc_ns());
  }
  EXPECT_EQ(breaks, 5) << "the jammer sweeps over her five times in ten seconds";
  EXPECT_GE(furthest_ns, 250'000'000) << "her clock is ahead";
  EXPECT_EQ(Seen("DEU/maritime-command"), (Names{"", "KORP 1", "FALK 11", "FALK 12", "KBV 003", "BALTIC DAWN", "HAMMERODDE",
                                                 "SEVERNY", "SOKOL", "PELIKAN 5", "TRACK 4471"}));
}

TEST_F(StoryTest, HybridThreat) {
  Tell("hybrid-threat");
  EXPECT_EQ(Ends(), (Verdicts{{"attacks-stop-nobody", kPass},
                              {"real-ships-are-seen", kPass},
                              {"the-patrol-is-heard", kPass},
                              {"orders-arrive", kPass},
                              {"allies-learn-of-the-hunt", kPass},
                              {"the-company-does-not", kPass},
                              {"the-company-does-not-see-the-patrol", kPass},
                              {"places-stay-true", kPass},
                              {"nobody-sees-too-much", kPass}}))
      << Reasons(judged_.assessment);
  EXPECT_THAT(Seen("PORT/operator"), IsSubsetOf(Names{"PILOT VENTA", "AMBER BAY", ""}));
  EXPECT_EQ(Heard("PORT/operator"), (Names{"The transponder feed is forged. Trust radar and eyes, keep all berths.",
                                           "The attack is over. All displays can be trusted again."}));
  EXPECT_EQ(Lost("EST/border-guard", "LVA/command", Fate::kLost, "lost by patrol-is-cut-off/partition"), 12U);
}

// What was forged and broken, of each kind and both ways; and how it was taken.
TEST_F(StoryTest, HybridThreatIsTakenAsTheRulesDemand) {
  Tell("hybrid-threat");
  Names rules;
  Names at_the_node;
  std::uint64_t units = 0;
  for (const harness::ReceptionSummary& reception : judged_.assessment.receptions) {
    EXPECT_TRUE(harness::IsSound(reception.reception)) << reception.rule << ": " << reception.reason;
    EXPECT_EQ(reception.survived, reception.units) << reception.rule;
    (reception.direction == v1::DIRECTION_TO_NODE ? at_the_node : rules).insert(reception.rule);
    units += reception.units;
  }
  EXPECT_GT(units, 50U);
  for (const char* rule : {"ais.mmsi", "ais.mmsi-unassigned", "cot.forged-sender", "cot.empty-uid", "dis.entity-is-all"}) {
    EXPECT_TRUE(rules.contains(rule)) << "identity: " << rule;
  }
  for (const char* rule : {"cot.version-1", "cot.tak-before-agreed", "dis.other-exercise", "dis.old-version"}) {
    EXPECT_TRUE(rules.contains(rule)) << "state: " << rule;
  }
  for (const char* rule : {"cot.thirtieth-of-february", "cot.stale-before-start", "dis.timestamp-stale", "ais.tag-time-in-words"}) {
    EXPECT_TRUE(rules.contains(rule)) << "time: " << rule;
  }
  for (const char* rule : {"cot.external-entity", "cot.external-subset", "cot.too-deep", "cot.default-namespace"}) {
    EXPECT_TRUE(rules.contains(rule)) << "XML: " << rule;
  }
  EXPECT_TRUE(at_the_node.contains("cot.entity-bomb"));
}

}  // namespace
}  // namespace entente::whole
