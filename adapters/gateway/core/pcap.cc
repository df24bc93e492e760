// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/pcap.h"

#include "adapters/gateway/core/captured_packet.h"
#include "base/byte_reader.h"

namespace entente::gateway {
namespace {

using adapter::DecodeCode;
using adapter::DecodeError;

constexpr std::string_view kPcapClause = "draft-ietf-opsawg-pcap";
constexpr std::string_view kPcapngClause = "draft-ietf-opsawg-pcapng";

constexpr std::uint32_t kMicrosecondMagic = 0xA1B2C3D4;
constexpr std::uint32_t kNanosecondMagic = 0xA1B23C4D;
constexpr std::uint32_t kSectionHeader = 0x0A0D0D0A;
constexpr std::uint32_t kByteOrderMagic = 0x1A2B3C4D;
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kSimplePacket = 3;
constexpr std::uint32_t kEnhancedPacket = 6;

constexpr std::size_t kInterfaces = 1024;  // of one section; more: refused

std::unexpected<DecodeError> Refuse(DecodeCode code, std::size_t offset, std::string field, std::string_view clause,
                                    std::string text) {
  return std::unexpected(DecodeError{code, offset, std::move(field), std::string(clause), std::move(text)});
}

// Numbers in the octet order of the machine that wrote the file.
class FileReader {
 public:
  FileReader(ByteView octets, bool big_endian) : reader_(octets), big_endian_(big_endian) {}
  std::uint16_t U16() { return big_endian_ ? reader_.U16Be() : reader_.U16Le(); }
  std::uint32_t U32() { return big_endian_ ? reader_.U32Be() : reader_.U32Le(); }
  std::uint64_t U64() { return big_endian_ ? reader_.U64Be() : reader_.U64Le(); }
  ByteView Take(std::size_t length) { return reader_.Take(length); }
  void Skip(std::size_t length) { reader_.Skip(length); }
  [[nodiscard]] bool ok() const { return reader_.ok(); }
  [[nodiscard]] std::size_t offset() const { return reader_.offset(); }
  [[nodiscard]] std::size_t remaining() const { return reader_.remaining(); }
  [[nodiscard]] bool big_endian() const { return big_endian_; }

 private:
  ByteReader reader_;
  bool big_endian_;
};

void Keep(Capture& capture, LinkType link, ByteView packet, std::optional<UtcTime> time) {
  if (const auto udp = FindUdp(link, packet)) {
    capture.datagrams.push_back({time, udp->source_port, udp->destination_port, udp->payload});
  } else {
    ++capture.other_packets;
  }
}

// Classic: a header of 24 octets, then records of 16 octets and the packet.
adapter::DecodeResult<Capture> ReadClassic(ByteView file, bool big_endian, bool nanoseconds) {
  FileReader reader(file, big_endian);
  reader.Skip(20);
  const std::uint32_t link = reader.U32() & 0xFFFF;  // the upper half says how long a frame check sequence is
  if (!reader.ok()) return Refuse(DecodeCode::kTruncated, file.size(), "header", kPcapClause, "a header has 24 octets");
  if (!IsKnownLinkType(link)) {
    return Refuse(DecodeCode::kUnknownType, 20, "LinkType", kPcapClause, "link type " + std::to_string(link) + " is not read");
  }
  Capture capture;
  while (reader.remaining() > 0) {
    const std::size_t start = reader.offset();
    const std::int64_t seconds = reader.U32();
    const std::int64_t fraction = reader.U32();
    const std::uint32_t captured = reader.U32();
    reader.Skip(4);  // length on the wire
    const ByteView packet = reader.Take(captured);
    if (!reader.ok()) {
      return Refuse(DecodeCode::kTruncated, start, "packet record", kPcapClause, "the file ends within this record");
    }
    const std::int64_t ns = seconds * 1'000'000'000 + fraction * (nanoseconds ? 1 : 1000);
    Keep(capture, static_cast<LinkType>(link), packet, FromNanoseconds(ns));
  }
  return capture;
}

// if_tsresol, §4.2: 10 to the minus n seconds, or 2 to the minus n with the highest bit set.
struct Resolution {
  bool binary = false;
  unsigned exponent = 6;

  [[nodiscard]] std::int64_t Nanoseconds(std::uint64_t units) const {
    __extension__ using Wide = unsigned __int128;
    Wide ns = Wide{units} * 1'000'000'000;
    if (binary) return exponent < 128 ? static_cast<std::int64_t>(ns >> exponent) : 0;
    for (unsigned i = 0; i < exponent && ns != 0; ++i) ns /= 10;
    return static_cast<std::int64_t>(ns);
  }
};

struct Interface {
  LinkType link = LinkType::kEthernet;
  bool known = false;
  std::uint32_t snap_octets = 0;
  Resolution resolution;
  std::int64_t offset_seconds = 0;
};

struct Block {
  std::size_t offset = 0;
  std::uint32_t type = 0;
  ByteView body;
};

class PcapngReader {
 public:
  explicit PcapngReader(ByteView file) : file_(file) {}

  adapter::DecodeResult<Capture> Read() {
    while (offset_ < file_.size()) {
      const auto block = NextBlock();
      if (!block) return std::unexpected(block.error());
      if (const auto read = ReadBlock(*block); !read) return std::unexpected(read.error());
    }
    return std::move(capture_);
  }

 private:
  // Type, total length, body, total length again: all multiples of four.
  adapter::DecodeResult<Block> NextBlock() {
    if (const auto order = ReadByteOrder(); !order) return std::unexpected(order.error());
    FileReader reader(file_.subspan(offset_), big_endian_);
    Block block{offset_, reader.U32(), {}};
    const std::uint32_t total = reader.U32();
    if (!reader.ok() || total > file_.size() - offset_) {
      return Refuse(DecodeCode::kTruncated, offset_, "Block Total Length", kPcapngClause, "the file ends within this block");
    }
    if (total < 12 || total % 4 != 0) {
      return Refuse(DecodeCode::kFraming, offset_ + 4, "Block Total Length", kPcapngClause,
                    std::to_string(total) + "; wanted a multiple of 4 of at least 12");
    }
    block.body = reader.Take(total - 12);
    if (reader.U32() != total) {
      return Refuse(DecodeCode::kFraming, offset_ + total - 4, "Block Total Length", kPcapngClause,
                    "the two lengths of the block differ");
    }
    offset_ += total;
    return block;
  }

  // A section header says the octet order of all that follows it.
  adapter::DecodeResult<void> ReadByteOrder() {
    ByteReader reader(file_.subspan(offset_));
    if (reader.U32Be() != kSectionHeader) return {};
    reader.Skip(4);
    const std::uint32_t magic = reader.U32Be();
    if (!reader.ok()) {
      return Refuse(DecodeCode::kTruncated, offset_, "Section Header Block", kPcapngClause, "the file ends within this block");
    }
    if (magic != kByteOrderMagic && magic != __builtin_bswap32(kByteOrderMagic)) {
      return Refuse(DecodeCode::kFraming, offset_ + 8, "Byte-Order Magic", kPcapngClause, "not 1A2B3C4D in either order");
    }
    big_endian_ = magic == kByteOrderMagic;
    interfaces_.clear();
    return {};
  }

  adapter::DecodeResult<void> ReadBlock(const Block& block) {
    switch (block.type) {
      case kInterfaceDescription:
        return ReadInterface(block);
      case kEnhancedPacket:
        return ReadEnhancedPacket(block);
      case kSimplePacket:
        return ReadSimplePacket(block);
      default:
        return {};  // statistics, names, comments
    }
  }

  adapter::DecodeResult<void> ReadInterface(const Block& block) {
    if (interfaces_.size() == kInterfaces) {
      return Refuse(DecodeCode::kLimit, block.offset, "Interface Description Block", kPcapngClause,
                    "more than " + std::to_string(kInterfaces) + " interfaces");
    }
    FileReader reader(block.body, big_endian_);
    Interface described;
    const std::uint16_t link = reader.U16();
    described.link = static_cast<LinkType>(link);
    described.known = IsKnownLinkType(link);
    reader.Skip(2);
    described.snap_octets = reader.U32();
    if (!reader.ok()) {
      return Refuse(DecodeCode::kTruncated, block.offset, "Interface Description Block", kPcapngClause, "shorter than 8 octets");
    }
    ReadInterfaceOptions(reader, described);
    interfaces_.push_back(described);
    return {};
  }

  static void ReadInterfaceOptions(FileReader& reader, Interface& described) {
    constexpr std::uint16_t kEnd = 0;
    constexpr std::uint16_t kTimeResolution = 9;
    constexpr std::uint16_t kTimeOffset = 14;
    while (reader.remaining() >= 4) {
      const std::uint16_t code = reader.U16();
      const std::uint16_t length = reader.U16();
      const ByteView value = reader.Take(length);
      reader.Skip((4U - length % 4U) % 4U);
      if (!reader.ok() || code == kEnd) return;
      if (code == kTimeResolution && length == 1) described.resolution = {(value[0] & 0x80) != 0, value[0] & 0x7FU};
      if (code == kTimeOffset && length == 8) {
        described.offset_seconds = static_cast<std::int64_t>(FileReader(value, reader.big_endian()).U64());
      }
    }
  }

  adapter::DecodeResult<void> ReadEnhancedPacket(const Block& block) {
    FileReader reader(block.body, big_endian_);
    const std::uint32_t interface = reader.U32();
    const std::uint64_t high = reader.U32();
    const std::uint64_t units = high << 32 | reader.U32();
    const std::uint32_t captured = reader.U32();
    reader.Skip(4);  // length on the wire
    const ByteView packet = reader.Take(captured);
    if (!reader.ok()) {
      return Refuse(DecodeCode::kCount, block.offset, "Captured Packet Length", kPcapngClause, "more than the block holds");
    }
    if (interface >= interfaces_.size()) {
      return Refuse(DecodeCode::kOutOfRange, block.offset + 8, "Interface ID", kPcapngClause, "no such interface was described");
    }
    const Interface& from = interfaces_[interface];
    std::int64_t offset_ns = 0;
    std::int64_t ns = 0;
    const bool overflows = __builtin_mul_overflow(from.offset_seconds, std::int64_t{1'000'000'000}, &offset_ns) ||
                           __builtin_add_overflow(from.resolution.Nanoseconds(units), offset_ns, &ns);
    KeepFrom(from, packet, overflows ? std::nullopt : std::optional(FromNanoseconds(ns)));
    return {};
  }

  adapter::DecodeResult<void> ReadSimplePacket(const Block& block) {
    FileReader reader(block.body, big_endian_);
    std::size_t captured = reader.U32();
    if (!reader.ok() || interfaces_.empty()) {
      return Refuse(DecodeCode::kMissingField, block.offset, "Simple Packet Block", kPcapngClause,
                    "no interface was described before it, or it has no length");
    }
    const Interface& from = interfaces_.front();
    if (from.snap_octets != 0 && captured > from.snap_octets) captured = from.snap_octets;
    if (captured > reader.remaining()) {
      return Refuse(DecodeCode::kCount, block.offset, "Original Packet Length", kPcapngClause, "more than the block holds");
    }
    KeepFrom(from, reader.Take(captured), std::nullopt);
    return {};
  }

  void KeepFrom(const Interface& from, ByteView packet, std::optional<UtcTime> time) {
    if (from.known) {
      Keep(capture_, from.link, packet, time);
    } else {
      ++capture_.other_packets;
    }
  }

  ByteView file_;
  std::size_t offset_ = 0;
  bool big_endian_ = false;
  std::vector<Interface> interfaces_;
  Capture capture_;
};

std::optional<std::uint32_t> MagicOf(ByteView file) {
  ByteReader reader(file);
  const std::uint32_t magic = reader.U32Be();
  return reader.ok() ? std::optional(magic) : std::nullopt;
}

}  // namespace

bool LooksLikeCapture(ByteView file) {
  const auto magic = MagicOf(file);
  if (!magic) return false;
  const std::uint32_t swapped = __builtin_bswap32(*magic);
  return *magic == kSectionHeader || *magic == kMicrosecondMagic || *magic == kNanosecondMagic || swapped == kMicrosecondMagic ||
         swapped == kNanosecondMagic;
}

adapter::DecodeResult<Capture> ReadCapture(ByteView file) {
  if (!LooksLikeCapture(file)) {
    return Refuse(DecodeCode::kFraming, 0, "Magic Number", kPcapClause, "neither a pcap nor a pcapng file");
  }
  const std::uint32_t magic = *MagicOf(file);
  if (magic == kSectionHeader) return PcapngReader(file).Read();
  const bool big_endian = magic == kMicrosecondMagic || magic == kNanosecondMagic;
  const std::uint32_t ordered = big_endian ? magic : __builtin_bswap32(magic);
  return ReadClassic(file, big_endian, ordered == kNanosecondMagic);
}

}  // namespace entente::gateway
