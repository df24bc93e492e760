// SPDX-License-Identifier: Apache-2.0
#pragma once

// The messages of ITU-R M.1371-5 Annex 8 as they stand on the air: raw integers, sentinels and all. One function per message,
// Fields(), names every field in order with its width; reading, writing and printing (tests) are three visitors of it.

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace entente::ais {

struct Header {
  std::uint32_t type = 0;
  std::uint32_t repeat = 0;
  std::uint32_t mmsi = 0;

  bool operator==(const Header&) const = default;
};

// Distances from the reference point, in metres; 511 and 63 mean that or more.
struct Dimensions {
  std::uint32_t to_bow = 0;
  std::uint32_t to_stern = 0;
  std::uint32_t to_port = 0;
  std::uint32_t to_starboard = 0;

  bool operator==(const Dimensions&) const = default;
  [[nodiscard]] bool Said() const { return to_bow != 0 || to_stern != 0 || to_port != 0 || to_starboard != 0; }
};

// Messages 1, 2 and 3: §3.1. Degrees are 1/600,000; speed 0.1 knot; course 0.1°.
struct PositionReport {
  std::uint32_t status = 15;
  std::int32_t turn = -128;
  std::uint32_t speed = 1023;
  bool accuracy = false;
  std::int32_t lon = 181 * 600'000;
  std::int32_t lat = 91 * 600'000;
  std::uint32_t course = 3600;
  std::uint32_t heading = 511;
  std::uint32_t second = 60;
  std::uint32_t maneuver = 0;
  std::uint32_t spare = 0;
  bool raim = false;
  std::uint32_t radio = 0;

  bool operator==(const PositionReport&) const = default;
};

// Messages 4 and 11: §3.2, §3.9.
struct BaseStationReport {
  std::uint32_t year = 0;
  std::uint32_t month = 0;
  std::uint32_t day = 0;
  std::uint32_t hour = 24;
  std::uint32_t minute = 60;
  std::uint32_t second = 60;
  bool accuracy = false;
  std::int32_t lon = 181 * 600'000;
  std::int32_t lat = 91 * 600'000;
  std::uint32_t epfd = 0;
  std::uint32_t spare = 0;
  bool raim = false;
  std::uint32_t radio = 0;

  bool operator==(const BaseStationReport&) const = default;
};

// Message 5: §3.3. Draught 0.1 m.
struct StaticVoyageData {
  std::uint32_t ais_version = 2;
  std::uint32_t imo = 0;
  std::string callsign;
  std::string shipname;
  std::uint32_t shiptype = 0;
  Dimensions dimensions;
  std::uint32_t epfd = 0;
  std::uint32_t month = 0;
  std::uint32_t day = 0;
  std::uint32_t hour = 24;
  std::uint32_t minute = 60;
  std::uint32_t draught = 0;
  std::string destination;
  bool dte = true;
  bool spare = false;

  bool operator==(const StaticVoyageData&) const = default;
};

// Message 9: §3.7. Altitude 1 m, speed in whole knots.
struct SarAircraftReport {
  std::uint32_t alt = 4095;
  std::uint32_t speed = 1023;
  bool accuracy = false;
  std::int32_t lon = 181 * 600'000;
  std::int32_t lat = 91 * 600'000;
  std::uint32_t course = 3600;
  std::uint32_t second = 60;
  bool barometric = false;
  std::uint32_t spare = 0;
  bool dte = true;
  std::uint32_t spare2 = 0;
  bool assigned = false;
  bool raim = false;
  std::uint32_t radio = 0;

  bool operator==(const SarAircraftReport&) const = default;
};

// Messages 12 (to one station) and 14 (to all): §3.10, §3.12.
struct SafetyText {
  std::uint32_t sequence = 0;
  std::uint32_t dest_mmsi = 0;
  bool retransmit = false;
  std::uint32_t spare = 0;
  std::string text;

  bool operator==(const SafetyText&) const = default;
};

// Message 18: §3.16.
struct ClassBPositionReport {
  std::uint32_t reserved = 0;
  std::uint32_t speed = 1023;
  bool accuracy = false;
  std::int32_t lon = 181 * 600'000;
  std::int32_t lat = 91 * 600'000;
  std::uint32_t course = 3600;
  std::uint32_t heading = 511;
  std::uint32_t second = 60;
  std::uint32_t regional = 0;
  bool cs = true;
  bool display = false;
  bool dsc = false;
  bool band = true;
  bool msg22 = false;
  bool assigned = false;
  bool raim = false;
  // Carrier sense units say this communication state: §3.16.
  std::uint32_t radio = 0xE0006;

  bool operator==(const ClassBPositionReport&) const = default;
};

// Message 19: §3.17.
struct ExtendedClassBReport {
  std::uint32_t reserved = 0;
  std::uint32_t speed = 1023;
  bool accuracy = false;
  std::int32_t lon = 181 * 600'000;
  std::int32_t lat = 91 * 600'000;
  std::uint32_t course = 3600;
  std::uint32_t heading = 511;
  std::uint32_t second = 60;
  std::uint32_t regional = 0;
  std::string shipname;
  std::uint32_t shiptype = 0;
  Dimensions dimensions;
  std::uint32_t epfd = 0;
  bool raim = false;
  bool dte = true;
  bool assigned = false;
  std::uint32_t spare = 0;

  bool operator==(const ExtendedClassBReport&) const = default;
};

// Message 21: §3.19. The name's extension of up to 14 characters is part of `name`.
struct AidToNavigation {
  std::uint32_t aid_type = 0;
  std::string name;
  bool accuracy = false;
  std::int32_t lon = 181 * 600'000;
  std::int32_t lat = 91 * 600'000;
  Dimensions dimensions;
  std::uint32_t epfd = 0;
  std::uint32_t second = 60;
  bool off_position = false;
  std::uint32_t regional = 0;
  bool raim = false;
  bool virtual_aid = false;
  bool assigned = false;
  bool spare = false;

  bool operator==(const AidToNavigation&) const = default;
};

// Message 24 part A: §3.22.
struct StaticDataA {
  std::string shipname;

  bool operator==(const StaticDataA&) const = default;
};

// Message 24 part B: §3.22. An auxiliary craft (MMSI 98...) says its mother ship in place of its dimensions.
struct StaticDataB {
  std::uint32_t shiptype = 0;
  std::string vendorid;
  std::uint32_t model = 0;
  std::uint32_t serial = 0;
  std::string callsign;
  Dimensions dimensions;
  std::uint32_t mothership_mmsi = 0;
  std::uint32_t epfd = 0;
  std::uint32_t spare = 0;

  bool operator==(const StaticDataB&) const = default;
};

// Message 27: §3.25. Degrees are 1/600; speed 1 knot; course 1°.
struct LongRangeReport {
  bool accuracy = false;
  bool raim = false;
  std::uint32_t status = 15;
  std::int32_t lon = 181 * 600;
  std::int32_t lat = 91 * 600;
  std::uint32_t speed = 63;
  std::uint32_t course = 511;
  bool gnss = false;  // false: the position is current GNSS
  bool spare = false;

  bool operator==(const LongRangeReport&) const = default;
};

// A type that is recognised but not taken apart.
struct OtherMessage {
  bool operator==(const OtherMessage&) const = default;
};

using Body = std::variant<OtherMessage, PositionReport, BaseStationReport, StaticVoyageData, SarAircraftReport, SafetyText,
                          ClassBPositionReport, ExtendedClassBReport, AidToNavigation, StaticDataA, StaticDataB, LongRangeReport>;

struct Message {
  // Not defaulted: a defaulted one is preceded by clearing all octets wherever a Message() is written.
  Message() {}  // NOLINT(modernize-use-equals-default)
  Message(const Header& its_header, Body its_body) : header(its_header), body(std::move(its_body)) {}

  Header header;
  Body body;

  bool operator==(const Message&) const = default;
};

// "position report (class A, scheduled)"; "reserved type 0" for types that the standard does not have.
std::string_view TypeName(std::uint32_t type);
inline constexpr std::uint32_t kLastType = 27;
// Craft associated with a parent ship: 98 and seven digits (ITU-R M.585).
inline bool IsAuxiliaryCraft(std::uint32_t mmsi) {
  return mmsi / 10'000'000 == 98;
}

}  // namespace entente::ais
