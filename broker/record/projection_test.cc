// SPDX-License-Identifier: Apache-2.0
#include "broker/record/projection.h"

#include <gmock/gmock.h>

#include <cstdio>

#include "base/io/files.h"
#include "broker/record/log_damage.h"
#include "broker/record/projection_fixture.h"
#include "broker/record/schema.h"

namespace entente::record {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Every table's rows, in their order.
std::vector<std::string> Dump(const std::filesystem::path& path) {
  std::vector<std::string> dump = Query(path, "PRAGMA user_version");
  for (const std::string& table : Query(path, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")) {
    dump.push_back(table);
    const std::string columns =
        Query(path, "SELECT group_concat('quote(' || name || ')', ', ') FROM pragma_table_info('" + table + "')").front();
    for (std::string& row : Query(path, "SELECT " + columns + " FROM " + table)) dump.push_back(std::move(row));
  }
  return dump;
}

// One of each event that there is.
Story OneOfEach() {
  Story story;
  v1::RunStarted& run = *story.Add().mutable_run_started();
  run.set_exercise("first-light");
  run.set_seed(0xFFFFFFFFFFFFFFFF);
  run.set_exercise_file_sha256(std::string(32, '\x01'));
  story.Add().mutable_exercise_state_changed()->set_state(v1::EXERCISE_STATE_RUNNING);
  v1::NodeStateChanged& state = *story.Add().mutable_node_state_changed();
  state.set_node("DEU/brigade");
  state.set_state(v1::NODE_STATE_ACTIVE);
  state.set_side(v1::SIDE_GATEWAY);
  story.Add().mutable_node_attached()->set_node("DEU/brigade");
  story.Add().mutable_command_given()->set_command("pause");
  *story.Add().mutable_inject_fired() = InjectEvent(1).inject_fired();
  v1::FaultStarted& fault = *story.Add().mutable_fault_started();
  fault.set_fault("storm");
  fault.set_target("link DEU/brigade both");
  fault.set_kind("loss");
  story.Arrives("DEU/brigade", 1, "FRA/hq", "unit");
  v1::MessageIngested& ingested = story.Ingested("DEU/brigade", 2, {"doubtful"});
  v1::Finding& finding = *ingested.add_findings();
  finding.set_severity(v1::FINDING_SEVERITY_DEVIATION);
  finding.set_clause("MIL-STD-6090");
  finding.set_text("no stale time");
  v1::LedgerEntry& kept = *ingested.add_ledger();
  kept.set_field(v1::FIELD_POSITION);
  kept.set_outcome(v1::LEDGER_OUTCOME_KEPT);
  v1::LedgerEntry& dropped = *ingested.add_ledger();
  dropped.set_field(v1::FIELD_CHAT_BODY);
  dropped.set_outcome(v1::LEDGER_OUTCOME_DROPPED);
  dropped.set_rule("no slot");
  story.Damaged("DEU/brigade", v1::DIRECTION_TO_GATEWAY, "unit", "broken");
  story.Refused("DEU/brigade", v1::SIDE_GATEWAY, "broken");
  story.Composed("DEU/brigade", {"lost"});
  story.LinkDecided("DEU/brigade", v1::DIRECTION_TO_NODE, "lost");
  story.Impaired("DEU/brigade", v1::DIRECTION_TO_NODE, "lost");
  story.RoutedByTurns("DEU/brigade", 4, 2, "FRA/hq", "USA/corps");
  story.RefusedByBroker("DEU/brigade", 3, "not its own name");
  story.Dropped("DEU/brigade", 1, "USA/corps", "queue full");
  v1::IdentityAssigned& identity = *story.Add().mutable_identity_assigned();
  identity.set_object_id("alpha");
  identity.mutable_native()->set_scheme("mmsi");
  v1::DeliveryAcknowledged& acknowledged = *story.Add().mutable_delivery_acknowledged();
  acknowledged.set_node("FRA/hq");
  acknowledged.set_delivery(1);
  v1::FaultEnded& ended = *story.Add().mutable_fault_ended();
  ended.set_fault("storm");
  ended.set_reason("lease");
  story.Add().mutable_link_probed()->set_link("DEU/brigade");
  story.Add().mutable_process_fault()->set_component("gateway");
  story.Add().mutable_node_detached()->set_node("DEU/brigade");
  story.Add().mutable_peer_refused()->set_reason("the certificate names no node");
  story.Add().mutable_broker_started()->set_broker("broker");
  story.Add().mutable_clock_estimated()->set_node("DEU/brigade");
  story.Add().mutable_run_ended()->set_reason("ENDEX");
  return story;
}

class ProjectionTest : public ::testing::Test {
 protected:
  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "record.db";
};

TEST_F(ProjectionTest, KnowsEveryEventOfTheVocabulary) {
  const Story story = OneOfEach();
  std::set<int> told;
  for (const v1::RecordEvent& event : story.events()) told.insert(event.event_case());
  const google::protobuf::OneofDescriptor* events = v1::RecordEvent::descriptor()->FindOneofByName("event");
  for (int i = 0; i < events->field_count(); ++i)
    EXPECT_THAT(told, Contains(events->field(i)->number())) << events->field(i)->name();

  Project(story, path_);
  for (const std::string& table : Query(path_, "SELECT name FROM sqlite_schema WHERE type = 'table'")) {
    EXPECT_NE(Query(path_, "SELECT count(*) FROM " + table).front(), "0") << table;
  }
  EXPECT_THAT(Query(path_, "SELECT exercise, seed FROM run"), ElementsAre("first-light|18446744073709551615"));
  EXPECT_THAT(Query(path_, "SELECT field, outcome, rule FROM ledger"), ElementsAre("chat body|dropped|no slot"));
  EXPECT_THAT(Query(path_, "SELECT severity, text FROM findings"), ElementsAre("deviation|no stale time"));
  EXPECT_THAT(Query(path_, "SELECT fault, end_reason FROM faults"), ElementsAre("storm|lease"));
}

TEST_F(ProjectionTest, EveryViewCanBeRead) {
  Project(OneOfEach(), path_);
  for (const std::string& view : Query(path_, "SELECT name FROM sqlite_schema WHERE type = 'view'")) {
    EXPECT_THAT(Query(path_, "SELECT * FROM " + view), Not(IsEmpty())) << view;
  }
}

TEST_F(ProjectionTest, IsTheSameBuiltWhileTheLogGrowsAndRebuiltFromIt) {
  const VirtualClock clock(Noon());
  auto log = OpenLog({.directory = folder_.path(), .simulated = true, .segment_octets = 4096}, clock);
  auto reader = log->Tail({}, {});
  auto projection = Projection::Create(path_);
  ASSERT_TRUE(projection);
  std::uint64_t followed = 0;
  const std::vector<v1::RecordEvent> events = OneOfEach().events();
  for (std::size_t i = 0; i < events.size(); i += 3) {
    ASSERT_TRUE(log->Append(std::span(events).subspan(i, std::min<std::size_t>(3, events.size() - i))));
    ASSERT_TRUE(log->Flush());
    const Result<std::uint64_t> more = (*projection)->Follow(**reader);
    ASSERT_TRUE(more);
    followed += *more;
  }
  EXPECT_EQ(followed, events.size());
  ASSERT_TRUE((*projection)->Close());
  ASSERT_TRUE(log->Close());

  const std::filesystem::path rebuilt = folder_.path() / "rebuilt.db";
  ASSERT_TRUE(RebuildProjection(folder_.path(), rebuilt));
  EXPECT_EQ(Dump(rebuilt), Dump(path_));
  ASSERT_TRUE(RebuildProjection(folder_.path(), path_)) << "over the one that is there";
  EXPECT_EQ(Dump(rebuilt), Dump(path_));
}

TEST_F(ProjectionTest, HoldsWhatStoodBeforeTheDamageOfALog) {
  const VirtualClock clock(Noon());
  auto log = OpenLog({.directory = folder_.path(), .simulated = true}, clock);
  for (int number = 0; number < 10; ++number) ASSERT_TRUE(log->Append(std::vector{InjectEvent(number)}));
  ASSERT_TRUE(log->Close());
  DamagedSegment damaged(folder_.path() / SegmentName(1));
  damaged.FlipOctet(6, 50);
  damaged.Store();
  const Status rebuilt = RebuildProjection(folder_.path(), path_);
  ASSERT_FALSE(rebuilt);
  EXPECT_EQ(rebuilt.error().code, ErrorCode::kDataLoss);
  EXPECT_THAT(Query(path_, "SELECT count(*) FROM injects"), ElementsAre("6"));
}

TEST_F(ProjectionTest, CanBeReadWhileItIsBuilt) {
  auto projection = Projection::Create(path_);
  ASSERT_TRUE(projection);
  ASSERT_TRUE((*projection)->Apply({InjectEvent(1), {1, 0}}));
  ASSERT_TRUE((*projection)->Commit());
  ASSERT_TRUE((*projection)->Apply({InjectEvent(2), {2, 0}}));
  EXPECT_THAT(Query(path_, "SELECT count(*) FROM injects"), ElementsAre("1"));
  EXPECT_THAT(Query(path_, "SELECT frame, events FROM progress"), ElementsAre("1|1"));
}

TEST_F(ProjectionTest, RefusesAnotherSchemaVersion) {
  ASSERT_TRUE(Projection::Create(path_));
  EXPECT_TRUE(CheckProjection(path_));
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &handle), SQLITE_OK);
  sqlite3_exec(handle, "PRAGMA user_version = 99", nullptr, nullptr, nullptr);
  sqlite3_close(handle);
  const Status refused = CheckProjection(path_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(refused.error().Text(), HasSubstr("99"));
  EXPECT_EQ(CheckProjection(folder_.path() / "nowhere.db").error().code, ErrorCode::kNotFound);
}

TEST_F(ProjectionTest, SaysWhenItCannotBeWritten) {
  const Result<std::unique_ptr<Projection>> projection = Projection::Create(folder_.path() / "no such folder" / "record.db");
  ASSERT_FALSE(projection);
  EXPECT_THAT(projection.error().Text(), HasSubstr("record.db"));
}

TEST_F(ProjectionTest, AnswersTheSqlite3Program) {
  if (std::string_view(ENTENTE_SQLITE3).empty()) GTEST_SKIP() << "sqlite3 is not installed";
  Project(OneOfEach(), path_);
  const std::string command = std::string(ENTENTE_SQLITE3) + " " + path_.string() +
                              " \"SELECT recipient, fate, reason FROM message_fate WHERE message = 'DEU/brigade#1a2b.R.1'\"";
  FILE* output = ::popen(command.c_str(), "r");
  ASSERT_NE(output, nullptr);
  char text[1024] = {};
  const std::size_t length = std::fread(text, 1, sizeof(text) - 1, output);
  EXPECT_EQ(::pclose(output), 0);
  EXPECT_EQ(std::string_view(text, length), "FRA/hq|understood|decoder\nUSA/corps|dropped|queue full\n");
}

}  // namespace
}  // namespace entente::record
