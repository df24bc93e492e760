// SPDX-License-Identifier: Apache-2.0
// Every adapter of this build behind an access point: what holds for one protocol must hold for all.
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "adapters/api/registry.h"
#include "adapters/gateway/core/replay.h"
#include "adapters/gateway/core/test/access_point_world.h"

namespace entente::gateway {
namespace {

using test::Gateway;
using test::World;
using ::testing::StartsWith;

AccessPointConfig ConfigFor(const adapter::AdapterInfo& adapter, const adapter::Form& form, std::string_view node) {
  AccessPointConfig config{.node = *NodeId::Parse(node)};
  config.adapter = &adapter;
  config.form = form.name;
  config.carrier = form.carrier;
  config.transport = form.carrier == adapter::Carrier::kStream ? "tcp" : "udp";
  config.options = adapter::NodeOptions::Defaults(adapter.node_options);
  config.may_egress_unlabelled = [](const v1::Label&) { return true; };
  config.incarnation = 1;
  return config;
}

v1::Envelope Frigate(const Gateway& gateway) {
  v1::Envelope message = test::TrackEnvelope("exercise:frigate", 54.5, ToNanoseconds(gateway.clock.Read().utc));
  message.mutable_native_id()->set_scheme("exercise");
  message.mutable_native_id()->set_value("frigate");
  message.mutable_label()->set_policy("EXERCISE");
  message.mutable_label()->set_classification("UNCLASSIFIED");
  v1::Track& track = *message.mutable_track();
  track.set_callsign("FRIGATE");
  track.mutable_position()->set_longitude_deg(11.25);
  track.mutable_altitude()->set_metres(0);
  track.mutable_altitude()->set_datum(v1::ALTITUDE_DATUM_ELLIPSOID);
  track.set_course_deg(90);
  track.set_speed_mps(5);
  track.mutable_classification()->set_standard_identity(v1::STANDARD_IDENTITY_FRIEND);
  track.mutable_classification()->set_dimension(v1::DIMENSION_SEA_SURFACE);
  return message;
}

// One form of one adapter.
struct FormCase {
  const adapter::AdapterInfo* adapter;
  const adapter::Form* form;
};
void PrintTo(const FormCase& each, std::ostream* out) {
  *out << each.adapter->name << ' ' << each.form->name;
}

std::vector<FormCase> AllForms() {
  std::vector<FormCase> cases;
  for (const adapter::AdapterInfo* adapter : adapter::Adapters()) {
    for (const adapter::Form& form : adapter->forms) cases.push_back({adapter, &form});
  }
  return cases;
}

std::string NameOf(const ::testing::TestParamInfo<FormCase>& info) {
  std::string name = std::string(info.param.adapter->name) + "_" + std::string(info.param.form->name);
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

class EveryFormTest : public ::testing::TestWithParam<FormCase> {
 protected:
  // What the access point puts out, unit by unit.
  static std::vector<SharedBytes> Outputs(World& world) {
    std::vector<SharedBytes> outputs;
    while (const auto output = world.point.NextOutput(world.gateway.clock.Read())) outputs.push_back(output->octets);
    world.point.OnWritten(world.gateway.clock.Read());
    return outputs;
  }
  static void Hear(World& world, const std::vector<SharedBytes>& outputs) {
    for (const SharedBytes& octets : outputs) world.point.OnReceived(*octets, world.gateway.clock.Read());
  }

  Gateway gateway;
};

TEST_P(EveryFormTest, DecidesAndAcknowledgesEveryDelivery) {
  World world(gateway, ConfigFor(*GetParam().adapter, *GetParam().form, "DEU/a"));
  world.Connect();
  world.Deliver(Frigate(gateway), 1);
  Outputs(world);
  ASSERT_EQ(gateway.Egressed().size(), 1U);
  EXPECT_EQ(gateway.Egressed()[0].outcome(), v1::SEND_OUTCOME_SENT) << gateway.Egressed()[0].reason();
  EXPECT_GT(gateway.Egressed()[0].ledger_size(), 0);
  EXPECT_EQ(world.point.undecided(), 0U);
  ASSERT_EQ(world.bus.acknowledged.size(), 1U);
}

TEST_P(EveryFormTest, AnotherNodeUnderstandsTheSameObject) {
  World sender(gateway, ConfigFor(*GetParam().adapter, *GetParam().form, "DEU/a"));
  World receiver(gateway, ConfigFor(*GetParam().adapter, *GetParam().form, "FRA/b"));
  sender.Connect();
  receiver.Connect();
  sender.Deliver(Frigate(gateway), 1);
  Hear(receiver, Outputs(sender));
  for (const v1::Envelope& said : receiver.bus.published) {  // a protocol may say name and position apart
    EXPECT_EQ(said.object_id(), "exercise:frigate");
    EXPECT_EQ(said.provenance().protocol(), GetParam().adapter->name);
  }
  const auto track = std::ranges::find(receiver.bus.published, v1::FAMILY_TRACK, &v1::Envelope::family);
  ASSERT_NE(track, receiver.bus.published.end());
  EXPECT_NEAR(track->track().position().latitude_deg(), 54.5, 1e-4);
}

TEST_P(EveryFormTest, WhatANodeSaysBackIsAnEcho) {
  World world(gateway, ConfigFor(*GetParam().adapter, *GetParam().form, "DEU/a"));
  world.Connect();
  world.Deliver(Frigate(gateway), 1);
  Hear(world, Outputs(world));
  EXPECT_TRUE(world.bus.published.empty());
  const auto refused = gateway.EventsOf(v1::RecordEvent::kMessageRefused);
  ASSERT_FALSE(refused.empty());
  EXPECT_EQ(refused[0].message_refused().reason(), "echo of FRA/hq#1.R.1");
}

TEST_P(EveryFormTest, GarbageIsRecordedAndStopsNothing) {
  World world(gateway, ConfigFor(*GetParam().adapter, *GetParam().form, "DEU/a"));
  world.Connect();
  for (int round = 0; round < 20; ++round) {
    Bytes garbage(997, static_cast<std::uint8_t>(round * 37));
    for (std::size_t i = 0; i < garbage.size(); i += 7)
      garbage[i] = static_cast<std::uint8_t>(i * 31 + static_cast<std::size_t>(round));
    world.point.OnReceived(garbage, gateway.clock.Read());
  }
  world.point.OnDisconnected("reset", gateway.clock.Read());
  world.Connect();
  world.Deliver(Frigate(gateway), 1);
  EXPECT_FALSE(Outputs(world).empty());
}

INSTANTIATE_TEST_SUITE_P(Adapters, EveryFormTest, ::testing::ValuesIn(AllForms()), NameOf);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(EveryFormTest);

// The whole file at once.
void ReplayWhole(World& world, const std::filesystem::path& path, const adapter::AdapterInfo& adapter) {
  std::ifstream stream(path, std::ios::binary);
  const Bytes file{std::istreambuf_iterator<char>(stream), {}};
  auto chunks = ReadRecording(file, adapter);
  ASSERT_TRUE(chunks) << path << ": " << chunks.error().Text();
  world.Connect("file");
  for (const RecordedChunk& chunk : *chunks) world.point.OnReplayed(chunk.octets, chunk.time, world.gateway.clock.Read());
}

TEST(RealRecordingsTest, AnAisLogSpeaksForAVesselWithTimesOfNow) {
  const std::filesystem::path log = std::filesystem::path(ENTENTE_SHARED_DATA) / "ais" / "tagblock.nmea";
  const adapter::AdapterInfo* const ais = adapter::FindAdapter("ais");
  if (ais == nullptr || !std::filesystem::exists(log)) GTEST_SKIP() << "no AIS adapter, or no " << log;
  Gateway gateway;
  World world(gateway, ConfigFor(*ais, ais->forms[0], "NOR/coast"));
  ReplayWhole(world, log, *ais);
  ASSERT_FALSE(world.bus.published.empty());
  const std::int64_t now_ns = ToNanoseconds(gateway.clock.Read().utc);
  for (const v1::Envelope& envelope : world.bus.published) {
    EXPECT_THAT(envelope.object_id(), StartsWith("mmsi:"));
    if (!envelope.times().has_observed()) continue;
    EXPECT_NEAR(static_cast<double>(envelope.times().observed().utc_ns() - now_ns), 0, 90e9) << envelope.ShortDebugString();
  }
}

TEST(RealRecordingsTest, CapturesOfADisSimulatorAreUnderstoodByAis) {
  const std::filesystem::path folder = std::filesystem::path(ENTENTE_SHARED_DATA) / "dis" / "pcap_from_dislog";
  const adapter::AdapterInfo* const dis = adapter::FindAdapter("dis");
  const adapter::AdapterInfo* const ais = adapter::FindAdapter("ais");
  if (dis == nullptr || ais == nullptr || !std::filesystem::exists(folder)) GTEST_SKIP() << "no adapters, or no " << folder;
  Gateway gateway;
  World simulator(gateway, ConfigFor(*dis, *dis->DefaultForm(adapter::Carrier::kDatagram), "USA/sim"));
  World coast(gateway, ConfigFor(*ais, ais->forms[0], "NOR/coast"));
  coast.Connect();
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".pcap") ReplayWhole(simulator, entry.path(), *dis);
  }
  ASSERT_FALSE(simulator.bus.published.empty());
  std::uint64_t delivery = 0;
  for (const v1::Envelope& envelope : simulator.bus.published) coast.Deliver(envelope, ++delivery);
  coast.Drain();
  EXPECT_EQ(gateway.Egressed().size(), delivery) << "each has an outcome";
  EXPECT_EQ(coast.bus.acknowledged.back().second, delivery);
  EXPECT_FALSE(gateway.EventsOf(v1::RecordEvent::kIdentityAssigned).empty());
}

}  // namespace
}  // namespace entente::gateway
