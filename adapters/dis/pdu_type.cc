// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/pdu_type.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace entente::dis {
namespace {

struct Row {
  std::string_view name;
  std::uint8_t family;  // [UID 5]
};

constexpr std::uint8_t kFirstExperimental = 129;

// SISO-REF-010 [UID 4], by number.
constexpr std::array<Row, 73> kTypes{{
    {"Other", 0},
    {"Entity State", 1},
    {"Fire", 2},
    {"Detonation", 2},
    {"Collision", 1},
    {"Service Request", 3},
    {"Resupply Offer", 3},
    {"Resupply Received", 3},
    {"Resupply Cancel", 3},
    {"Repair Complete", 3},
    {"Repair Response", 3},
    {"Create Entity", 5},
    {"Remove Entity", 5},
    {"Start/Resume", 5},
    {"Stop/Freeze", 5},
    {"Acknowledge", 5},
    {"Action Request", 5},
    {"Action Response", 5},
    {"Data Query", 5},
    {"Set Data", 5},
    {"Data", 5},
    {"Event Report", 5},
    {"Comment", 5},
    {"Electromagnetic Emission", 6},
    {"Designator", 6},
    {"Transmitter", 4},
    {"Signal", 4},
    {"Receiver", 4},
    {"IFF", 6},
    {"Underwater Acoustic", 6},
    {"Supplemental Emission/Entity State", 6},
    {"Intercom Signal", 4},
    {"Intercom Control", 4},
    {"Aggregate State", 7},
    {"IsGroupOf", 7},
    {"Transfer Ownership", 7},
    {"IsPartOf", 7},
    {"Minefield State", 8},
    {"Minefield Query", 8},
    {"Minefield Data", 8},
    {"Minefield Response NACK", 8},
    {"Environmental Process", 9},
    {"Gridded Data", 9},
    {"Point Object State", 9},
    {"Linear Object State", 9},
    {"Areal Object State", 9},
    {"TSPI", 11},
    {"Appearance", 11},
    {"Articulated Parts", 11},
    {"LE Fire", 11},
    {"LE Detonation", 11},
    {"Create Entity-R", 10},
    {"Remove Entity-R", 10},
    {"Start/Resume-R", 10},
    {"Stop/Freeze-R", 10},
    {"Acknowledge-R", 10},
    {"Action Request-R", 10},
    {"Action Response-R", 10},
    {"Data Query-R", 10},
    {"Set Data-R", 10},
    {"Data-R", 10},
    {"Event Report-R", 10},
    {"Comment-R", 10},
    {"Record-R", 10},
    {"Set Record-R", 10},
    {"Record Query-R", 10},
    {"Collision-Elastic", 1},
    {"Entity State Update", 1},
    {"Directed Energy Fire", 2},
    {"Entity Damage Status", 2},
    {"Information Operations Action", 13},
    {"Information Operations Report", 13},
    {"Attribute", 1},
}};

}  // namespace

bool IsKnownType(std::uint8_t type) {
  return type < kTypes.size() || type >= kFirstExperimental;
}

std::string TypeName(std::uint8_t type) {
  if (type < kTypes.size()) return std::string(kTypes[type].name);
  return fmt::format("{} {}", type >= kFirstExperimental ? "Experimental" : "Unassigned", type);
}

std::uint8_t FamilyOfType(std::uint8_t type) {
  return type < kTypes.size() ? kTypes[type].family : 0;
}

bool IsVersion7Only(std::uint8_t type) {
  return type >= 68 && type <= 72;
}

}  // namespace entente::dis
