// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/pcap.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "adapters/gateway/core/captured_packet.h"
#include "base/byte_writer.h"

namespace entente::gateway {
namespace {

using adapter::DecodeCode;

Bytes Udp(std::string_view payload) {
  ByteWriter writer;
  writer.U16Be(4000);
  writer.U16Be(3000);
  writer.U16Be(static_cast<std::uint16_t>(8 + payload.size()));
  writer.U16Be(0);
  writer.Text(payload);
  return std::move(writer).Release();
}

Bytes Ipv4(ByteView udp, std::uint16_t fragment = 0, std::uint8_t protocol = 17) {
  ByteWriter writer;
  writer.U8(0x46);  // one word of options
  writer.U8(0);
  writer.U16Be(static_cast<std::uint16_t>(24 + udp.size()));
  writer.U16Be(1);
  writer.U16Be(fragment);
  writer.U8(64);
  writer.U8(protocol);
  writer.Zeros(14);
  writer.Octets(udp);
  return std::move(writer).Release();
}

Bytes Ipv6(ByteView udp) {
  ByteWriter writer;
  writer.U32Be(0x60000000);
  writer.U16Be(static_cast<std::uint16_t>(8 + udp.size()));
  writer.U8(0);  // hop-by-hop options first
  writer.Zeros(33);
  writer.U8(17);
  writer.Zeros(7);
  writer.Octets(udp);
  return std::move(writer).Release();
}

Bytes Behind(std::size_t zeros, std::initializer_list<std::uint16_t> types, ByteView ip) {
  ByteWriter writer;
  writer.Zeros(zeros);
  for (const std::uint16_t type : types) writer.U16Be(type);
  writer.Octets(ip);
  return std::move(writer).Release();
}

std::string PayloadOf(LinkType link, const Bytes& packet) {
  const auto found = FindUdp(link, packet);
  return found ? ToText(found->payload) : "none";
}

// Either octet order.
class FileWriter {
 public:
  explicit FileWriter(bool big_endian) : big_endian_(big_endian) {}
  FileWriter& U16(std::uint16_t v) {
    big_endian_ ? writer_.U16Be(v) : writer_.U16Le(v);
    return *this;
  }
  FileWriter& U32(std::uint32_t v) {
    big_endian_ ? writer_.U32Be(v) : writer_.U32Le(v);
    return *this;
  }
  FileWriter& Octets(ByteView octets) {
    writer_.Octets(octets);
    return *this;
  }
  // A pcapng block of this body.
  FileWriter& Block(std::uint32_t type, ByteView body) {
    const std::size_t padding = (4 - body.size() % 4) % 4;
    const auto total = static_cast<std::uint32_t>(12 + body.size() + padding);
    U32(type).U32(total).Octets(body);
    writer_.Zeros(padding);
    return U32(total);
  }
  Bytes Release() { return std::move(writer_).Release(); }

 private:
  ByteWriter writer_;
  bool big_endian_;
};

FileWriter ClassicHeader(bool big_endian, std::uint32_t magic, std::uint32_t link = 101) {
  FileWriter file(big_endian);
  file.U32(magic).U16(2).U16(4).U32(0).U32(0).U32(65535).U32(link);
  return file;
}

Bytes Classic(bool big_endian, std::uint32_t magic) {
  FileWriter file = ClassicHeader(big_endian, magic);
  for (const Bytes& packet : {Ipv4(Udp("one")), Ipv4(Udp("x"), 0, 6), Ipv6(Udp("two"))}) {
    const auto octets = static_cast<std::uint32_t>(packet.size());
    file.U32(1'700'000'000).U32(250).U32(octets).U32(octets).Octets(packet);
  }
  return file.Release();
}

Bytes Pcapng(bool big_endian, std::uint8_t resolution) {
  FileWriter file(big_endian);
  file.Block(0x0A0D0D0A, FileWriter(big_endian).U32(0x1A2B3C4D).U16(1).U16(0).U32(0xFFFFFFFF).U32(0xFFFFFFFF).Release());
  const Bytes resolution_value{resolution, 0, 0, 0};
  file.Block(1, FileWriter(big_endian).U16(101).U16(0).U32(0).U16(9).U16(1).Octets(resolution_value).U32(0).Release());
  const Bytes packet = Ipv4(Udp("one"));
  const auto octets = static_cast<std::uint32_t>(packet.size());
  file.Block(6, FileWriter(big_endian).U32(0).U32(2).U32(500).U32(octets).U32(octets).Octets(packet).Release());
  file.Block(0xBAD, ByteView{});  // of a type that we do not know
  file.Block(3, FileWriter(big_endian).U32(octets).Octets(packet).Release());
  return file.Release();
}

TEST(CapturedPacketTest, FindsThePayloadBehindEveryLinkLayer) {
  const Bytes v4 = Ipv4(Udp("payload"));
  const Bytes v6 = Ipv6(Udp("payload"));
  EXPECT_EQ(PayloadOf(LinkType::kRaw, v4), "payload");
  EXPECT_EQ(PayloadOf(LinkType::kRaw, v6), "payload");
  EXPECT_EQ(PayloadOf(LinkType::kEthernet, Behind(12, {0x0800}, v4)), "payload");
  EXPECT_EQ(PayloadOf(LinkType::kEthernet, Behind(12, {0x8100, 7, 0x86DD}, v6)), "payload");
  EXPECT_EQ(PayloadOf(LinkType::kLinuxCooked, Behind(14, {0x0800}, v4)), "payload");
  EXPECT_EQ(PayloadOf(LinkType::kNull, Behind(4, {}, v4)), "payload");
  EXPECT_EQ(PayloadOf(LinkType::kLinuxCooked2, Behind(0, {0x0800, 0, 0, 0, 0, 0, 0, 0, 0, 0}, v4)), "payload");
}

TEST(CapturedPacketTest, LeavesWhatIsNoWholeDatagram) {
  EXPECT_EQ(PayloadOf(LinkType::kRaw, Ipv4(Udp("x"), 0x2000)), "none") << "more fragments follow";
  EXPECT_EQ(PayloadOf(LinkType::kRaw, Ipv4(Udp("x"), 0x0001)), "none") << "a later fragment";
  EXPECT_EQ(PayloadOf(LinkType::kRaw, Ipv4(Udp("x"), 0, 6)), "none") << "TCP";
  EXPECT_EQ(PayloadOf(LinkType::kEthernet, Behind(12, {0x0806}, Ipv4(Udp("x")))), "none") << "ARP";
}

TEST(CapturedPacketTest, NeverReadsPastACutPacket) {
  for (const Bytes& whole : {Ipv4(Udp("payload")), Ipv6(Udp("payload"))}) {
    for (std::size_t length = 0; length < whole.size(); ++length) {
      EXPECT_EQ(PayloadOf(LinkType::kRaw, Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length))), "none");
    }
  }
}

TEST(PcapTest, ReadsClassicFilesOfBothOrdersAndResolutions) {
  for (const bool big_endian : {false, true}) {
    for (const std::uint32_t magic : {0xA1B2C3D4U, 0xA1B23C4DU}) {
      const Bytes file = Classic(big_endian, magic);
      const auto capture = ReadCapture(file);
      ASSERT_TRUE(capture) << capture.error().text;
      ASSERT_EQ(capture->datagrams.size(), 2U);
      EXPECT_EQ(capture->other_packets, 1U);
      EXPECT_EQ(ToText(capture->datagrams[0].payload), "one");
      EXPECT_EQ(ToText(capture->datagrams[1].payload), "two");
      EXPECT_EQ(capture->datagrams[0].source_port, 4000);
      EXPECT_EQ(capture->datagrams[0].destination_port, 3000);
      EXPECT_EQ(ToNanoseconds(*capture->datagrams[0].time), 1'700'000'000'000'000'000 + (magic == 0xA1B2C3D4U ? 250'000 : 250));
    }
  }
}

TEST(PcapTest, ReadsPcapngOfBothOrders) {
  for (const bool big_endian : {false, true}) {
    const Bytes file = Pcapng(big_endian, 6);
    const auto capture = ReadCapture(file);
    ASSERT_TRUE(capture) << capture.error().text;
    ASSERT_EQ(capture->datagrams.size(), 2U);
    EXPECT_EQ(ToNanoseconds(*capture->datagrams[0].time), ((std::int64_t{2} << 32) + 500) * 1000);
    EXPECT_FALSE(capture->datagrams[1].time) << "a simple packet block has no time";
  }
}

TEST(PcapTest, ReadsTheTimeResolutionOfAnInterface) {
  const auto time_at = [](std::uint8_t resolution) {
    const Bytes file = Pcapng(false, resolution);
    return ToNanoseconds(*ReadCapture(file)->datagrams[0].time);
  };
  constexpr std::int64_t kUnits = (std::int64_t{2} << 32) + 500;
  EXPECT_EQ(time_at(9), kUnits);
  EXPECT_EQ(time_at(12), kUnits / 1000);
  EXPECT_EQ(time_at(0x80 | 32), 2'000'000'116);  // 500 / 2^32 s
  EXPECT_EQ(time_at(127), 0);
}

TEST(PcapTest, RefusesWithOffsetAndReason) {
  const auto refusal = [](const Bytes& file) { return ReadCapture(file).error(); };
  EXPECT_EQ(refusal(ToBytes("not a capture")).code, DecodeCode::kFraming);
  EXPECT_EQ(refusal(ClassicHeader(false, 0xA1B2C3D4, 9999).Release()).code, DecodeCode::kUnknownType);
  EXPECT_EQ(refusal(ClassicHeader(false, 0xA1B2C3D4, 9999).Release()).offset, 20U);
  Bytes huge = ClassicHeader(false, 0xA1B2C3D4).U32(0).U32(0).U32(0xFFFFFFFF).U32(0xFFFFFFFF).Release();
  EXPECT_EQ(refusal(huge).code, DecodeCode::kTruncated);
  EXPECT_EQ(refusal(huge).offset, 24U);
  Bytes differing = Pcapng(false, 6);
  differing[24] ^= 4;
  EXPECT_EQ(refusal(differing).code, DecodeCode::kFraming);
  EXPECT_EQ(refusal(differing).offset, 24U);
  Bytes orderless = Pcapng(false, 6);
  orderless[8] ^= 1;
  EXPECT_EQ(refusal(orderless).offset, 8U);
}

TEST(PcapTest, RefusesEveryCutOrReadsLess) {
  for (const Bytes& whole : {Classic(false, 0xA1B2C3D4), Pcapng(true, 6)}) {
    for (std::size_t length = 0; length < whole.size(); ++length) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
      const auto capture = ReadCapture(cut);
      if (capture) {
        EXPECT_LT(capture->datagrams.size(), 2U);
      } else {
        EXPECT_LE(capture.error().offset, length);
      }
    }
  }
}

TEST(PcapTest, ReadsRealCaptures) {
  const std::filesystem::path folder = std::filesystem::path(ENTENTE_SHARED_DATA) / "dis" / "pcap_from_dislog";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no " << folder;
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".pcap" && entry.path().extension() != ".pcapng") continue;
    std::ifstream stream(entry.path(), std::ios::binary);
    const Bytes file{std::istreambuf_iterator<char>(stream), {}};
    const auto capture = ReadCapture(file);
    ASSERT_TRUE(capture) << entry.path() << ": " << capture.error().text;
    EXPECT_FALSE(capture->datagrams.empty()) << entry.path();
    ++files;
  }
  EXPECT_GT(files, 0U);
}

}  // namespace
}  // namespace entente::gateway
