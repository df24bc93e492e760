// SPDX-License-Identifier: Apache-2.0
// Agreement with decoders and an encoder that are not ours: tshark reads what we encode, open-dis reads and writes it, and we read
// what open-dis makes.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "adapters/dis/pdu_reader.h"
#include "adapters/dis/peer_process.h"
#include "adapters/dis/test_vectors.h"
#include "adapters/dis/timestamp.h"

namespace entente::dis {
namespace {

// Our encoding of each vector's message.
std::map<std::string, Bytes> OurEncodings() {
  std::map<std::string, Bytes> encodings;
  const auto options = OptionsWith({});
  for (const Vector& vector : Vectors()) {
    adapter::HashedObjectIds ids;
    encodings.emplace(vector.name, *Info().codec->Encode(vector.message, {vector.form, options, ids})->units[0]);
  }
  return encodings;
}

// ---- tshark

struct Expected {
  const char* field;
  std::vector<double> values;
  double tolerance;
};

void ExpectVector(std::vector<Expected>& all, const char* x, const char* y, const char* z, const Vector32& v) {
  for (const auto& [field, value] : {std::pair{x, v.x}, {y, v.y}, {z, v.z}})
    all.push_back({field, {value}, 1e-5 * std::abs(value)});
}

void ExpectLocation(std::vector<Expected>& all, const char* x, const char* y, const char* z, const WorldCoordinates& w) {
  for (const auto& [field, value] : {std::pair{x, w.x}, {y, w.y}, {z, w.z}}) all.push_back({field, {value}, 1e-3});
}

std::vector<Expected> FieldsOf(const EntityState& s) {
  std::vector<Expected> all{{"dis.entity_id_site", {double(s.entity.site)}, 0},
                            {"dis.entity_id_application", {double(s.entity.application)}, 0},
                            {"dis.entity_id_entity", {double(s.entity.entity)}, 0},
                            {"dis.force_id", {double(s.force)}, 0},
                            {"dis.num_articulation_params", {double(s.variable_parameters.size() / 16)}, 0},
                            {"dis.entityKind", {double(s.type.kind), double(s.alternative_type.kind)}, 0},
                            {"dis.entityDomain", {double(s.type.domain), double(s.alternative_type.domain)}, 0},
                            {"dis.country", {double(s.type.country), double(s.alternative_type.country)}, 0},
                            {"dis.subcategory", {double(s.type.subcategory), double(s.alternative_type.subcategory)}, 0},
                            {"dis.specific", {double(s.type.specific), double(s.alternative_type.specific)}, 0},
                            {"dis.appearance", {double(s.appearance)}, 0}};
  ExpectVector(all, "dis.entity_linear_velocity.x", "dis.entity_linear_velocity.y", "dis.entity_linear_velocity.z", s.velocity);
  ExpectLocation(all, "dis.entity_location.x", "dis.entity_location.y", "dis.entity_location.z", s.location);
  ExpectVector(all, "dis.entity_orientation.psi", "dis.entity_orientation.theta", "dis.entity_orientation.phi",
               {s.orientation.psi, s.orientation.theta, s.orientation.phi});
  ExpectVector(all, "dis.entity_angular_velocity.x", "dis.entity_angular_velocity.y", "dis.entity_angular_velocity.z",
               s.dead_reckoning.angular_velocity);
  return all;
}

template <typename Pdu>
std::vector<Expected> WeaponFieldsOf(const Pdu& p) {
  return {{"dis.entity_id_entity", {double(p.firer.entity), double(p.target.entity), double(p.munition.entity)}, 0},
          {"dis.event_number", {double(p.event.entity)}, 0},
          {"dis.warhead", {double(p.descriptor.warhead)}, 0},
          {"dis.fuse", {double(p.descriptor.fuse)}, 0},
          {"dis.quality", {double(p.descriptor.quantity)}, 0},  // the name tshark gives to the quantity
          {"dis.rate", {double(p.descriptor.rate)}, 0}};
}

std::vector<Expected> BodyFieldsOf(ByteView pdu) {
  switch (pdu[2]) {
    case 1:
      return FieldsOf(*ReadEntityState(pdu));
    case 2: {
      const auto fire = ReadFire(pdu);
      auto all = WeaponFieldsOf(*fire);
      ExpectLocation(all, "dis.fire.location.x", "dis.fire.location.y", "dis.fire.location.z", fire->location);
      ExpectVector(all, "dis.linear_velocity.x", "dis.linear_velocity.y", "dis.linear_velocity.z", fire->velocity);
      all.push_back({"dis.range", {fire->range_m}, 1e-2});
      return all;
    }
    case 3: {
      const auto detonation = ReadDetonation(pdu);
      auto all = WeaponFieldsOf(*detonation);
      ExpectLocation(all, "dis.detonation.location.x", "dis.detonation.location.y", "dis.detonation.location.z",
                     detonation->location);
      all.push_back({"dis.detonation.result", {double(detonation->result)}, 0});
      return all;
    }
    case 22:
      return {{"dis.num_variable_data", {1}, 0}, {"dis.datum_length", {26.0 * 8}, 0}};
    case 11:
    case 12:
    case 13:
    case 14:
    case 15: {
      const auto control = ReadSimulationManagement(pdu);
      return {{"dis.entity_id_site", {double(control->originating.site), double(control->receiving.site)}, 0},
              {"dis.request_id", {double(control->request)}, 0}};
    }
    default:
      return {};
  }
}

std::vector<Expected> AllFieldsOf(ByteView pdu) {
  const Header header = *ReadHeader(pdu);
  std::vector<Expected> all{
      {"dis.proto_ver", {double(header.version)}, 0}, {"dis.exer_id", {double(header.exercise)}, 0},
      {"dis.pdu_type", {double(header.type)}, 0},     {"dis.proto_fam", {double(header.family)}, 0},
      {"dis.pdu_length", {double(header.length)}, 0}, {"dis.timestamp", {ToSeconds(PastHour(header.timestamp))}, 2e-6}};
  std::ranges::move(BodyFieldsOf(pdu), std::back_inserter(all));
  return all;
}

std::vector<double> NumbersOf(const std::string& text) {
  std::vector<double> numbers;
  std::istringstream in(text);
  for (std::string number; std::getline(in, number, ';');) {
    numbers.push_back(number.starts_with("0x") ? double(std::stoul(number, nullptr, 16)) : std::stod(number));
  }
  return numbers;
}

TEST(PeersTest, TsharkReadsEveryFieldAsWeWroteIt) {
  if (std::string_view(ENTENTE_TSHARK).empty()) GTEST_SKIP() << "tshark is not installed";
  for (const auto& [name, octets] : OurEncodings()) {
    SCOPED_TRACE(name);
    const auto capture = TemporaryFile(name + ".pcap");
    WritePcap(capture, {octets});
    const std::vector<Expected> expected = AllFieldsOf(octets);
    std::string command = fmt::format("{} -r '{}' -d udp.port==3000,dis -T fields -E separator='|' -E aggregator=';'",
                                      ENTENTE_TSHARK, capture.string());
    for (const Expected& field : expected) command += fmt::format(" -e {}", field.field);
    const auto lines = LinesOf(command + " 2>/dev/null");
    ASSERT_EQ(lines.size(), 1U) << command;
    std::istringstream line(lines[0]);
    for (const Expected& field : expected) {
      std::string text;
      std::getline(line, text, '|');
      const std::vector<double> got = NumbersOf(text);
      ASSERT_GE(got.size(), field.values.size()) << field.field;
      for (std::size_t i = 0; i < field.values.size(); ++i) {
        EXPECT_NEAR(got[i], field.values[i], field.tolerance + 1e-9) << field.field;
      }
    }
  }
}

// ---- open-dis

std::vector<nlohmann::json> OpenDis(int version, const std::string& arguments) {
  std::vector<nlohmann::json> results;
  for (const std::string& line : LinesOf(fmt::format("ENTENTE_PEERS_DIR='{}' {} '{}/adapters/dis/peers/open_dis.mjs' {} {}",
                                                     ENTENTE_PEERS_DIR, ENTENTE_NODE, ENTENTE_SOURCE_DIR, version, arguments))) {
    results.push_back(nlohmann::json::parse(line));
  }
  return results;
}

class OpenDisTest : public testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    if (std::string_view(ENTENTE_NODE).empty() || !std::filesystem::exists(ENTENTE_PEERS_DIR "/node_modules/open-dis")) {
      GTEST_SKIP() << "npm open-dis is not installed in " << ENTENTE_PEERS_DIR;
    }
  }
};

// It reads our octets and writes its fields again: equal octets mean that every field was read as we meant it.
TEST_P(OpenDisTest, GivesBackEveryOctetThatWeEncoded) {
  const auto file = TemporaryFile("pdus.txt");
  std::vector<std::pair<std::string, std::string>> sent;
  std::ofstream out(file);
  for (const auto& [name, octets] : OurEncodings()) {
    if (octets[0] != GetParam()) continue;
    sent.emplace_back(name, ToHex(octets));
    out << sent.back().second << '\n';
  }
  out.close();
  const auto results = OpenDis(GetParam(), "read '" + file.string() + "'");
  ASSERT_EQ(results.size(), sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    SCOPED_TRACE(sent[i].first);
    ASSERT_FALSE(results[i].contains("error")) << results[i].dump();
    std::string back = results[i]["hex"];
    // open-dis does not pad a variable datum to eight octets (README).
    if (sent[i].first.starts_with("comment")) back.resize(sent[i].second.size(), '0');
    EXPECT_EQ(back, sent[i].second);
  }
}

TEST_P(OpenDisTest, SaysTheValuesThatWeMeant) {
  const auto file = TemporaryFile("pdus.txt");
  const std::string name = GetParam() == 6 ? "entity_state_aircraft_v6" : "entity_state_tank_v7";
  const Bytes octets = OurEncodings().at(name);
  std::ofstream(file) << ToHex(octets) << '\n';
  const auto results = OpenDis(GetParam(), "read '" + file.string() + "'");
  ASSERT_EQ(results.size(), 1U);
  const auto& fields = results[0]["fields"];
  const EntityState ours = *ReadEntityState(octets);
  EXPECT_EQ(fields["protocolVersion"], ours.header.version);
  EXPECT_EQ(fields["timestamp"], ours.header.timestamp);
  EXPECT_EQ(fields["entityID"][GetParam() == 6 ? "entity" : "entityID"], ours.entity.entity);
  EXPECT_EQ(fields["forceId"], ours.force);
  EXPECT_EQ(fields["entityType"]["country"], ours.type.country);
  EXPECT_EQ(fields["entityLocation"]["x"], ours.location.x);
  EXPECT_EQ(fields["entityLinearVelocity"]["y"], ours.velocity.y);
  EXPECT_EQ(fields["entityOrientation"]["phi"], ours.orientation.phi);
  EXPECT_EQ(fields["entityAppearance"], ours.appearance);
  EXPECT_EQ(fields["deadReckoningParameters"]["deadReckoningAlgorithm"], ours.dead_reckoning.algorithm);
  EXPECT_EQ(fields["capabilities"], ours.capabilities);
}

TEST_P(OpenDisTest, IsReadAsItMeantWhatItMade) {
  const auto results = OpenDis(GetParam(), "make");
  ASSERT_EQ(results.size(), 1U);
  const Bytes octets = FromHex(results[0]["hex"].get<std::string>());
  const auto state = ReadEntityState(octets);
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(state->entity, (EntityId{17, 23, 42}));
  EXPECT_EQ(state->force, 2);
  EXPECT_EQ(state->type, (EntityType{1, 2, 78, 1, 3, 4, 5}));
  EXPECT_EQ(state->velocity, (Vector32{1.5, -2.5, 3.25}));
  EXPECT_EQ(state->location, (WorldCoordinates{4079000.5, 573300.25, 4852000.125}));
  EXPECT_EQ(state->orientation, (EulerAngles{0.5, -0.25, 0.125}));
  EXPECT_EQ(state->appearance, 0x10U);
  EXPECT_EQ(state->capabilities, 3U);
  const auto options = OptionsWith({});
  const auto decoded = Info().codec->Decode(octets, {GetParam() == 6 ? "v6" : "v7", options, VectorTime()});
  ASSERT_TRUE(decoded.has_value());
  EXPECT_EQ(decoded->messages[0].envelope.track().callsign(), "OPENDIS");
  EXPECT_EQ(decoded->messages[0].envelope.track().operational_status().code(), v1::OPERATIONAL_CODE_PARTLY);
  EXPECT_THAT(decoded->messages[0].findings, testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Version, OpenDisTest, testing::Values(6, 7),
                         [](const auto& test) { return fmt::format("{}", test.param); });

}  // namespace
}  // namespace entente::dis
