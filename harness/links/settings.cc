// SPDX-License-Identifier: Apache-2.0
#include "harness/links/settings.h"

#include "base/invariant.h"

namespace entente::harness {
namespace {

SettingValue InitialOf(const Parameter& parameter) {
  switch (parameter.type) {
    case ParameterType::kDuration:
    case ParameterType::kSignedDuration:
      return FromSeconds(parameter.initial);
    case ParameterType::kShare:
    case ParameterType::kNumber:
      return parameter.initial;
    case ParameterType::kRate:
    case ParameterType::kOctets:
    case ParameterType::kCount:
      return static_cast<std::uint64_t>(parameter.initial);
    case ParameterType::kChoice:
      return std::string(parameter.choices.front());
    case ParameterType::kDurations:
      return std::vector<Duration>{};
  }
  return 0.0;
}

template <typename T>
const T& Get(const std::map<std::string, SettingValue, std::less<>>& values, std::string_view name) {
  const auto found = values.find(name);
  ENTENTE_INVARIANT(found != values.end() && std::holds_alternative<T>(found->second));
  return std::get<T>(found->second);
}

}  // namespace

Settings Settings::Defaults(std::span<const Parameter> parameters) {
  Settings settings;
  for (const Parameter& parameter : parameters) settings.Set(parameter.name, InitialOf(parameter));
  return settings;
}

Duration Settings::Time(std::string_view name) const {
  return Get<Duration>(values_, name);
}
double Settings::Number(std::string_view name) const {
  return Get<double>(values_, name);
}
std::uint64_t Settings::Whole(std::string_view name) const {
  return Get<std::uint64_t>(values_, name);
}
const std::string& Settings::Word(std::string_view name) const {
  return Get<std::string>(values_, name);
}
const std::vector<Duration>& Settings::Times(std::string_view name) const {
  return Get<std::vector<Duration>>(values_, name);
}

}  // namespace entente::harness
