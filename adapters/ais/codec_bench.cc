// SPDX-License-Identifier: Apache-2.0
// AIS sentences per second of processor time, ours and gpsdecode's in the same run on the same log: a recorded one with seven GPS
// sentences to each of AIS, and a made one of a fleet with static data and a few texts.
#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

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

double ChildrenCpuSeconds() {
  rusage usage{};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Sentences per second of processor time of a gpsdecode process that reads the log twenty times over and writes CSV; 0 without it.
double MeasureGpsdecode(const BenchLog& log) {
  if (std::system("gpsdecode -V > /dev/null 2>&1") != 0) return 0;
  constexpr int kRepeats = 20;
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("entente_ais_bench_" + std::to_string(::getpid()) + ".nmea");
  std::ofstream file(path, std::ios::binary);
  for (int i = 0; i < kRepeats; ++i) file << log.octets;
  file.close();
  const double before = ChildrenCpuSeconds();
  const bool ran = std::system(("gpsdecode -c < '" + path.string() + "' > '" + path.string() + ".csv' 2>/dev/null").c_str()) == 0;
  const double took = ChildrenCpuSeconds() - before;
  std::filesystem::remove(path);
  std::filesystem::remove(path.string() + ".csv");
  return ran ? static_cast<double>(log.sentences * kRepeats) / took : 0;
}

// Once per log and run.
double GpsdecodeRate(const benchmark::State& state) {
  static std::array<std::optional<double>, 2> rates;
  std::optional<double>& rate = rates.at(static_cast<std::size_t>(state.range(0)));
  if (!rate) rate = MeasureGpsdecode(LogOf(state));
  return *rate;
}

// The row of scripts/bench: ours per second of processor time, and gpsdecode's.
void SayRate(benchmark::State& state) {
  const auto sentences = static_cast<double>(state.iterations() * LogOf(state).sentences);
  state.counters["value"] = benchmark::Counter(sentences, benchmark::Counter::kIsRate);
  const double peer = GpsdecodeRate(state);
  state.SetLabel(peer > 0 ? "sentences/s; gpsdecode -c" : "sentences/s");
  if (peer == 0) return;
  state.counters["peer_value"] = peer;
  state.counters["ratio"] = benchmark::Counter(sentences / peer, benchmark::Counter::kIsRate);
}

class CountingSink final : public adapter::SessionSink {
 public:
  void OnUnit(const adapter::ReceivedUnit&) override {}
  void OnMessage(adapter::DecodedMessage message, std::span<const ByteView>) override { benchmark::DoNotOptimize(message); }
  void OnRefused(const adapter::RefusedUnit&) override {}
  void OnState(adapter::SessionState, std::string_view) override {}
};

constexpr Now kNow{Instant{}, UtcTime(std::chrono::seconds(1'767'225'600))};

// A whole session: octets to canonical messages, with findings and ledger, in blocks as a socket gives them.
void BM_DecodeToCanonical(benchmark::State& state) {
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
  SayRate(state);
}
BENCHMARK(BM_DecodeToCanonical)->ArgName("recorded")->Arg(0)->Arg(1);

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

// What gpsdecode does but for its printing: the row that the goal is about.
void BM_Decode(benchmark::State& state) {
  if (!HasLog(state)) return;
  for (auto _ : state) {
    FieldReader reader;
    for (std::string_view rest = LogOf(state).octets; !rest.empty();) reader.OnLine(TakeLine(rest));
    benchmark::DoNotOptimize(reader.messages());
  }
  SayRate(state);
  state.counters["goal_at_least"] = 25;
}
BENCHMARK(BM_Decode)->ArgName("recorded")->Arg(0)->Arg(1);

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
  state.counters["value"] = benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
  state.SetLabel("messages/s");
}
BENCHMARK(BM_EncodeTrack);

}  // namespace
}  // namespace entente::ais
