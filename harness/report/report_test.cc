// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "harness/assessment/record_script.h"
#include "harness/report/html_report.h"
#include "harness/report/json_report.h"
#include "harness/report/junit_report.h"
#include "harness/report/markup.h"
#include "harness/report/table.h"
#include "harness/report/terminal.h"

namespace entente::harness {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kHostile = "<script>alert(1)</script>\x1b[2J\"'&\xff";

// Three nations, a fault, an inject, a withheld message, a wrong field, a finding, and hostile text wherever a peer has a say.
RecordScript EventfulScript() {
  RecordScript script;
  script.plan().set_description("Three nations over two protocols, with the link of DEU cut once.");
  for (const char* node : {"DEU/brigade", "FRA/hq"}) script.Node(node);
  script.Node("GBR/ship", "narrow");
  script.ExpectDelivery(0.9, 500).add_to("FRA");
  script.Expect("fields arrive").mutable_fidelity();
  script.Expect("no leak").mutable_no_leak();
  script.Expect("ITA hears").mutable_delivery()->set_at_least(1);
  script.plan().mutable_expectations(3)->add_to("ITA");
  v1::RecoveryExpectation& recovery = *script.Expect("comes back").mutable_recovery();
  recovery.set_fault("cut");
  recovery.set_within_ns(5'000'000'000);
  script.Begin();
  for (int i = 0; i < 40; ++i) {
    script.At(1000 + i * 1000);
    const auto said = script.Track(i % 2 == 0 ? "DEU/brigade" : "FRA/hq");
    const std::string other = i % 2 == 0 ? "FRA/hq" : "DEU/brigade";
    if (i == 12) script.FaultStarted("cut", "outage", "DEU/brigade");
    if (i == 18) script.FaultEnded("cut");
    const bool cut = i >= 12 && i < 18;
    if (cut && i % 2 == 0) {
      script.Composed(said);
      continue;
    }
    script.ComeToBroker(said);
    script.Routed(said, {other});
    script.Egressed(said, other);
    script.Routed(said, {"GBR/ship"}, i % 5 == 0 ? "above the clearance of GBR" : "");
    if (i % 5 != 0) script.Egressed(said, "GBR/ship");
    script.At(1000 + i * 1000 + 20 + i * 3);
    if (!cut) script.Understood(said, other);
    v1::Envelope narrow = said.truth;
    narrow.clear_label();
    narrow.mutable_track()->clear_callsign();
    narrow.mutable_track()->mutable_position()->set_latitude_deg(50.50004);
    if (i == 7) narrow.mutable_track()->clear_speed_mps();
    if (i % 5 != 0) script.Understood(said, "GBR/ship", narrow);
  }
  v1::InjectFired& inject = *script.At(30'000).Add().mutable_inject_fired();
  inject.set_inject("msel-4");
  inject.set_node("FRA/hq");
  inject.set_text("Contact report, grid 32U " + std::string(kHostile));
  script.Refused("DEU/brigade", v1::SIDE_GATEWAY, "qqqqqqqqqqqqqqqq");
  v1::UnitRefused& refused = *script.Add().mutable_unit_refused();
  refused.set_node("GBR/ship");
  refused.set_side(v1::SIDE_GATEWAY);
  refused.mutable_refusal()->set_code("syntax");
  refused.mutable_refusal()->set_text(std::string(kHostile));
  script.At(45'000).State(v1::EXERCISE_STATE_PAUSED, "coffee");
  script.At(50'000).State(v1::EXERCISE_STATE_RUNNING);
  script.At(60'000).End();
  return script;
}

std::filesystem::path Write(const std::string& name, const std::string& text) {
  const std::filesystem::path path = std::filesystem::path(::testing::TempDir()) / name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

TEST(Markup, EscapesWhatCouldEndAnElement) {
  EXPECT_EQ(EscapeMarkup("<a b='c' d=\"e\">&"), "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;");
}

TEST(Markup, ReplacesControlCharactersAndBrokenUtf8) {
  EXPECT_EQ(EscapeMarkup("a\x1b\x01z"), "a\xEF\xBF\xBD\xEF\xBF\xBDz");
  EXPECT_EQ(EscapeMarkup("a\xc3z"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(EscapeMarkup("\xed\xa0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // a surrogate
  EXPECT_EQ(EscapeMarkup("Zürich €"), "Zürich €");
  EXPECT_EQ(EscapeTerminal("a\x1b[2Jb\xc2\x9bz"), "a?[2Jb?z");
}

TEST(Markup, WritesTimesAndNumbers) {
  EXPECT_EQ(AfterStartText(125'000'000'000, 0), "+02:05");
  EXPECT_EQ(AfterStartText(3'725'000'000'000, 0), "+1:02:05");
  EXPECT_EQ(AfterStartText(0, 5'000'000'000), "-00:05");
  EXPECT_EQ(Grouped(1'234'567), "1,234,567");
  EXPECT_EQ(Grouped(999), "999");
}

TEST(TextTables, AlignColumnsByCharactersNotOctets) {
  TextTable table({Align::kLeft, Align::kRight, Align::kLeft});
  table.Add({{"Zürich"}, {"1"}, {"x"}});
  table.Add({{"Bern"}, {"100"}, {"y"}});
  EXPECT_EQ(table.Render(0), "Zürich    1  x\nBern    100  y\n");
}

TEST(TerminalReport, ShowsMatrixExpectationsAndVerdict) {
  const std::string text = TerminalReport(EventfulScript().ToAssessment(), false);
  EXPECT_THAT(text, HasSubstr("Who understood whom"));
  EXPECT_THAT(text, HasSubstr("speed did not arrive"));
  EXPECT_THAT(text, HasSubstr("Verdict: fail (exit code 1)"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    EXPECT_FALSE(text.substr(start, end - start).ends_with(' ')) << text.substr(start, end - start);
    start = end + 1;
  }
}

TEST(TerminalReport, ColoursOnlyWhenAsked) {
  EXPECT_THAT(TerminalReport(EventfulScript().ToAssessment(), true), HasSubstr("\x1b[31mfail"));
}

TEST(JsonReport, BeginsWithItsVersionAndHoldsTheVerdict) {
  Assessment assessment = EventfulScript().ToAssessment();
  assessment.record_digest = "ab12";
  const std::string text = JsonReport(assessment);
  EXPECT_TRUE(text.starts_with("{\n  \"version\": 1,"));
  const auto report = nlohmann::json::parse(text);
  EXPECT_EQ(report["verdict"], "fail");
  EXPECT_EQ(report["exit_code"], 1);
  EXPECT_EQ(report["seed"], 7);
  EXPECT_EQ(report["record_digest"], "ab12");
  EXPECT_EQ(report["expectations"].size(), 5U);
  EXPECT_EQ(report["matrix"]["nodes"].size(), assessment.by_node.size());
  EXPECT_EQ(report["faults"][0]["fault"], "cut");
  EXPECT_EQ(report["timeline"]["injects"].size(), 1U);
}

TEST(JsonReport, IsTheSameForTheSameRecord) {
  EXPECT_EQ(JsonReport(EventfulScript().ToAssessment()), JsonReport(EventfulScript().ToAssessment()));
}

TEST(JunitReport, IsGreenOnlyOnEvidence) {
  const std::string xml = JunitReport(EventfulScript().ToAssessment());
  EXPECT_THAT(xml, HasSubstr("name=\"ITA hears\"><skipped message=\"not-run: "));
  EXPECT_THAT(xml, HasSubstr("name=\"fields arrive\"><failure type=\"fail\""));
  EXPECT_THAT(xml, ContainsRegex("name=\"no leak\"></testcase>"));
  RecordScript empty;
  empty.Node("DEU/a");
  empty.Node("FRA/b");
  empty.ExpectDelivery(1);
  empty.Begin();
  const std::string nothing = JunitReport(empty.End().ToAssessment());
  EXPECT_THAT(nothing, ContainsRegex("tests=\"4\" failures=\"0\" errors=\"0\" skipped=\"4\""));
}

TEST(JunitReport, LeaksFailAndOurErrorsAreErrors) {
  Assessment assessment;
  assessment.expectations.resize(2);
  assessment.expectations[0].judgement.verdict = Verdict::kLeak;
  assessment.expectations[1].judgement.verdict = Verdict::kHarnessError;
  const std::string xml = JunitReport(assessment);
  EXPECT_THAT(xml, HasSubstr("<failure type=\"leak\""));
  EXPECT_THAT(xml, HasSubstr("<error type=\"harness-error\""));
}

TEST(JunitReport, IsWellFormed) {
  if (std::string_view(ENTENTE_XMLLINT).empty()) GTEST_SKIP() << "xmllint is not installed";
  const auto path = Write("entente_junit.xml", JunitReport(EventfulScript().ToAssessment()));
  EXPECT_EQ(std::system((std::string(ENTENTE_XMLLINT) + " --noout " + path.string()).c_str()), 0);
}

TEST(HtmlReport, EscapesWhatCameOffAWire) {
  const std::string page = HtmlReport(EventfulScript().ToAssessment());
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(page, Not(HasSubstr("\x1b")));
  EXPECT_THAT(page, Not(HasSubstr("\xff")));
}

TEST(HtmlReport, NeedsNothingFromOutside) {
  const std::string page = HtmlReport(EventfulScript().ToAssessment());
  for (const char* outside : {"http://", "https://", "src=", "@import", "url("}) EXPECT_THAT(page, Not(HasSubstr(outside)));
}

TEST(HtmlReport, HasEverySectionOfAnEventfulRun) {
  const std::string page = HtmlReport(EventfulScript().ToAssessment());
  for (const char* title : {"Expectations", "Who understood whom", "Why did it not arrive?", "Timeline", "Latency by precedence",
                            "Fidelity", "Findings and refusals", "Access links", "Nodes"}) {
    EXPECT_THAT(page, HasSubstr(std::string("<h2>") + title)) << title;
  }
  Write("entente_report.html", page);
}

// One unit broken by a rule and understood against it.
RecordScript MalformedScript() {
  RecordScript script;
  script.Node("DEU/a");
  script.Node("FRA/b");
  script.Begin();
  auto said = script.Track("DEU/a");
  script.At(1000).Composed(said);
  script.Damaged(said, "DEU/a", v1::DIRECTION_TO_GATEWAY);
  said.hash = RecordScript::DamagedHash(said);
  script.Received(said);
  script.At(2000).Deliver("DEU/a", "FRA/b");
  script.End();
  return script;
}

TEST(MalformedTraffic, IsTakenIntoEveryReport) {
  const Assessment assessment = MalformedScript().ToAssessment();
  const std::string page = HtmlReport(assessment);
  EXPECT_THAT(page, HasSubstr("<h2>Malformed traffic"));
  EXPECT_THAT(page, HasSubstr("wide.length"));
  EXPECT_THAT(page, HasSubstr("accepted although wrong"));
  const auto json = nlohmann::json::parse(JsonReport(assessment));
  ASSERT_EQ(json["malformed"].size(), 1U);
  EXPECT_EQ(json["malformed"][0]["rule"], "wide.length");
  EXPECT_EQ(json["malformed"][0]["reception"], "accepted although wrong");
  EXPECT_EQ(json["malformed"][0]["direction"], "to-gateway");
  EXPECT_EQ(json["malformed"][0]["survived"], 1);
  const std::string terminal = TerminalReport(assessment, false);
  EXPECT_THAT(terminal, HasSubstr("How malformed units were taken"));
  EXPECT_THAT(terminal, ContainsRegex("wide.length +from DEU/a +accepted although wrong: understood, though clause 7"));
}

TEST(MalformedTraffic, IsNotSpokenOfWhereThereWasNone) {
  const Assessment assessment = EventfulScript().ToAssessment();
  EXPECT_THAT(HtmlReport(assessment), Not(HasSubstr("Malformed traffic")));
  EXPECT_THAT(TerminalReport(assessment, false), Not(HasSubstr("malformed")));
}

TEST(HtmlReport, IsMarkupThatCloses) {
  if (std::string_view(ENTENTE_XMLLINT).empty()) GTEST_SKIP() << "xmllint is not installed";
  const auto path = Write("entente_report_check.html", HtmlReport(EventfulScript().ToAssessment()));
  const std::string errors = path.string() + ".errors";
  ASSERT_EQ(std::system((std::string(ENTENTE_XMLLINT) + " --html --noout " + path.string() + " 2>" + errors).c_str()), 0);
  std::ifstream file(errors);
  for (std::string line; std::getline(file, line);) EXPECT_THAT(line, Not(HasSubstr("Opening and ending tag mismatch")));
}

TEST(HtmlReport, AnEmptyRunStillSaysItsVerdict) {
  EXPECT_THAT(HtmlReport(Assessment{}), HasSubstr("not-run"));
}

}  // namespace
}  // namespace entente::harness
