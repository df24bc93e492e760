// SPDX-License-Identifier: Apache-2.0
#pragma once

// The PDUs that this adapter understands, as plain structs in the standard's words and units: what stands on the wire, nothing
// computed. Versions 6 and 7 (IEEE 1278.1A-1998, 1278.1-2012) have the same layout for all of them but the header's last two
// octets. pdu_reader.h fills them, pdu_writer.h writes them; mapping to the canonical message is elsewhere. Views point into the
// octets that were read, or into what the writer's caller owns.

#include <array>
#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace entente::dis {

inline constexpr std::size_t kHeaderOctets = 12;
inline constexpr std::size_t kEntityStateOctets = 144;
inline constexpr std::size_t kVariableParameterOctets = 16;
// IEEE 1278.1-2012 §6.1: no PDU is larger.
inline constexpr std::size_t kPduLimitOctets = 8192;

// PDU Header record, IEEE 1278.1-2012 §6.2.66.
struct Header {
  std::uint8_t version = 7;
  std::uint8_t exercise = 1;
  std::uint8_t type = 0;    // [UID 4]
  std::uint8_t family = 0;  // [UID 5]
  std::uint32_t timestamp = 0;
  std::uint16_t length = 0;
  std::uint8_t status = 0;  // version 7 only: PDU Status, §6.2.67; padding before
  std::uint8_t padding = 0;

  bool operator==(const Header&) const = default;
};

// Entity Identifier and Event Identifier records, §6.2.28, §6.2.33.
struct EntityId {
  std::uint16_t site = 0;
  std::uint16_t application = 0;
  std::uint16_t entity = 0;

  auto operator<=>(const EntityId&) const = default;
};
using EventId = EntityId;

// Entity Type record, §6.2.30.
struct EntityType {
  std::uint8_t kind = 0;
  std::uint8_t domain = 0;
  std::uint16_t country = 0;
  std::uint8_t category = 0;
  std::uint8_t subcategory = 0;
  std::uint8_t specific = 0;
  std::uint8_t extra = 0;

  bool operator==(const EntityType&) const = default;
};

struct Vector32 {
  float x = 0;
  float y = 0;
  float z = 0;

  bool operator==(const Vector32&) const = default;
};

struct WorldCoordinates {  // metres, ECEF, §6.2.98
  double x = 0;
  double y = 0;
  double z = 0;

  bool operator==(const WorldCoordinates&) const = default;
};

struct EulerAngles {  // radians, §6.2.32
  float psi = 0;
  float theta = 0;
  float phi = 0;

  bool operator==(const EulerAngles&) const = default;
};

// Dead Reckoning Parameters field, §7.2.2.
struct DeadReckoningParameters {
  std::uint8_t algorithm = 0;                       // [UID 44]
  std::array<std::uint8_t, 15> other_parameters{};  // [UID 45] and what it says
  Vector32 acceleration;                            // m/s²
  Vector32 angular_velocity;                        // rad/s, body axes

  bool operator==(const DeadReckoningParameters&) const = default;
};

// Entity Marking record, §6.2.29.
struct Marking {
  std::uint8_t character_set = 1;  // [UID 45] 1: ASCII
  std::array<char, 11> characters{};

  bool operator==(const Marking&) const = default;
};

// Entity State PDU, §7.2.2: 144 octets and 16 for each variable parameter record.
struct EntityState {
  Header header;
  EntityId entity;
  std::uint8_t force = 0;  // [UID 6]
  EntityType type;
  EntityType alternative_type;
  Vector32 velocity;  // m/s; ECEF, or the body's axes with algorithms 6 to 9
  WorldCoordinates location;
  EulerAngles orientation;
  std::uint32_t appearance = 0;  // [UID 31 to 43]
  DeadReckoningParameters dead_reckoning;
  Marking marking;
  std::uint32_t capabilities = 0;  // [UID 55]
  ByteView variable_parameters;    // whole records
};

// Entity State Update PDU, §7.2.5: what may change of an Entity State.
struct EntityStateUpdate {
  Header header;
  EntityId entity;
  Vector32 velocity;
  WorldCoordinates location;
  EulerAngles orientation;
  std::uint32_t appearance = 0;
  ByteView variable_parameters;
};

// Munition Descriptor record, §6.2.19.2.
struct MunitionDescriptor {
  EntityType type;
  std::uint16_t warhead = 0;   // [UID 60]
  std::uint16_t fuse = 0;      // [UID 61]
  std::uint16_t quantity = 0;  // rounds
  std::uint16_t rate = 0;      // rounds per minute

  bool operator==(const MunitionDescriptor&) const = default;
};

// Fire PDU, §7.3.2: 96 octets.
struct Fire {
  Header header;
  EntityId firer;
  EntityId target;
  EntityId munition;
  EventId event;
  std::uint32_t mission_index = 0;
  WorldCoordinates location;
  MunitionDescriptor descriptor;
  Vector32 velocity;  // m/s, ECEF
  float range_m = 0;  // 0: not known
};

// Detonation PDU, §7.3.3: 104 octets and 16 for each variable parameter record.
struct Detonation {
  Header header;
  EntityId firer;
  EntityId target;
  EntityId munition;
  EventId event;
  Vector32 velocity;
  WorldCoordinates location;
  MunitionDescriptor descriptor;
  Vector32 location_in_entity;  // metres, the target's axes
  std::uint8_t result = 0;      // [UID 62]
  ByteView variable_parameters;
};

// Clock Time record, §6.2.14.
struct ClockTime {
  std::int32_t hour = 0;  // since 1970-01-01T00:00Z
  std::uint32_t past_hour = 0;

  bool operator==(const ClockTime&) const = default;
};

// Create Entity and Remove Entity PDUs, §7.5.2, §7.5.3: 28 octets; with the other fields below, Start/Resume (§7.5.4, 44 octets),
// Stop/Freeze (§7.5.5, 40 octets) and Acknowledge (§7.5.6, 32 octets).
struct SimulationManagement {
  Header header;
  EntityId originating;
  EntityId receiving;
  std::uint32_t request = 0;
  ClockTime real_world_time;           // Start/Resume, Stop/Freeze
  ClockTime simulation_time;           // Start/Resume
  std::uint8_t reason = 0;             // Stop/Freeze [UID 67]
  std::uint8_t frozen_behaviour = 0;   // Stop/Freeze [UID 68]
  std::uint16_t acknowledge_flag = 0;  // Acknowledge [UID 69]
  std::uint16_t response_flag = 0;     // Acknowledge [UID 70]
};

// Variable Datum record, §6.2.93; the length on the wire is in bits, padding to eight octets follows.
struct VariableDatum {
  std::uint32_t id = 0;  // [UID 66]
  ByteView octets;
};

// Comment PDU, §7.5.13: 32 octets and its datum records.
struct Comment {
  Header header;
  EntityId originating;
  EntityId receiving;
  std::uint32_t fixed_datums = 0;  // the standard wants 0; counted, not read
  std::vector<VariableDatum> variable_datums;
};

}  // namespace entente::dis
