// SPDX-License-Identifier: Apache-2.0
// Sentences per second of processor time, ours and gpsdecode's in the same run on the same log: a recorded one with GPS sentences
// between where there is one, else a made one of a fleet with static data and a few texts. Only AIS sentences are counted.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "adapters/ais/assembler.h"
#include "adapters/ais/capability.h"
#include "adapters/ais/codec.h"
#include "adapters/ais/message_bits.h"
#include "adapters/ais/session.h"
#include "base/prng.h"

namespace entente::ais {
namespace {

constexpr int kShips = 500;

std::string Sentences(const Message& message) {
  const Armoured armoured = WriteMessage(message);
  return FormatSentences(armoured.characters, armoured.fill_bits, {});
}

// Ten position reports of each ship, and its static data once; one text of every tenth.
std::string MakeLog() {
  Prng prng(1);
  std::string log;
  const auto place = [&](auto& report) {
    report.lon = static_cast<std::int32_t>(prng.Below(60'000'000));
    report.lat = static_cast<std::int32_t>(prng.Below(40'000'000));
    report.speed = static_cast<std::uint32_t>(prng.Below(300));
    report.course = static_cast<std::uint32_t>(prng.Below(3600));
    report.heading = static_cast<std::uint32_t>(prng.Below(360));
    report.second = static_cast<std::uint32_t>(prng.Below(60));
  };
  for (std::uint32_t i = 0; i < kShips * 11; ++i) {
    const std::uint32_t mmsi = 211'000'000 + i % kShips;
    if (i % 11 == 10) {
      StaticVoyageData data;
      data.shipname = "SHIP NUMBER " + std::to_string(i % kShips);
      data.callsign = "DA" + std::to_string(1000 + i % kShips);
      data.destination = "KIEL";
      data.shiptype = 70;
      log += Sentences({{5, 0, mmsi}, data});
      SafetyText text;
      text.text = "RADIO CHECK PLEASE";
      if (i % 10 == 0) log += Sentences({{14, 0, mmsi}, text});
    } else if (i % 3 == 0) {
      ClassBPositionReport report;
      place(report);
      log += Sentences({{18, 0, mmsi}, report});
    } else {
      PositionReport report;
      place(report);
      report.status = 0;
      report.turn = 0;
      log += Sentences({{1, 0, mmsi}, report});
    }
  }
  return log;
}

std::string ReadRecordedLog() {
  std::ifstream file(ENTENTE_SHARED_DATA "/ais/ais-nmea.log", std::ios::binary);
  const std::string once{std::istreambuf_iterator<char>(file), {}};
  std::string log;
  for (int i = 0; i < 20; ++i) log += once;
  return log;
}

struct BenchLog {
  std::string octets;
  std::int64_t sentences = 0;
};

BenchLog MakeBenchLog(bool recorded) {
  BenchLog log{recorded ? ReadRecordedLog() : MakeLog()};
  for (std::size_t at = log.octets.find("!AIVDM"); at != std::string::npos; at = log.octets.find("!AIVDM", at + 1)) ++log.sentences;
  return log;
}

// 0: made, AIS sentences only; 1: recorded.
const BenchLog& LogOf(const benchmark::State& state) {
  static const BenchLog made = MakeBenchLog(false);
  static const BenchLog recorded = MakeBenchLog(true);
  return state.range(0) == 1 ? recorded : made;
}

bool HasLog(benchmark::State& state) {
  if (LogOf(state).sentences > 0) return true;
  state.SkipWithError("the recorded log is not there");
  return false;
}

class CountingSink final : public adapter::SessionSink {
 public:
  void OnUnit(const adapter::ReceivedUnit&) override {}
  void OnMessage(adapter::DecodedMessage message, std::span<const ByteView>) override { benchmark::DoNotOptimize(message); }
  void OnRefused(const adapter::RefusedUnit&) override {}
  void OnState(adapter::SessionState, std::string_view) override {}
};

constexpr Now kNow{Instant{}, UtcTime(std::chrono::seconds(1'767'225'600))};

// Octets to canonical messages, with findings and ledger, in blocks as a socket gives them.
void BM_DecodeStream(benchmark::State& state) {
  if (!HasLog(state)) return;
  constexpr std::size_t kBlock = 16'384;
  for (auto _ : state) {
    adapter::SessionConfig config;
    config.options = adapter::NodeOptions::Defaults(Options());
    AisSession session(std::move(config));
    CountingSink sink;
    for (ByteView rest = AsBytes(LogOf(state).octets); !rest.empty();) {
      const ByteView block = rest.first(std::min(kBlock, rest.size()));
      session.Receive(block, kNow, sink);
      rest = rest.subspan(block.size());
    }
  }
  state.counters["sentences/s"] =
      benchmark::Counter(static_cast<double>(state.iterations() * LogOf(state).sentences), benchmark::Counter::kIsRate);
}
BENCHMARK(BM_DecodeStream)->Arg(0)->Arg(1);

// What a feed needs between octets and fields, and no more: lines, sentences, groups of them, armour, bits.
class FieldReader {
 public:
  void OnLine(std::string_view line) {
    const auto sentence = ParseSentence(WithoutLineEnd(line));
    if (!sentence || !sentence->IsAis()) return;
    if (sentence->count == 1) return Read({&*sentence, 1}, AsBytes(line));
    if (const auto whole = assembler_.Add(*sentence, AsBytes(line), {}, broken_)) OnGroup(*whole);
  }
  [[nodiscard]] std::int64_t messages() const { return messages_; }

 private:
  void OnGroup(ByteView unit) {
    sentences_.clear();
    for (std::string_view rest = AsText(unit); !rest.empty();) sentences_.push_back(*ParseSentence(WithoutLineEnd(TakeLine(rest))));
    Read(sentences_, unit);
  }
  void Read(std::span<const Sentence> sentences, ByteView unit) {
    findings_.clear();
    const auto message = ReadSentences(sentences, unit, findings_);
    if (message) ++messages_;
    benchmark::DoNotOptimize(message);
  }

  Assembler assembler_;
  std::vector<Assembler::Broken> broken_;
  std::vector<Sentence> sentences_;
  std::vector<adapter::Finding> findings_;
  std::int64_t messages_ = 0;
};

void BM_DecodeFields(benchmark::State& state) {
  if (!HasLog(state)) return;
  for (auto _ : state) {
    FieldReader reader;
    for (std::string_view rest = LogOf(state).octets; !rest.empty();) reader.OnLine(TakeLine(rest));
    benchmark::DoNotOptimize(reader.messages());
  }
  state.counters["sentences/s"] =
      benchmark::Counter(static_cast<double>(state.iterations() * LogOf(state).sentences), benchmark::Counter::kIsRate);
}
BENCHMARK(BM_DecodeFields)->Arg(0)->Arg(1);

double ChildrenCpuSeconds() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// The same log, twenty times over, through a gpsdecode process, CSV to a file.
void BM_Gpsdecode(benchmark::State& state) {
  if (!HasLog(state)) return;
  if (std::system("gpsdecode -V > /dev/null 2>&1") != 0) {
    state.SkipWithError("gpsdecode is not installed");
    return;
  }
  constexpr int kRepeats = 20;
  const std::filesystem::path path = std::filesystem::temp_directory_path() / "entente_ais_bench.nmea";
  std::ofstream file(path, std::ios::binary);
  for (int i = 0; i < kRepeats; ++i) file << LogOf(state).octets;
  file.close();
  const std::string command = "gpsdecode -c < '" + path.string() + "' > '" + path.string() + ".csv' 2>/dev/null";
  for (auto _ : state) {
    const double before = ChildrenCpuSeconds();
    if (std::system(command.c_str()) != 0) state.SkipWithError("gpsdecode failed");
    state.SetIterationTime(ChildrenCpuSeconds() - before);
  }
  state.counters["sentences/s"] =
      benchmark::Counter(static_cast<double>(state.iterations() * LogOf(state).sentences * kRepeats), benchmark::Counter::kIsRate);
  std::filesystem::remove(path);
  std::filesystem::remove(path.string() + ".csv");
}
BENCHMARK(BM_Gpsdecode)->Arg(0)->Arg(1)->UseManualTime()->Iterations(1);

void BM_EncodeTrack(benchmark::State& state) {
  v1::Envelope message;
  message.set_family(v1::FAMILY_TRACK);
  message.set_object_id("DEU/brigade/object-1");
  message.mutable_times()->mutable_observed()->set_utc_ns(ToNanoseconds(kNow.utc));
  v1::Track& track = *message.mutable_track();
  track.mutable_position()->set_latitude_deg(54.321987);
  track.mutable_position()->set_longitude_deg(10.135791);
  track.set_course_deg(231.7);
  track.set_speed_mps(9.1);
  track.mutable_attitude()->set_heading_deg(229);
  track.mutable_classification()->set_dimension(v1::DIMENSION_SEA_SURFACE);
  adapter::HashedObjectIds ids;
  const auto options = adapter::NodeOptions::Defaults(Options());
  for (auto _ : state) benchmark::DoNotOptimize(TheCodec().Encode(message, {"nmea", options, ids}));
  state.counters["sentences/s"] = benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(BM_EncodeTrack);

}  // namespace
}  // namespace entente::ais
