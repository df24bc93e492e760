// SPDX-License-Identifier: Apache-2.0
// What CoT costs: octets to canonical message and back, against pugixml reading the same event and the twelve fields that every
// receiver wants. Goal: XmlDecode at most 1.5 times PugixmlTwelveFields.
#include <benchmark/benchmark.h>

#include <pugixml.hpp>

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

void PugixmlTwelveFields(benchmark::State& state) {
  for (auto _ : state) {
    pugi::xml_document document;
    document.load_buffer(kEvent.data(), kEvent.size());
    const pugi::xml_node event = document.child("event");
    const pugi::xml_node point = event.child("point");
    const pugi::xml_node detail = event.child("detail");
    benchmark::DoNotOptimize(event.attribute("uid").value());
    benchmark::DoNotOptimize(event.attribute("type").value());
    benchmark::DoNotOptimize(event.attribute("time").value());
    benchmark::DoNotOptimize(event.attribute("start").value());
    benchmark::DoNotOptimize(event.attribute("stale").value());
    benchmark::DoNotOptimize(event.attribute("how").value());
    benchmark::DoNotOptimize(point.attribute("lat").as_double());
    benchmark::DoNotOptimize(point.attribute("lon").as_double());
    benchmark::DoNotOptimize(point.attribute("hae").as_double());
    benchmark::DoNotOptimize(detail.child("contact").attribute("callsign").value());
    benchmark::DoNotOptimize(detail.child("track").attribute("course").as_double());
    benchmark::DoNotOptimize(detail.child("track").attribute("speed").as_double());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kEvent.size()));
}
BENCHMARK(PugixmlTwelveFields);

void Decode(benchmark::State& state, ByteView unit, std::string_view form) {
  for (auto _ : state) benchmark::DoNotOptimize(Codec().Decode(unit, {form, Options(), {}}));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(unit.size()));
}

void Encode(benchmark::State& state, std::string_view form) {
  const v1::Envelope message = Message();
  adapter::HashedObjectIds ids;
  for (auto _ : state) benchmark::DoNotOptimize(Codec().Encode(message, {form, Options(), ids}));
}

void XmlDecode(benchmark::State& state) {
  Decode(state, AsBytes(kEvent), kFormXml);
}
BENCHMARK(XmlDecode);

void XmlRead(benchmark::State& state) {
  for (auto _ : state) {
    Event event;
    benchmark::DoNotOptimize(ReadEvent(AsBytes(kEvent), kFormXml, event));
  }
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
  for (auto _ : state) {
    framer.Append(AsBytes(stream));
    while (auto piece = framer.Next()) benchmark::DoNotOptimize(piece->octets.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(stream.size()));
}
BENCHMARK(XmlFraming);

}  // namespace
}  // namespace entente::cot
