// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a kind of impairment can be told, and what it was told. Parameters are declared beside their impairment; from them come the
// validation of exercise files, the JSON Schema and the list of kinds. Settings are values with every default filled in; copyable.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"

namespace entente::harness {

enum class ParameterType {
  kDuration,        // "120 ms", not negative
  kSignedDuration,  // "-2 s"
  kShare,           // "3 %", 0 to 1
  kRate,            // "64 kbit/s"
  kOctets,          // a whole number of octets
  kCount,           // a whole number
  kNumber,
  kChoice,     // one of `choices`; the first if absent
  kDurations,  // "10 ms, 40 ms"; none if absent
};

struct Parameter {
  std::string_view name;
  ParameterType type = ParameterType::kNumber;
  std::string_view description;
  double initial = 0;  // s, bit/s, octets, or the number itself
  double minimum = 0;
  double maximum = 0;  // 0: no bound but the type's
  bool required = false;
  std::span<const std::string_view> choices = {};
};

using SettingValue = std::variant<Duration, double, std::uint64_t, std::string, std::vector<Duration>>;

class Settings {
 public:
  Settings() = default;
  // Every parameter at its default.
  static Settings Defaults(std::span<const Parameter> parameters);

  void Set(std::string_view name, SettingValue value) { values_.insert_or_assign(std::string(name), std::move(value)); }

  // The parameter must have been declared with that type.
  [[nodiscard]] Duration Time(std::string_view name) const;
  [[nodiscard]] double Number(std::string_view name) const;
  [[nodiscard]] std::uint64_t Whole(std::string_view name) const;
  [[nodiscard]] const std::string& Word(std::string_view name) const;
  [[nodiscard]] const std::vector<Duration>& Times(std::string_view name) const;

  bool operator==(const Settings&) const = default;

 private:
  std::map<std::string, SettingValue, std::less<>> values_;
};

}  // namespace entente::harness
