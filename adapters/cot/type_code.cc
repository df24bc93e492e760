// SPDX-License-Identifier: Apache-2.0
#include "adapters/cot/type_code.h"

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/common/symbols/entity_type.h"

namespace entente::cot {
namespace {

// CoT Base-Event Schema 2.0: 'o' is "none specified", 'x' is "other".
constexpr std::array kIdentities = {
    std::pair{'p', v1::STANDARD_IDENTITY_PENDING},        std::pair{'u', v1::STANDARD_IDENTITY_UNKNOWN},
    std::pair{'a', v1::STANDARD_IDENTITY_ASSUMED_FRIEND}, std::pair{'f', v1::STANDARD_IDENTITY_FRIEND},
    std::pair{'n', v1::STANDARD_IDENTITY_NEUTRAL},        std::pair{'s', v1::STANDARD_IDENTITY_SUSPECT},
    std::pair{'h', v1::STANDARD_IDENTITY_HOSTILE},        std::pair{'j', v1::STANDARD_IDENTITY_JOKER},
    std::pair{'k', v1::STANDARD_IDENTITY_FAKER},          std::pair{'o', v1::STANDARD_IDENTITY_NONE},
    std::pair{'x', v1::STANDARD_IDENTITY_OTHER},
};

// MIL-STD-2525B battle dimensions; 'X' is its "other".
constexpr std::array kDimensions = {
    std::pair{'P', v1::DIMENSION_SPACE},       std::pair{'A', v1::DIMENSION_AIR},        std::pair{'G', v1::DIMENSION_LAND},
    std::pair{'S', v1::DIMENSION_SEA_SURFACE}, std::pair{'U', v1::DIMENSION_SUBSURFACE}, std::pair{'F', v1::DIMENSION_SOF},
    std::pair{'X', v1::DIMENSION_OTHER},
};

constexpr std::array<bool, 256> kWordOctets = [] {
  std::array<bool, 256> octets{};
  for (unsigned c = 0; c < octets.size(); ++c) {
    octets[c] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c >= 0x80;
  }
  return octets;
}();

// "word(-word)*"
bool IsHyphenated(std::string_view text) {
  bool word = false;
  for (const char c : text) {
    if (c == '-' ? !word : !kWordOctets[static_cast<std::uint8_t>(c)]) return false;
    word = c != '-';
  }
  return word;
}

v1::Dimension DimensionOf(const v1::Classification& classification) {
  if (classification.has_ais_ship_type()) return v1::DIMENSION_SEA_SURFACE;
  return symbols::DimensionOf(classification.dis_entity_type().kind(), classification.dis_entity_type().domain());
}

// ITU-R M.1371-5 table 53 to the nearest MIL-STD-2525B non-military sea surface function.
std::string_view FunctionOfShip(std::uint32_t ship_type) {
  if (ship_type == 30) return "X-F";                                            // fishing
  if (ship_type == 36 || ship_type == 37) return "X-R";                         // sailing, pleasure craft
  if (ship_type == 55) return "X-L";                                            // law enforcement
  if (ship_type == 31 || ship_type == 32 || ship_type == 52) return "X-M-T-O";  // towing, tug
  if (ship_type >= 60 && ship_type <= 69) return "X-M-P";                       // passenger
  if (ship_type >= 70 && ship_type <= 79) return "X-M-C";                       // cargo
  if (ship_type >= 80 && ship_type <= 89) return "X-M-O";                       // tanker
  return {};
}

}  // namespace

EventKind KindOf(std::string_view type) {
  if (type.starts_with("a-")) return EventKind::kTrack;
  type = type.substr(0, type.find(';'));
  if (type == "b-t-f" || type == "b-t-f-d" || type == "b-t-f-r") return EventKind::kChat;
  if (IsBelow(type, "b-a")) return EventKind::kAlert;
  if (IsBelow(type, "b-d-l") || IsBelow(type, "b-d-i")) return EventKind::kWeaponEvent;
  if (type == "t-x-c-t" || type == "t-x-c-t-r" || type.starts_with("t-x-takp-")) return EventKind::kControl;
  return EventKind::kOpaque;
}

bool IsTypeCode(std::string_view type) {
  const std::size_t field = type.find(';');
  return IsHyphenated(type.substr(0, field)) &&
         (field == std::string_view::npos || type.find(';', field + 1) == std::string_view::npos);
}

bool IsBelow(std::string_view type, std::string_view prefix) {
  return type.starts_with(prefix) && (type.size() == prefix.size() || type[prefix.size()] == '-');
}

v1::StandardIdentity StandardIdentityOf(char letter) {
  for (const auto& [known, identity] : kIdentities) {
    if (known == letter) return identity;
  }
  return v1::STANDARD_IDENTITY_UNSPECIFIED;
}

char LetterOf(v1::StandardIdentity identity) {
  for (const auto& [letter, known] : kIdentities) {
    if (known == identity) return letter;
  }
  return 0;
}

v1::Dimension DimensionOf(char letter) {
  for (const auto& [known, dimension] : kDimensions) {
    if (known == letter) return dimension;
  }
  return v1::DIMENSION_UNSPECIFIED;
}

char LetterOf(v1::Dimension dimension) {
  for (const auto& [letter, known] : kDimensions) {
    if (known == dimension) return letter;
  }
  return 0;
}

void ReadType(std::string_view type, v1::Classification& classification) {
  type = type.substr(0, type.find(';'));
  const auto next = [&type] {
    const std::string_view word(type.begin(), std::ranges::find(type, '-'));
    type.remove_prefix(std::min(type.size(), word.size() + 1));
    return word;
  };
  next();  // "a"
  if (const std::string_view word = next(); word.size() == 1) classification.set_standard_identity(StandardIdentityOf(word[0]));
  if (const std::string_view word = next(); word.size() == 1) classification.set_dimension(DimensionOf(word[0]));
  classification.set_function(type.data(), type.size());
}

std::string TypeOf(const v1::Classification& classification, TypeDefaults& defaults) {
  char identity = LetterOf(classification.standard_identity());
  if (identity == 0) {
    identity = 'u';
    defaults.standard_identity = true;
  }
  v1::Dimension said = classification.dimension();
  if (LetterOf(said) == 0) {
    said = DimensionOf(classification);
    (said == v1::DIMENSION_UNSPECIFIED ? defaults.dimension : defaults.dimension_from_platform) = true;
  }
  std::string type = {'a', '-', identity, '-', said == v1::DIMENSION_UNSPECIFIED ? 'G' : LetterOf(said)};
  std::string_view function = classification.function();
  if (!function.empty() && !IsHyphenated(function)) {
    defaults.function_dropped = true;
    function = {};
  } else if (function.empty() && said == v1::DIMENSION_SEA_SURFACE && classification.has_ais_ship_type()) {
    function = FunctionOfShip(classification.ais_ship_type());
    defaults.function_from_platform = !function.empty();
  }
  if (!function.empty()) type.append("-").append(function);
  return type;
}

}  // namespace entente::cot
