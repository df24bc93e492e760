// SPDX-License-Identifier: Apache-2.0
#include "adapters/dis/vocabulary.h"

#include <algorithm>
#include <array>
#include <limits>

#include "adapters/common/symbols/entity_type.h"

namespace entente::dis {
namespace {

constexpr std::uint8_t kEnvironmental = 4;
constexpr std::uint8_t kRadio = 7;

struct CountryRow {
  std::string_view alpha3;
  std::uint16_t country;
};

// SISO-REF-010 [UID 29].
constexpr std::array<CountryRow, 72> kCountries{{
    {"AFG", 1},   {"ALB", 2},   {"DZA", 3},   {"ARG", 10},  {"AUS", 13},  {"AUT", 14},  {"BHR", 16},  {"BEL", 21},  {"BRA", 29},
    {"BGR", 33},  {"CAN", 39},  {"CHL", 44},  {"CHN", 45},  {"COL", 48},  {"CYP", 55},  {"DNK", 57},  {"EGY", 62},  {"FIN", 70},
    {"FRA", 71},  {"DEU", 78},  {"GRC", 82},  {"HUN", 97},  {"ISL", 98},  {"IND", 99},  {"IDN", 100}, {"IRN", 101}, {"IRQ", 102},
    {"IRL", 104}, {"ISR", 105}, {"ITA", 106}, {"JPN", 110}, {"JOR", 114}, {"KEN", 116}, {"PRK", 119}, {"KOR", 120}, {"KWT", 121},
    {"LUX", 128}, {"MYS", 132}, {"MLT", 135}, {"MEX", 142}, {"MNG", 145}, {"MAR", 147}, {"NLD", 153}, {"NZL", 156}, {"NGA", 159},
    {"NOR", 163}, {"OMN", 164}, {"PAK", 165}, {"PHL", 173}, {"POL", 175}, {"PRT", 176}, {"QAT", 178}, {"ROU", 180}, {"SAU", 189},
    {"SGP", 193}, {"ZAF", 197}, {"ESP", 198}, {"SWE", 205}, {"CHE", 206}, {"THA", 210}, {"TUN", 217}, {"TUR", 218}, {"RUS", 222},
    {"ARE", 223}, {"GBR", 224}, {"USA", 225}, {"VNM", 230}, {"HRV", 249}, {"EST", 250}, {"LVA", 254}, {"LTU", 255}, {"SVN", 262},
}};

}  // namespace

v1::StandardIdentity IdentityOf(std::uint8_t force) {
  if (force == kForceOther || force > kLastForce) return v1::STANDARD_IDENTITY_UNKNOWN;
  switch ((force - 1) % 3) {
    case 0:
      return v1::STANDARD_IDENTITY_FRIEND;
    case 1:
      return v1::STANDARD_IDENTITY_HOSTILE;
    default:
      return v1::STANDARD_IDENTITY_NEUTRAL;
  }
}

std::uint8_t ForceOf(v1::StandardIdentity identity, std::uint8_t acting_foes) {
  switch (identity) {
    case v1::STANDARD_IDENTITY_FRIEND:
    case v1::STANDARD_IDENTITY_ASSUMED_FRIEND:
      return kForceFriendly;
    case v1::STANDARD_IDENTITY_HOSTILE:
    case v1::STANDARD_IDENTITY_SUSPECT:
      return kForceOpposing;
    case v1::STANDARD_IDENTITY_NEUTRAL:
      return kForceNeutral;
    case v1::STANDARD_IDENTITY_JOKER:
    case v1::STANDARD_IDENTITY_FAKER:
      return acting_foes;
    default:
      return kForceOther;
  }
}

std::string_view IdentityName(v1::StandardIdentity identity) {
  switch (identity) {
    case v1::STANDARD_IDENTITY_PENDING:
      return "pending";
    case v1::STANDARD_IDENTITY_UNKNOWN:
      return "unknown";
    case v1::STANDARD_IDENTITY_ASSUMED_FRIEND:
      return "assumed friend";
    case v1::STANDARD_IDENTITY_FRIEND:
      return "friend";
    case v1::STANDARD_IDENTITY_NEUTRAL:
      return "neutral";
    case v1::STANDARD_IDENTITY_SUSPECT:
      return "suspect";
    case v1::STANDARD_IDENTITY_HOSTILE:
      return "hostile";
    case v1::STANDARD_IDENTITY_JOKER:
      return "joker";
    case v1::STANDARD_IDENTITY_FAKER:
      return "faker";
    case v1::STANDARD_IDENTITY_NONE:
      return "none";
    case v1::STANDARD_IDENTITY_OTHER:
      return "other";
    default:
      return "not said";
  }
}

v1::Dimension DimensionOf(const EntityType& type) {
  return symbols::DimensionOf(type.kind, type.domain);
}

EntityType TypeOf(v1::Dimension dimension, std::string_view nationality) {
  EntityType type;
  type.country = CountryOf(nationality);
  type.domain = symbols::DomainOf(dimension);
  if (type.domain != 0) type.kind = symbols::kPlatformKind;
  return type;
}

v1::DisEntityType ToProto(const EntityType& type) {
  v1::DisEntityType proto;
  proto.set_kind(type.kind);
  proto.set_domain(type.domain);
  proto.set_country(type.country);
  proto.set_category(type.category);
  proto.set_subcategory(type.subcategory);
  proto.set_specific(type.specific);
  proto.set_extra(type.extra);
  return proto;
}

std::optional<EntityType> FromProto(const v1::DisEntityType& type) {
  if (type.country() > std::numeric_limits<std::uint16_t>::max() ||
      std::max({type.kind(), type.domain(), type.category(), type.subcategory(), type.specific(), type.extra()}) >
          std::numeric_limits<std::uint8_t>::max()) {
    return std::nullopt;
  }
  return EntityType{static_cast<std::uint8_t>(type.kind()),        static_cast<std::uint8_t>(type.domain()),
                    static_cast<std::uint16_t>(type.country()),    static_cast<std::uint8_t>(type.category()),
                    static_cast<std::uint8_t>(type.subcategory()), static_cast<std::uint8_t>(type.specific()),
                    static_cast<std::uint8_t>(type.extra())};
}

std::uint16_t CountryOf(std::string_view alpha3) {
  const auto found = std::ranges::find(kCountries, alpha3, &CountryRow::alpha3);
  return found == kCountries.end() ? std::uint16_t{0} : found->country;
}

std::string_view NationOf(std::uint16_t country) {
  const auto found = std::ranges::find(kCountries, country, &CountryRow::country);
  return found == kCountries.end() ? std::string_view{} : found->alpha3;
}

bool HasDamageBits(std::uint8_t kind) {
  return kind != kEnvironmental && kind != kRadio;
}

v1::OperationalCode OperationalOf(std::uint32_t appearance) {
  switch ((appearance & kDamageMask) >> kDamageShift) {
    case 0:
      return v1::OPERATIONAL_CODE_FULLY;
    case 1:
      return v1::OPERATIONAL_CODE_MOSTLY;
    case 2:
      return v1::OPERATIONAL_CODE_PARTLY;
    default:
      return v1::OPERATIONAL_CODE_NOT;
  }
}

std::uint32_t WithOperational(std::uint32_t appearance, v1::OperationalCode code) {
  const std::uint32_t damage = code <= v1::OPERATIONAL_CODE_FULLY ? 0 : static_cast<std::uint32_t>(code) - 1;
  return (appearance & ~kDamageMask) | (damage << kDamageShift);
}

}  // namespace entente::dis
