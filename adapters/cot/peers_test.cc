// SPDX-License-Identifier: Apache-2.0
// Agreement with implementations that are not ours, in both directions: node-cot reads what we write and we read what it writes, in
// XML and in TAK protocol v1; xmllint holds what we write to MITRE's schema. Disagreements are explained in README.md.
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include "adapters/api/fields.h"
#include "adapters/cot/notation.h"
#include "adapters/cot/test_support.h"

namespace entente::cot {
namespace {

// A folder of this process's own, gone at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_(std::filesystem::temp_directory_path() / ("entente-cot-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::filesystem::path Write(const std::string& name, ByteView octets) const {
    std::ofstream(path_ / name, std::ios::binary).write(AsText(octets).data(), static_cast<std::streamsize>(octets.size()));
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

struct Ran {
  int status = -1;
  std::string output;
};
Ran RunCommand(const std::string& command) {
  Ran ran;
  FILE* pipe = popen((command + " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return ran;
  std::array<char, 4096> block;
  for (std::size_t got = 0; (got = std::fread(block.data(), 1, block.size(), pipe)) > 0;) ran.output.append(block.data(), got);
  ran.status = pclose(pipe);
  return ran;
}

std::string Quoted(const std::filesystem::path& path) {
  return "'" + path.string() + "'";
}

bool HasNodeCot() {
  return *ENTENTE_NODE != '\0' && std::filesystem::exists(ENTENTE_PEERS_DIR "/node_modules/@tak-ps/node-cot");
}

Ran NodeCot(const std::string& mode, const std::vector<std::filesystem::path>& files) {
  std::string command =
      "ENTENTE_PEERS_DIR='" ENTENTE_PEERS_DIR "' " ENTENTE_NODE " '" ENTENTE_SOURCE_DIR "/adapters/cot/peers/node_cot.mjs' " + mode;
  for (const auto& file : files) command += " " + Quoted(file);
  return RunCommand(command);
}

std::vector<std::string> Lines(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::stringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

// The messages of every vector and of every real sample that we understand; opaque ones too.
std::vector<std::pair<std::string, v1::Envelope>> Messages() {
  std::vector<std::pair<std::string, v1::Envelope>> messages;
  auto files = FilesIn(VectorFolder(), ".cot");
  const auto samples = FilesIn(SampleFolder() / "cot/events", ".xml");
  files.insert(files.end(), samples.begin(), samples.end());
  for (const auto& file : files) {
    auto decoded = Decode(ReadFile(file));
    if (decoded && !decoded->messages.empty()) messages.emplace_back(file.stem(), std::move(decoded->messages[0].envelope));
  }
  return messages;
}

// node-cot holds events to a schema of its own, stricter than MITRE's, and does not take these as their makers wrote them either.
bool NodeCotRefuses(const std::string& name) {
  return name == "0036_b-t-f" || name == "0058_t-x-m-c" || name == "0070_u-r-b-c-c";
}

// A third opinion, when we refuse what a peer wrote.
bool IsWellFormedForXmllint(const std::filesystem::path& file) {
  return RunCommand(ENTENTE_XMLLINT " --noout " + Quoted(file)).status == 0;
}

enum Column { kUid, kType, kHow, kTime, kStart, kStale, kLat, kLon, kHae, kCe, kLe, kCallsign, kCourse, kSpeed, kRemarks };

void ExpectNumber(const std::string& theirs, bool said, double ours, double tolerance, const std::string& what) {
  const auto number = ParseDecimal(theirs);
  if (!said) {
    EXPECT_TRUE(!number || IsUnknownMetres(number->value)) << what << " is " << theirs << ", and we said none";
    return;
  }
  ASSERT_TRUE(number.has_value()) << what << " is \"" << theirs << "\"";
  EXPECT_NEAR(number->value, ours, tolerance) << what;
}

void ExpectTheirs(const std::vector<std::string>& theirs, const v1::Envelope& ours, const std::string& where) {
  ASSERT_GT(theirs.size(), static_cast<std::size_t>(kSpeed)) << where;
  EXPECT_EQ(theirs[kUid], ours.native_id().value()) << where;
  EXPECT_EQ(theirs[kTime], std::to_string(ours.times().observed().utc_ns() / 1'000'000)) << where;
  if (ours.times().has_stale_at()) {
    EXPECT_EQ(theirs[kStale], std::to_string(ours.times().stale_at().utc_ns() / 1'000'000)) << where;
  }
  if (!ours.has_track()) return;
  const v1::Track& track = ours.track();
  EXPECT_EQ(theirs[kHow], track.how()) << where;
  EXPECT_EQ(theirs[kCallsign], track.callsign()) << where;
  ExpectNumber(theirs[kLat], true, track.position().latitude_deg(), 0, where + " lat");
  ExpectNumber(theirs[kLon], true, track.position().longitude_deg(), 0, where + " lon");
  ExpectNumber(theirs[kHae], track.has_altitude(), track.altitude().metres(), 0, where + " hae");
  ExpectNumber(theirs[kCe], track.has_horizontal_accuracy_m(), track.horizontal_accuracy_m(), 0, where + " ce");
  ExpectNumber(theirs[kLe], track.has_vertical_accuracy_m(), track.vertical_accuracy_m(), 0, where + " le");
  // Theirs is the magnitude in space, and its course may be outside [0, 360): only events that have neither a slope nor that.
  if (track.has_course_deg() && track.has_speed_mps() && !track.has_vertical_rate_mps()) {
    ExpectNumber(theirs[kCourse], true, track.course_deg(), 1e-9, where + " course");
    ExpectNumber(theirs[kSpeed], true, track.speed_mps(), 1e-9, where + " speed");
  }
}

TEST(PeersTest, NodeCotReadsWhatWeWriteInBothNotations) {
  if (!HasNodeCot()) GTEST_SKIP() << "node or node-cot is not installed";
  const TemporaryFolder folder;
  const auto messages = Messages();
  for (const auto& [form, extension] : {std::pair{kFormXml, ".xml"}, std::pair{kFormTakV1Mesh, ".bin"}}) {
    std::vector<std::filesystem::path> files;
    for (const auto& [name, message] : messages) files.push_back(folder.Write(name + extension, EncodeUnit(message, form)));
    const Ran ran = NodeCot("read", files);
    ASSERT_EQ(ran.status, 0) << ran.output;
    const auto lines = Lines(ran.output, '\n');
    ASSERT_EQ(lines.size(), messages.size()) << ran.output;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      EXPECT_EQ(lines[i].starts_with("refused: "), NodeCotRefuses(messages[i].first)) << messages[i].first << ": " << lines[i];
      if (lines[i].starts_with("refused: ")) continue;
      ExpectTheirs(Lines(lines[i], '\t'), messages[i].second, messages[i].first + " as " + std::string(form));
    }
  }
}

TEST(PeersTest, WeReadWhatNodeCotWritesInBothNotations) {
  if (!HasNodeCot() || *ENTENTE_XMLLINT == '\0') GTEST_SKIP() << "node, node-cot or xmllint is not installed";
  const TemporaryFolder folder;
  std::vector<std::filesystem::path> files;
  const auto messages = Messages();
  for (const auto& [name, message] : messages) files.push_back(folder.Write(name + ".xml", EncodeUnit(message)));
  const Ran ran = NodeCot("rewrite", files);
  ASSERT_EQ(ran.status, 0) << ran.output;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (NodeCotRefuses(messages[i].first)) continue;
    for (const auto& [extension, form] : {std::pair{".peer.xml", kFormXml}, std::pair{".peer.bin", kFormTakV1Mesh}}) {
      const std::string where = messages[i].first + extension;
      const std::string octets = ReadFile(std::filesystem::path(files[i]).replace_extension(extension));
      const auto decoded = Decode(octets, form);
      if (!decoded) {
        EXPECT_FALSE(IsWellFormedForXmllint(std::filesystem::path(files[i]).replace_extension(".peer.xml")))
            << where << ": " << decoded.error().text;
        continue;
      }
      for (const adapter::FieldComparison& field : adapter::Compare(messages[i].second, decoded->messages.at(0).envelope)) {
        if (field.field == v1::FIELD_EXTENSIONS) continue;
        EXPECT_TRUE(field.verdict == adapter::FieldVerdict::kKept || field.error <= 1e-6)
            << where << " " << v1::Field_Name(field.field);
      }
    }
  }
}

TEST(PeersTest, XmllintFindsWhatWeWriteValidByMitresSchema) {
  const auto schema = SampleFolder() / "cot/xsd/CoT Base-Event Schema  (PUBLIC RELEASE).xsd";
  if (*ENTENTE_XMLLINT == '\0' || !std::filesystem::exists(schema)) GTEST_SKIP() << "xmllint or the schema is not here";
  const TemporaryFolder folder;
  std::string command = ENTENTE_XMLLINT " --noout --schema " + Quoted(schema);
  for (const auto& [name, message] : Messages()) command += " " + Quoted(folder.Write(name + ".xml", EncodeUnit(message)));
  const Ran ran = RunCommand(command);
  EXPECT_EQ(ran.status, 0) << ran.output;
}

}  // namespace
}  // namespace entente::cot
