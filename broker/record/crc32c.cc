// SPDX-License-Identifier: Apache-2.0
#include "broker/record/crc32c.h"

#include <array>
#include <cstring>

namespace entente::record {
namespace {

constexpr std::uint32_t kPolynomial = 0x82F63B78;

using Table = std::array<std::array<std::uint32_t, 256>, 8>;

// tables[k][octet]: what `octet`, followed by k zero octets, does to the remainder.
constexpr Table MakeTables() {
  Table tables{};
  for (std::uint32_t octet = 0; octet < 256; ++octet) {
    std::uint32_t remainder = octet;
    for (int bit = 0; bit < 8; ++bit) remainder = remainder >> 1 ^ ((remainder & 1) != 0 ? kPolynomial : 0);
    tables[0][octet] = remainder;
  }
  for (std::size_t k = 1; k < tables.size(); ++k) {
    for (std::size_t octet = 0; octet < 256; ++octet) {
      const std::uint32_t shorter = tables[k - 1][octet];
      tables[k][octet] = shorter >> 8 ^ tables[0][shorter & 0xFF];
    }
  }
  return tables;
}

constexpr Table kTables = MakeTables();

std::uint32_t Step(std::uint32_t crc, std::uint8_t octet) {
  return crc >> 8 ^ kTables[0][(crc ^ octet) & 0xFF];
}

#if defined(__x86_64__)
// The processor's own instruction, some twenty times the table's speed.
[[gnu::target("sse4.2")]] std::uint32_t ByProcessor(ByteView octets, std::uint32_t crc) {
  std::uint64_t wide = crc;
  for (; octets.size() >= 8; octets = octets.subspan(8)) {
    std::uint64_t eight;
    std::memcpy(&eight, octets.data(), sizeof(eight));
    wide = __builtin_ia32_crc32di(wide, eight);
  }
  crc = static_cast<std::uint32_t>(wide);
  for (const std::uint8_t octet : octets) crc = __builtin_ia32_crc32qi(crc, octet);
  return crc;
}
#endif

std::uint32_t ByTable(ByteView octets, std::uint32_t crc) {
  for (; octets.size() >= 8; octets = octets.subspan(8)) {
    const std::uint32_t low = crc ^ (static_cast<std::uint32_t>(octets[0]) | static_cast<std::uint32_t>(octets[1]) << 8 |
                                     static_cast<std::uint32_t>(octets[2]) << 16 | static_cast<std::uint32_t>(octets[3]) << 24);
    crc = kTables[7][low & 0xFF] ^ kTables[6][low >> 8 & 0xFF] ^ kTables[5][low >> 16 & 0xFF] ^ kTables[4][low >> 24] ^
          kTables[3][octets[4]] ^ kTables[2][octets[5]] ^ kTables[1][octets[6]] ^ kTables[0][octets[7]];
  }
  for (const std::uint8_t octet : octets) crc = Step(crc, octet);
  return crc;
}

}  // namespace

std::uint32_t Crc32c(ByteView octets, std::uint32_t before) {
#if defined(__x86_64__)
  static const bool processor_can = __builtin_cpu_supports("sse4.2") != 0;
  if (processor_can) return ~ByProcessor(octets, ~before);
#endif
  return Crc32cByTable(octets, before);
}

std::uint32_t Crc32cByTable(ByteView octets, std::uint32_t before) {
  return ~ByTable(octets, ~before);
}

}  // namespace entente::record
