// SPDX-License-Identifier: Apache-2.0
#include "adapters/cot/capability.h"

#include <array>

namespace entente::cot {
namespace {

using adapter::CapabilityProfile;
using adapter::Carriage;
using adapter::FamilyCapability;
using adapter::FieldCapability;

constexpr bool kMandatory = true;
// Seconds: TAK v1 counts milliseconds.
constexpr double kMillisecond = 1e-3;
// Horizontal and vertical speed are said as magnitude and slope; the way there and back costs the last bits of a double.
constexpr double kSlopeRounding = 1e-6;
constexpr double kBatteryRounding = 0.5;

constexpr FieldCapability Full(v1::Field field, bool mandatory = false, std::string_view note = {}) {
  return {.field = field, .carriage = Carriage::kFull, .mandatory = mandatory, .note = note};
}
constexpr FieldCapability Limited(v1::Field field, std::string_view note, bool mandatory = false) {
  return {.field = field, .carriage = Carriage::kLimited, .mandatory = mandatory, .note = note};
}
constexpr FieldCapability Time(v1::Field field, double resolution_s) {
  return {.field = field,
          .carriage = resolution_s > 0 ? Carriage::kQuantised : Carriage::kFull,
          .mandatory = true,
          .resolution = resolution_s};
}

constexpr FieldCapability Text(v1::Field field, bool mandatory = false) {
  return Limited(field, "no characters that XML cannot hold", mandatory);
}

// The envelope's part, the same in every family.
constexpr std::size_t kEnvelopeFields = 8;
constexpr std::array<FieldCapability, kEnvelopeFields> EnvelopeFields(double resolution_s) {
  return {Full(v1::FIELD_OBJECT_ID, kMandatory),
          Time(v1::FIELD_OBSERVED_TIME, resolution_s),
          FieldCapability{.field = v1::FIELD_STALE_TIME,
                          .carriage = Carriage::kLimited,
                          .mandatory = true,
                          .resolution = resolution_s,
                          .note = "not of a dropped track"},
          Limited(v1::FIELD_REALITY, "opex: operation, exercise, simulation"),
          Limited(v1::FIELD_CLASSIFICATION, "access, without the policy's name"),
          Limited(v1::FIELD_RELEASABILITY, "releasableTo and caveat of TAK Server; no category types"),
          Limited(v1::FIELD_PRECEDENCE, "qos priority 0 to 9"),
          Full(v1::FIELD_EXTENSIONS, false, "children of <detail>")};
}

template <std::size_t kSize>
constexpr std::array<FieldCapability, kEnvelopeFields + kSize> With(double resolution_s,
                                                                    const std::array<FieldCapability, kSize>& own) {
  std::array<FieldCapability, kEnvelopeFields + kSize> fields{};
  const auto envelope = EnvelopeFields(resolution_s);
  for (std::size_t i = 0; i < kEnvelopeFields; ++i) fields[i] = envelope[i];
  for (std::size_t i = 0; i < kSize; ++i) fields[kEnvelopeFields + i] = own[i];
  return fields;
}

constexpr FieldCapability kAltitude = Limited(v1::FIELD_ALTITUDE, "above the ellipsoid only", kMandatory);
constexpr FieldCapability kOptionalAltitude = Limited(v1::FIELD_ALTITUDE, "above the ellipsoid only");

constexpr std::array kTrackFields = {
    Full(v1::FIELD_POSITION, kMandatory),
    kAltitude,
    Full(v1::FIELD_HORIZONTAL_ACCURACY, kMandatory),
    Full(v1::FIELD_VERTICAL_ACCURACY, kMandatory),
    Limited(v1::FIELD_COURSE, "only together with a speed"),
    FieldCapability{.field = v1::FIELD_SPEED,
                    .carriage = Carriage::kLimited,
                    .resolution = kSlopeRounding,
                    .minimum = 0,
                    .note = "only together with a course"},
    FieldCapability{.field = v1::FIELD_VERTICAL_RATE,
                    .carriage = Carriage::kLimited,
                    .resolution = kSlopeRounding,
                    .note = "as slope; only together with course and speed"},
    Full(v1::FIELD_STANDARD_IDENTITY, kMandatory),
    Full(v1::FIELD_DIMENSION, kMandatory),
    Full(v1::FIELD_FUNCTION_SYMBOL),
    FieldCapability{.field = v1::FIELD_OPERATIONAL_STATUS,
                    .carriage = Carriage::kLimited,
                    .resolution = kBatteryRounding,
                    .note = "ready or not, and battery in whole percent"},
    Full(v1::FIELD_HOW, kMandatory),
    Text(v1::FIELD_CALLSIGN),
    Text(v1::FIELD_REMARKS),
    Limited(v1::FIELD_RELATIONS, "to objects with a CoT uid"),
    Limited(v1::FIELD_LIFECYCLE, "dropped, or not"),
};
constexpr std::array kChatFields = {
    Text(v1::FIELD_CHAT_ROOM, kMandatory),
    Text(v1::FIELD_CHAT_SENDER),
    Text(v1::FIELD_CHAT_BODY),
    Limited(v1::FIELD_CHAT_DELIVERY, "sent, delivered, read"),
    Limited(v1::FIELD_ADDRESSEES, "callsigns"),
    Full(v1::FIELD_POSITION),
};
constexpr std::array kAlertFields = {
    Limited(v1::FIELD_ALERT_EVENT, "911, ring the bell, in contact, geofence; others by name"),
    Limited(v1::FIELD_ALERT_STATUS, "active or cancelled"),
    Text(v1::FIELD_ALERT_TEXT),
    Text(v1::FIELD_CALLSIGN),
    Full(v1::FIELD_POSITION),
    kOptionalAltitude,
};
constexpr std::array kWeaponFields = {
    Full(v1::FIELD_WEAPON_PHASE),
    Full(v1::FIELD_WEAPON_EVENT_ID),
    Full(v1::FIELD_POSITION, kMandatory),
    kOptionalAltitude,
};
constexpr std::array kIdentityFields = {
    Full(v1::FIELD_POSITION, kMandatory),  Text(v1::FIELD_CALLSIGN),        Full(v1::FIELD_STANDARD_IDENTITY, kMandatory),
    Full(v1::FIELD_DIMENSION, kMandatory), Full(v1::FIELD_FUNCTION_SYMBOL),
};
constexpr std::array kControlFields = {
    Limited(v1::FIELD_CONTROL_ACTION, "a comment, as a text to All Chat Rooms"),
    Text(v1::FIELD_REMARKS),
};
constexpr std::array kOpaqueFields = {Full(v1::FIELD_POSITION), Text(v1::FIELD_CALLSIGN)};

template <int kResolutionUs>
struct Profile {
  static constexpr double kResolutionS = kResolutionUs * 1e-6;
  static constexpr auto kTrack = With(kResolutionS, kTrackFields);
  static constexpr auto kChat = With(kResolutionS, kChatFields);
  static constexpr auto kAlert = With(kResolutionS, kAlertFields);
  static constexpr auto kWeapon = With(kResolutionS, kWeaponFields);
  static constexpr auto kIdentity = With(kResolutionS, kIdentityFields);
  static constexpr auto kControl = With(kResolutionS, kControlFields);
  static constexpr auto kOpaque = With(kResolutionS, kOpaqueFields);
  static constexpr std::array<FamilyCapability, 7> kFamilies = {
      FamilyCapability{v1::FAMILY_TRACK, true, true, kTrack},
      FamilyCapability{v1::FAMILY_CHAT, true, true, kChat},
      FamilyCapability{v1::FAMILY_ALERT, true, true, kAlert},
      FamilyCapability{v1::FAMILY_WEAPON_EVENT, true, true, kWeapon},
      FamilyCapability{v1::FAMILY_IDENTITY, false, true, kIdentity},
      FamilyCapability{v1::FAMILY_SIMULATION_CONTROL, false, true, kControl},
      FamilyCapability{v1::FAMILY_OPAQUE, true, true, kOpaque},
  };
  static constexpr CapabilityProfile kProfile{.families = kFamilies, .label_slot = true};
};
static_assert(kMillisecond == Profile<1000>::kResolutionS);

}  // namespace

const CapabilityProfile& XmlCapability() {
  return Profile<0>::kProfile;
}

const CapabilityProfile& TakV1Capability() {
  return Profile<1000>::kProfile;
}

}  // namespace entente::cot
