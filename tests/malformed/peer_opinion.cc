// SPDX-License-Identifier: Apache-2.0
#include "tests/malformed/peer_opinion.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "adapters/dis/peer_process.h"

namespace entente::adapter {
namespace {

constexpr std::string_view kNone = "-";

// One opinion per unit of every rule, in order, becomes one per rule: the first that is one.
std::vector<std::string> PerRule(std::span<const BrokenRule> rules, const std::vector<std::string>& of_units) {
  std::vector<std::string> opinions;
  std::size_t at = 0;
  for (const BrokenRule& rule : rules) {
    std::string& opinion = opinions.emplace_back(kNone);
    for (std::size_t i = 0; i < rule.units.size(); ++i, ++at) {
      if (opinion == kNone && at < of_units.size()) opinion = of_units[at];
    }
  }
  return opinions;
}

std::string FileOf(std::string_view name, std::string_view content) {
  const auto path = dis::TemporaryFile(std::string(name));
  std::ofstream(path, std::ios::binary) << content;
  return path.string();
}

std::vector<std::string> AskNode(std::string_view peer, std::span<const BrokenRule> rules, std::string_view only_form,
                                 std::string_view argument) {
  std::string questions;
  for (const BrokenRule& rule : rules) {
    for (const BrokenUnit& unit : rule.units) {
      const bool asked = only_form.empty() || unit.form == only_form;
      questions += fmt::format("{{\"peer\":\"{}\",\"right\":\"{}\",\"damaged\":\"{}\"}}\n", peer, asked ? ToHex(unit.right) : "",
                               ToHex(unit.damaged));
    }
  }
  return PerRule(rules, dis::LinesOf(fmt::format("ENTENTE_PEERS_DIR='{}' '{}' '{}/tests/malformed/peers.mjs' {} <'{}' 2>/dev/null",
                                                 ENTENTE_PEERS_DIR, ENTENTE_NODE, ENTENTE_SOURCE_DIR, argument,
                                                 FileOf("questions.json", questions))));
}

// open-dis loads one version per process.
std::vector<std::string> AskOpenDis(std::span<const BrokenRule> rules) {
  std::vector<std::string> opinions = AskNode("open-dis", rules, "v7", "7");
  const std::vector<std::string> of_version_6 = AskNode("open-dis", rules, "v6", "6");
  for (std::size_t i = 0; i < opinions.size(); ++i) {
    if (opinions[i] == kNone) opinions[i] = of_version_6[i];
  }
  return opinions;
}

bool GpsdecodeReads(ByteView unit) {
  const std::string file = FileOf("unit.nmea", AsText(unit));
  for (const std::string& line : dis::LinesOf(fmt::format("'{}' -j <'{}' 2>/dev/null", ENTENTE_GPSDECODE, file))) {
    if (line.contains("\"class\":\"AIS\"")) return true;
  }
  return false;
}

std::vector<std::string> AskGpsdecode(std::span<const BrokenRule> rules) {
  std::vector<std::string> opinions;
  for (const BrokenRule& rule : rules) {
    std::string& opinion = opinions.emplace_back(kNone);
    for (const BrokenUnit& unit : rule.units) {
      if (!GpsdecodeReads(unit.right)) continue;
      opinion = GpsdecodeReads(unit.damaged) ? "accepted" : "refused";
      break;
    }
  }
  return opinions;
}

// tshark shows what it can of every packet: refused is what it does not take for DIS, calls malformed, or has a word of warning
// for.
std::vector<bool> TsharkReads(const std::vector<Bytes>& datagrams) {
  const auto capture = dis::TemporaryFile("units.pcap");
  dis::WritePcap(capture, datagrams);
  std::vector<bool> reads;
  for (const std::string& line : dis::LinesOf(
           fmt::format("'{}' -r '{}' -d udp.port==3000,dis -T fields -E separator='|' -E occurrence=f -e dis.pdu_length -e "
                       "_ws.malformed -e _ws.expert.severity 2>/dev/null",
                       ENTENTE_TSHARK, capture.string()))) {
    reads.push_back(line.ends_with("||") && !line.starts_with("|"));
  }
  return reads;
}

std::vector<std::string> AskTshark(std::span<const BrokenRule> rules) {
  std::vector<Bytes> datagrams;
  for (const BrokenRule& rule : rules) {
    for (const BrokenUnit& unit : rule.units) {
      datagrams.push_back(unit.right);
      datagrams.push_back(unit.damaged);
    }
  }
  const std::vector<bool> reads = TsharkReads(datagrams);
  std::vector<std::string> opinions;
  for (std::size_t i = 0; i + 1 < reads.size(); i += 2) {
    opinions.emplace_back(!reads[i] ? kNone : reads[i + 1] ? "accepted" : "refused");
  }
  return PerRule(rules, opinions);
}

}  // namespace

bool IsInstalled(std::string_view peer) {
  if (peer == "gpsdecode") return *ENTENTE_GPSDECODE != '\0';
  if (peer == "tshark") return *ENTENTE_TSHARK != '\0';
  const std::string package = peer == "node-cot" ? "@tak-ps/node-cot" : std::string(peer);
  return *ENTENTE_NODE != '\0' && std::filesystem::exists(std::string(ENTENTE_PEERS_DIR "/node_modules/") + package);
}

std::vector<std::string> OpinionsOf(std::string_view peer, std::span<const BrokenRule> rules) {
  if (peer == "gpsdecode") return AskGpsdecode(rules);
  if (peer == "tshark") return AskTshark(rules);
  if (peer == "open-dis") return AskOpenDis(rules);
  return AskNode(peer, rules, {}, {});
}

}  // namespace entente::adapter
