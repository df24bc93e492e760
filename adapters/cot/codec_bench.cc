// SPDX-License-Identifier: Apache-2.0
// What CoT costs: octets to canonical message and back, against pugixml reading the same event and the twelve fields that every
// receiver wants.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <pugixml.hpp>
#include <vector>

#include "adapters/cot/codec.h"
#include "adapters/cot/info.h"
#include "adapters/cot/stream_framer.h"

namespace entente::cot {
namespace {

// As ATAK sends its own position, about 860 octets.
constexpr std::string_view kEvent =
    "<event version=\"2.0\" uid=\"ANDROID-0123456789abcdef\" type=\"a-f-G-U-C-I\" time=\"2026-03-01T10:15:30.250Z\" "
    "start=\"2026-03-01T10:15:30.250Z\" stale=\"2026-03-01T10:21:45.250Z\" how=\"m-g\" access=\"RESTRICTED\" qos=\"1-r-c\" "
    "opex=\"e-STEADFAST\">\n"
    "    <point lat=\"54.321987654321\" lon=\"-10.135791357913\" hae=\"47.538848411318\" ce=\"4.2\" le=\"9999999.0\"/>\n"
    "    <detail>\n"
    "        <contact endpoint=\"192.168.167.167:4242:tcp\" phone=\"3152545187\" callsign=\"RHINO 6\"/>\n"
    "        <uid Droid=\"RHINO 6\"/>\n"
    "        <__group role=\"Team Member\" name=\"Cyan\"/>\n"
    "        <status battery=\"81\"/>\n"
    "        <takv device=\"SAMSUNG SM-G998B\" platform=\"ATAK-CIV\" os=\"33\" version=\"4.10.0.9 (1f3a1b2)\"/>\n"
    "        <track course=\"114.66817017909176\" speed=\"1.25\"/>\n"
    "        <precisionlocation geopointsrc=\"GPS\" altsrc=\"DTED2\"/>\n"
    "        <_flow-tags_ TAK-Server-0fbd=\"2026-03-01T10:15:30Z\"/>\n"
    "    </detail>\n"
    "</event>";

const adapter::NodeOptions& Options() {
  static const adapter::NodeOptions options = adapter::NodeOptions::Defaults(Info().node_options);
  return options;
}

v1::Envelope Message() {
  return Codec().Decode(AsBytes(kEvent), {kFormXml, Options(), {}})->messages.at(0).envelope;
}

// What a receiver keeps of the event once the document is gone: texts of its own, times and numbers as such.
struct TwelveFields {
  std::string uid, type, how, callsign;
  UtcTime time, start, stale;
  double latitude_deg = 0, longitude_deg = 0, hae_m = 0, course_deg = 0, speed_mps = 0;
};

// Times are read by our own parser, so that the difference is not in them.
UtcTime TimeOf(pugi::xml_attribute attribute) {
  bool zone_known = false;
  return ParseEventTime(attribute.value(), zone_known).value_or(EventTime{}).time;
}

TwelveFields ReadTwelveFields(std::string_view octets) {
  pugi::xml_document document;
  document.load_buffer(octets.data(), octets.size());
  const pugi::xml_node event = document.child("event");
  const pugi::xml_node point = event.child("point");
  const pugi::xml_node detail = event.child("detail");
  const pugi::xml_node track = detail.child("track");
  return {.uid = event.attribute("uid").value(),
          .type = event.attribute("type").value(),
          .how = event.attribute("how").value(),
          .callsign = detail.child("contact").attribute("callsign").value(),
          .time = TimeOf(event.attribute("time")),
          .start = TimeOf(event.attribute("start")),
          .stale = TimeOf(event.attribute("stale")),
          .latitude_deg = point.attribute("lat").as_double(),
          .longitude_deg = point.attribute("lon").as_double(),
          .hae_m = point.attribute("hae").as_double(),
          .course_deg = track.attribute("course").as_double(),
          .speed_mps = track.attribute("speed").as_double()};
}

template <typename Work>
double NanosecondsPerCall(Work work) {
  constexpr int kCalls = 100;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < kCalls; ++i) benchmark::DoNotOptimize(work());
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count() / kCalls;
}

double Median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

// Ours and the peer's in turns, so that both meet the same moods of the machine.
void XmlDecode(benchmark::State& state) {
  std::vector<double> ours, theirs;
  for (auto _ : state) {
    ours.push_back(NanosecondsPerCall([] { return Codec().Decode(AsBytes(kEvent), {kFormXml, Options(), {}}); }));
    theirs.push_back(NanosecondsPerCall([] { return ReadTwelveFields(kEvent); }));
  }
  const double value = Median(ours), peer_value = Median(theirs);
  state.counters["value"] = value;
  state.counters["peer_value"] = peer_value;
  state.counters["ratio"] = value / peer_value;
  state.counters["goal_at_most"] = 1.5;
  state.SetLabel("ns; pugixml, twelve fields read and converted");
}
BENCHMARK(XmlDecode);

void Decode(benchmark::State& state, ByteView unit, std::string_view form) {
  for (auto _ : state) benchmark::DoNotOptimize(Codec().Decode(unit, {form, Options(), {}}));
  state.SetItemsProcessed(state.iterations());
}

void Encode(benchmark::State& state, std::string_view form) {
  const v1::Envelope message = Message();
  adapter::HashedObjectIds ids;
  for (auto _ : state) benchmark::DoNotOptimize(Codec().Encode(message, {form, Options(), ids}));
  state.SetItemsProcessed(state.iterations());
}

void XmlRead(benchmark::State& state) {
  for (auto _ : state) {
    Event event;
    benchmark::DoNotOptimize(ReadEvent(AsBytes(kEvent), kFormXml, event));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(XmlRead);

void XmlEncode(benchmark::State& state) {
  Encode(state, kFormXml);
}
BENCHMARK(XmlEncode);

void TakV1Decode(benchmark::State& state) {
  adapter::HashedObjectIds ids;
  const auto encoded = Codec().Encode(Message(), {kFormTakV1, Options(), ids});
  Decode(state, *encoded->units.front(), kFormTakV1);
}
BENCHMARK(TakV1Decode);

void TakV1Encode(benchmark::State& state) {
  Encode(state, kFormTakV1);
}
BENCHMARK(TakV1Encode);

// Cutting a stream into events, as it arrives in reads of 64 KiB.
void XmlFraming(benchmark::State& state) {
  std::string stream;
  while (stream.size() < 65536) stream += kEvent;
  StreamFramer framer;
  std::int64_t events = 0;
  for (auto _ : state) {
    framer.Append(AsBytes(stream));
    while (auto piece = framer.Next()) {
      benchmark::DoNotOptimize(piece->octets.data());
      ++events;
    }
  }
  state.SetItemsProcessed(events);
}
BENCHMARK(XmlFraming);

}  // namespace
}  // namespace entente::cot
