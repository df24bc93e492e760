// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/capability.h"

#include <array>

namespace entente::dis {
namespace {

using adapter::Carriage;
using adapter::FamilyCapability;
using adapter::FieldCapability;

// Half a timestamp unit and the nanosecond.
constexpr double kTimeErrorS = 1e-6;
// World coordinates are 64-bit metres: only the turning of axes rounds.
constexpr double kPlaceErrorM = 1e-3;
// Velocities are 32-bit floats along ECEF axes.
constexpr double kSpeedErrorMps = 1e-3;
constexpr double kCourseErrorDeg = 1e-2;
constexpr double kHeadingErrorDeg = 1e-3;

constexpr FieldCapability Time() {
  return {v1::FIELD_OBSERVED_TIME, Carriage::kLimited, true, kTimeErrorS, 0, 3600, "within the hour, 1.676 µs"};
}
constexpr FieldCapability Reality() {
  return {.field = v1::FIELD_REALITY, .carriage = Carriage::kLimited, .mandatory = true, .note = "exercise identifier"};
}
constexpr FieldCapability Position(bool mandatory) {
  return {.field = v1::FIELD_POSITION, .carriage = Carriage::kFull, .mandatory = mandatory, .resolution = kPlaceErrorM};
}
constexpr FieldCapability Altitude(bool mandatory) {
  return {.field = v1::FIELD_ALTITUDE,
          .carriage = Carriage::kLimited,
          .mandatory = mandatory,
          .resolution = kPlaceErrorM,
          .note = "above the ellipsoid; other datums are taken for it"};
}
constexpr FieldCapability Originator() {
  return {.field = v1::FIELD_ORIGINATOR,
          .carriage = Carriage::kQuantised,
          .mandatory = true,
          .note = "site and application, 16 bits each"};
}

constexpr std::array kTrack{
    FieldCapability{
        .field = v1::FIELD_OBJECT_ID, .carriage = Carriage::kQuantised, .mandatory = true, .note = "three numbers of 16 bits"},
    Originator(),
    FieldCapability{.field = v1::FIELD_CALLSIGN, .carriage = Carriage::kLimited, .note = "11 ASCII characters"},
    Time(),
    Reality(),
    Position(true),
    Altitude(true),
    FieldCapability{.field = v1::FIELD_COURSE,
                    .carriage = Carriage::kLimited,
                    .mandatory = true,
                    .resolution = kCourseErrorDeg,
                    .note = "of what moves"},
    FieldCapability{.field = v1::FIELD_HEADING, .carriage = Carriage::kFull, .mandatory = true, .resolution = kHeadingErrorDeg},
    FieldCapability{.field = v1::FIELD_SPEED, .carriage = Carriage::kFull, .mandatory = true, .resolution = kSpeedErrorMps},
    FieldCapability{.field = v1::FIELD_VERTICAL_RATE, .carriage = Carriage::kFull, .mandatory = true, .resolution = kSpeedErrorMps},
    FieldCapability{.field = v1::FIELD_ACCELERATION, .carriage = Carriage::kFull, .mandatory = true, .resolution = kSpeedErrorMps},
    FieldCapability{.field = v1::FIELD_STANDARD_IDENTITY,
                    .carriage = Carriage::kLimited,
                    .mandatory = true,
                    .note = "friendly, opposing, neutral, other"},
    FieldCapability{.field = v1::FIELD_DIMENSION,
                    .carriage = Carriage::kLimited,
                    .mandatory = true,
                    .note = "domain; special operations count as land"},
    FieldCapability{.field = v1::FIELD_PLATFORM_TYPE,
                    .carriage = Carriage::kLimited,
                    .mandatory = true,
                    .note = "SISO-REF-010 entity type; an AIS ship type has no place"},
    FieldCapability{.field = v1::FIELD_OPERATIONAL_STATUS,
                    .carriage = Carriage::kLimited,
                    .mandatory = true,
                    .note = "damage: none, slight, moderate, destroyed"},
    FieldCapability{.field = v1::FIELD_LIFECYCLE, .carriage = Carriage::kLimited, .note = "deactivated or not"},
    FieldCapability{.field = v1::FIELD_EXTENSIONS, .carriage = Carriage::kLimited, .note = "variable parameter records"},
};

constexpr std::array kWeaponEvent{
    Originator(),
    Time(),
    Reality(),
    Position(true),
    Altitude(true),
    FieldCapability{.field = v1::FIELD_WEAPON_PHASE, .carriage = Carriage::kFull, .mandatory = true},
    FieldCapability{.field = v1::FIELD_WEAPON_EVENT_ID, .carriage = Carriage::kLimited, .note = "site:application:number"},
    FieldCapability{.field = v1::FIELD_WEAPON_FIRER, .carriage = Carriage::kQuantised, .note = "entity id"},
    FieldCapability{.field = v1::FIELD_WEAPON_TARGET, .carriage = Carriage::kQuantised, .note = "entity id"},
    FieldCapability{.field = v1::FIELD_WEAPON_MUNITION, .carriage = Carriage::kFull, .mandatory = true},
    FieldCapability{
        .field = v1::FIELD_WEAPON_RESULT, .carriage = Carriage::kFull, .minimum = 0, .maximum = 255, .note = "of a detonation"},
    FieldCapability{.field = v1::FIELD_WEAPON_VELOCITY, .carriage = Carriage::kFull, .resolution = kSpeedErrorMps},
    FieldCapability{.field = v1::FIELD_EXTENSIONS, .carriage = Carriage::kLimited, .note = "variable parameter records"},
};

constexpr std::array kChat{
    Originator(),
    Time(),
    Reality(),
    FieldCapability{
        .field = v1::FIELD_CHAT_BODY, .carriage = Carriage::kFull, .mandatory = true, .note = "up to 8152 octets of UTF-8"},
    FieldCapability{.field = v1::FIELD_CHAT_DELIVERY, .carriage = Carriage::kLimited, .note = "originals only, no receipts"},
};

constexpr std::array kControl{
    Originator(),
    Time(),
    Reality(),
    FieldCapability{
        .field = v1::FIELD_CONTROL_ACTION, .carriage = Carriage::kFull, .mandatory = true, .note = "a comment's text is chat"},
    FieldCapability{
        .field = v1::FIELD_CONTROL_REQUEST_ID, .carriage = Carriage::kFull, .mandatory = true, .minimum = 0, .maximum = 4294967295},
    FieldCapability{
        .field = v1::FIELD_CONTROL_REASON, .carriage = Carriage::kFull, .minimum = 0, .maximum = 255, .note = "of stop/freeze"},
    FieldCapability{.field = v1::FIELD_CONTROL_TIME,
                    .carriage = Carriage::kFull,
                    .resolution = kTimeErrorS,
                    .note = "of start/resume and stop/freeze"},
};

constexpr std::array kOpaque{
    Time(),
    Reality(),
    FieldCapability{.field = v1::FIELD_EXTENSIONS, .carriage = Carriage::kFull, .mandatory = true, .note = "whole PDUs of DIS"},
};

constexpr std::array<FamilyCapability, 5> kFamilies{{
    {v1::FAMILY_TRACK, true, true, kTrack},
    {v1::FAMILY_CHAT, true, true, kChat},
    {v1::FAMILY_WEAPON_EVENT, true, true, kWeaponEvent},
    {v1::FAMILY_SIMULATION_CONTROL, true, true, kControl},
    {v1::FAMILY_OPAQUE, true, true, kOpaque},
}};

}  // namespace

adapter::CapabilityProfile Capability() {
  return {kFamilies, false};
}

}  // namespace entente::dis
