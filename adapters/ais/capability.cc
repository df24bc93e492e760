// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/capability.h"

#include <array>

#include "adapters/ais/units.h"

namespace entente::ais {
namespace {

using adapter::Carriage;
using adapter::FamilyCapability;
using adapter::FieldCapability;
using adapter::NodeOption;
using adapter::OptionType;

// Half a step of 1/10,000 minute (0.1852 m) in both directions, and the rounding of doubles.
constexpr double kPositionResolutionM = 0.1315;
// Messages 9 and 27 have whole knots; the rest has tenths.
constexpr double kSpeedResolutionMps = kMetresPerSecondPerKnot / 2 + 1e-6;
constexpr double kGreatestSpeedMps = kSpeedBound * kSpeedStepMps;
// The steps of the root grow with the rate: half of the last one before 708 degrees a minute.
constexpr double kTurnResolutionDps = 0.095;
constexpr double kGreatestTurnDps = 708.0 / 60;

constexpr std::array kTrackFields = {
    FieldCapability{v1::FIELD_OBJECT_ID, Carriage::kQuantised, true, 0, 0, 999'999'999, "MMSI, nine digits"},
    FieldCapability{.field = v1::FIELD_ORIGINATOR, .carriage = Carriage::kLimited, .note = "TAG block s:"},
    FieldCapability{.field = v1::FIELD_CALLSIGN,
                    .carriage = Carriage::kLimited,
                    .note = "20 characters of six-bit capitals, in message 5 or 24"},
    FieldCapability{.field = v1::FIELD_OBSERVED_TIME,
                    .carriage = Carriage::kLimited,
                    .mandatory = true,
                    .resolution = 1,
                    .note = "second of the minute; with a TAG block whole seconds"},
    FieldCapability{.field = v1::FIELD_POSITION,
                    .carriage = Carriage::kQuantised,
                    .mandatory = true,
                    .resolution = kPositionResolutionM,
                    .note = "1/10,000 minute"},
    FieldCapability{v1::FIELD_ALTITUDE, Carriage::kLimited, false, 0.5, 0, 4094,
                    "aircraft only, above mean sea level or barometric"},
    FieldCapability{v1::FIELD_HORIZONTAL_ACCURACY, Carriage::kLimited, false, 10, 0, 10, "10 m or better, or not"},
    FieldCapability{v1::FIELD_COURSE, Carriage::kQuantised, false, 0.05 + 1e-6, 0, 360, "0.1 degree"},
    FieldCapability{v1::FIELD_HEADING, Carriage::kLimited, false, 0.5 + 1e-6, 0, 360,
                    "1 degree; not of aircraft; no pitch or roll"},
    FieldCapability{v1::FIELD_SPEED, Carriage::kQuantised, false, kSpeedResolutionMps, 0, kGreatestSpeedMps,
                    "0.1 knot; of aircraft 1 knot, up to 1,022 knots"},
    FieldCapability{v1::FIELD_RATE_OF_TURN, Carriage::kLimited, false, kTurnResolutionDps, -kGreatestTurnDps, kGreatestTurnDps,
                    "class A only"},
    FieldCapability{.field = v1::FIELD_DIMENSION, .carriage = Carriage::kLimited, .note = "sea surface, or air"},
    FieldCapability{.field = v1::FIELD_PLATFORM_TYPE, .carriage = Carriage::kLimited, .note = "AIS ship type, in message 5 or 24"},
    FieldCapability{.field = v1::FIELD_OPERATIONAL_STATUS, .carriage = Carriage::kLimited, .note = "navigation status of class A"},
    FieldCapability{.field = v1::FIELD_HOW, .carriage = Carriage::kLimited, .note = "manual input is understood, not said"},
    FieldCapability{.field = v1::FIELD_LIFECYCLE, .carriage = Carriage::kLimited, .note = "dead reckoning is understood, not said"},
    FieldCapability{
        .field = v1::FIELD_TRANSPONDER_IDS, .carriage = Carriage::kLimited, .note = "IMO number and radio callsign in static data"},
    FieldCapability{.field = v1::FIELD_EXTENSIONS, .carriage = Carriage::kLimited, .note = "AIS payloads"},
};

constexpr std::array kIdentityFields = {
    FieldCapability{v1::FIELD_OBJECT_ID, Carriage::kQuantised, true, 0, 0, 999'999'999, "MMSI, nine digits"},
    FieldCapability{.field = v1::FIELD_CALLSIGN,
                    .carriage = Carriage::kLimited,
                    .note = "20 characters of six-bit capitals; 34 of an aid to navigation"},
    FieldCapability{.field = v1::FIELD_OBSERVED_TIME,
                    .carriage = Carriage::kLimited,
                    .resolution = 1,
                    .note = "of base stations; the second of aids to navigation; else in a TAG block"},
    FieldCapability{.field = v1::FIELD_POSITION,
                    .carriage = Carriage::kQuantised,
                    .resolution = kPositionResolutionM,
                    .note = "of aids to navigation and base stations"},
    FieldCapability{.field = v1::FIELD_DIMENSION, .carriage = Carriage::kLimited, .note = "ships; base stations on land"},
    FieldCapability{.field = v1::FIELD_PLATFORM_TYPE, .carriage = Carriage::kLimited, .note = "AIS ship type"},
    FieldCapability{.field = v1::FIELD_TRANSPONDER_IDS,
                    .carriage = Carriage::kLimited,
                    .note = "radio callsign of 7 characters; IMO number in message 5"},
    FieldCapability{
        .field = v1::FIELD_VOYAGE, .carriage = Carriage::kLimited, .note = "destination of 20 characters; class A only"},
    FieldCapability{.field = v1::FIELD_EXTENSIONS, .carriage = Carriage::kLimited, .note = "AIS payloads"},
};

constexpr std::array kChatFields = {
    FieldCapability{.field = v1::FIELD_CHAT_BODY,
                    .carriage = Carriage::kLimited,
                    .mandatory = true,
                    .note = "161 characters of six-bit capitals"},
    FieldCapability{.field = v1::FIELD_CHAT_SENDER, .carriage = Carriage::kLimited, .note = "MMSI"},
    FieldCapability{.field = v1::FIELD_CHAT_DELIVERY, .carriage = Carriage::kLimited, .note = "texts, not receipts"},
    FieldCapability{.field = v1::FIELD_ADDRESSEES, .carriage = Carriage::kLimited, .note = "one MMSI"},
    FieldCapability{.field = v1::FIELD_OBSERVED_TIME, .carriage = Carriage::kLimited, .resolution = 1, .note = "in a TAG block"},
    FieldCapability{.field = v1::FIELD_EXTENSIONS, .carriage = Carriage::kLimited, .note = "AIS payloads"},
};

constexpr std::array kAlertFields = {
    FieldCapability{.field = v1::FIELD_ALERT_EVENT, .carriage = Carriage::kLimited, .note = "a word in a safety related text"},
    FieldCapability{.field = v1::FIELD_ALERT_STATUS, .carriage = Carriage::kLimited, .note = "a word in a safety related text"},
    FieldCapability{.field = v1::FIELD_ALERT_TEXT, .carriage = Carriage::kLimited, .note = "in a safety related text"},
    FieldCapability{.field = v1::FIELD_CALLSIGN, .carriage = Carriage::kLimited, .note = "in a safety related text"},
    FieldCapability{.field = v1::FIELD_POSITION, .carriage = Carriage::kLimited, .note = "0.001 minute in a safety related text"},
};

constexpr std::array kOpaqueFields = {
    FieldCapability{.field = v1::FIELD_EXTENSIONS, .carriage = Carriage::kLimited, .note = "AIS units, whole"},
};

constexpr std::array kFamilies = {
    FamilyCapability{v1::FAMILY_TRACK, true, true, kTrackFields},
    FamilyCapability{v1::FAMILY_IDENTITY, true, true, kIdentityFields},
    FamilyCapability{v1::FAMILY_CHAT, true, true, kChatFields},
    FamilyCapability{v1::FAMILY_ALERT, false, true, kAlertFields},
    FamilyCapability{v1::FAMILY_OPAQUE, true, true, kOpaqueFields},
};

constexpr std::array<std::string_view, 10> kTalkers = {"AI", "AB", "AD", "AN", "AR", "AS", "AT", "AX", "BS", "SA"};
constexpr std::array<std::string_view, 3> kChannels = {"A", "B", ""};
constexpr std::array<std::string_view, 2> kClasses = {"A", "B"};
constexpr std::array<std::string_view, 8> kPositionMessages = {"auto", "1", "2", "3", "11", "18", "19", "27"};

constexpr std::array kOptions = {
    NodeOption{"mmsi", OptionType::kInteger, "", 0, 999'999'999, "0", "the node's own MMSI: its reports are AIVDO; 0: none"},
    NodeOption{"class", OptionType::kText, "", 0, 0, "A", "which class of equipment is played: position reports and static data",
               kClasses},
    NodeOption{"position_message", OptionType::kText, "", 0, 0, "auto",
               "message of position reports; auto: 1, or 18 for class B. Aircraft are always message 9", kPositionMessages},
    NodeOption{"talker", OptionType::kText, "", 0, 0, "AI", "talker of the sentences", kTalkers},
    NodeOption{"channel", OptionType::kText, "", 0, 0, "A", "radio channel said in the sentences; empty: none", kChannels},
    NodeOption{"tag_block_source", OptionType::kText, "", 0, 0, "",
               "source (s:) of a TAG block with the time (c:) before each message, at most 15 characters; empty: no TAG block"},
};

}  // namespace

const adapter::CapabilityProfile& Capability() {
  static constexpr adapter::CapabilityProfile kProfile{.families = kFamilies, .label_slot = false};
  return kProfile;
}

std::span<const NodeOption> Options() {
  return kOptions;
}

}  // namespace entente::ais
