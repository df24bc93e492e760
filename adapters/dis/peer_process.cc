// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/peer_process.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>

#include "base/byte_reader.h"
#include "base/byte_writer.h"

namespace entente::dis {
namespace {

constexpr std::uint32_t kPcapMagic = 0xA1B2C3D4;
constexpr std::uint32_t kRawIp = 101;
constexpr std::uint32_t kEthernet = 1;
constexpr std::uint8_t kUdp = 17;

Bytes InUdp(ByteView payload) {
  ByteWriter packet;
  packet.U8(0x45);
  packet.U8(0);
  packet.U16Be(static_cast<std::uint16_t>(28 + payload.size()));
  packet.U32Be(0);
  packet.U8(64);
  packet.U8(kUdp);
  packet.U16Be(0);
  packet.U32Be(0x7F000001);
  packet.U32Be(0x7F000001);
  packet.U16Be(3000);
  packet.U16Be(3000);
  packet.U16Be(static_cast<std::uint16_t>(8 + payload.size()));
  packet.U16Be(0);
  packet.Octets(payload);
  return std::move(packet).Release();
}

// Empty when the packet is no UDP over IPv4.
ByteView UdpPayload(ByteView packet) {
  if (packet.size() < 28 || packet[0] >> 4 != 4 || packet[9] != kUdp) return {};
  const std::size_t header = std::size_t{4} * (packet[0] & 0x0F) + 8;
  return packet.size() < header ? ByteView{} : packet.subspan(header);
}

}  // namespace

std::vector<std::string> LinesOf(const std::string& command) {
  std::string output;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::array<char, 65536> chunk;
  while (pipe) {
    const std::size_t got = std::fread(chunk.data(), 1, chunk.size(), pipe.get());
    if (got == 0) break;
    output.append(chunk.data(), got);
  }
  std::vector<std::string> lines;
  std::istringstream in(output);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

void WritePcap(const std::filesystem::path& path, const std::vector<Bytes>& datagrams) {
  ByteWriter out;
  out.U32Le(kPcapMagic);
  out.U16Le(2);
  out.U16Le(4);
  out.U64Le(0);
  out.U32Le(65535);
  out.U32Le(kRawIp);
  std::uint32_t second = 0;
  for (const Bytes& datagram : datagrams) {
    const Bytes packet = InUdp(datagram);
    out.U32Le(second++);
    out.U32Le(0);
    out.U32Le(static_cast<std::uint32_t>(packet.size()));
    out.U32Le(static_cast<std::uint32_t>(packet.size()));
    out.Octets(packet);
  }
  std::ofstream(path, std::ios::binary) << ToText(out.view());
}

std::vector<Bytes> ReadPcap(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  ByteReader in(AsBytes(content));
  if (in.U32Le() != kPcapMagic) return {};
  in.Skip(16);
  const std::uint32_t link = in.U32Le();
  std::vector<Bytes> payloads;
  while (in.remaining() >= 16) {
    in.Skip(8);
    const std::uint32_t captured = in.U32Le();
    in.Skip(4);
    ByteView packet = in.Take(captured);
    if (link == kEthernet) packet = packet.subspan(std::min<std::size_t>(packet.size(), 14));
    const ByteView payload = UdpPayload(packet);
    if (!payload.empty()) payloads.push_back(ToBytes(payload));
  }
  return payloads;
}

std::filesystem::path TemporaryFile(const std::string& name) {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  const auto folder = std::filesystem::path(testing::TempDir()) / "entente_dis" / test->name();
  std::filesystem::create_directories(folder);
  return folder / name;
}

}  // namespace entente::dis
