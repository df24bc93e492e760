// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/impairments.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "harness/exercise/quantity.h"

namespace entente::harness {
namespace {

std::optional<Duration> ParseSignedDuration(std::string_view text) {
  const bool negative = text.starts_with('-');
  const auto duration = ParseDuration(negative || text.starts_with('+') ? text.substr(1) : text);
  return duration && negative ? std::optional(-*duration) : duration;
}

std::optional<std::vector<Duration>> ParseDurations(std::string_view text) {
  std::vector<Duration> durations;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const auto duration = ParseDuration(text.substr(0, comma));
    if (!duration) return std::nullopt;
    durations.push_back(*duration);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return durations.empty() ? std::nullopt : std::optional(durations);
}

std::optional<std::uint64_t> ParseWhole(std::string_view text) {
  const auto number = ParseInteger(text);
  return number && *number >= 0 ? std::optional(static_cast<std::uint64_t>(*number)) : std::nullopt;
}

template <typename T>
std::optional<SettingValue> Any(const std::optional<T>& value) {
  return value ? std::optional<SettingValue>(*value) : std::nullopt;
}

std::optional<SettingValue> ParseForm(const Parameter& parameter, std::string_view text) {
  switch (parameter.type) {
    case ParameterType::kDuration:
      return Any(ParseDuration(text));
    case ParameterType::kSignedDuration:
      return Any(ParseSignedDuration(text));
    case ParameterType::kShare:
      return Any(ParseShare(text));
    case ParameterType::kRate:
      return Any(ParseBitRate(text));
    case ParameterType::kOctets:
    case ParameterType::kCount:
      return Any(ParseWhole(text));
    case ParameterType::kNumber:
      return Any(ParseNumber(text));
    case ParameterType::kChoice:
      if (std::ranges::find(parameter.choices, text) == parameter.choices.end()) return std::nullopt;
      return std::string(text);
    case ParameterType::kDurations:
      return Any(ParseDurations(text));
  }
  return std::nullopt;
}

struct AsNumber {
  double operator()(Duration value) const { return ToSeconds(value); }
  double operator()(double value) const { return value; }
  double operator()(std::uint64_t value) const { return static_cast<double>(value); }
  double operator()(const std::string&) const { return 0; }
  double operator()(const std::vector<Duration>&) const { return 0; }
};

bool InRange(const Parameter& parameter, const SettingValue& value) {
  if (parameter.minimum == 0 && parameter.maximum == 0) return true;
  const double number = std::visit(AsNumber{}, value);
  return number >= parameter.minimum && (parameter.maximum == 0 || number <= parameter.maximum);
}

std::string NumberText(const Parameter& parameter, double value) {
  switch (parameter.type) {
    case ParameterType::kDuration:
    case ParameterType::kSignedDuration:
      return DurationText(FromSeconds(value));
    case ParameterType::kShare:
      return fmt::format("{:g} %", value * 100);
    case ParameterType::kRate:
      return BitRateText(static_cast<std::uint64_t>(value));
    default:
      return fmt::format("{:g}", value);
  }
}

std::string FormOf(const Parameter& parameter) {
  switch (parameter.type) {
    case ParameterType::kDuration:
      return "a duration such as \"120 ms\"";
    case ParameterType::kSignedDuration:
      return "a duration such as \"2 s\" or \"-2 s\"";
    case ParameterType::kShare:
      return "a share such as \"5 %\" or 0.05";
    case ParameterType::kRate:
      return "a rate such as \"64 kbit/s\"";
    case ParameterType::kOctets:
      return "a whole number of octets";
    case ParameterType::kCount:
      return "a whole number";
    case ParameterType::kNumber:
      return "a number";
    case ParameterType::kChoice:
      return fmt::format("one of: {}", fmt::join(parameter.choices, ", "));
    case ParameterType::kDurations:
      return "durations such as \"10 ms, 40 ms\"";
  }
  return {};
}

std::string NamesOf(std::span<const Parameter> parameters) {
  std::vector<std::string_view> names;
  for (const Parameter& parameter : parameters) names.push_back(parameter.name);
  return names.empty() ? "it has none" : fmt::format("it has: {}", fmt::join(names, ", "));
}

Result<ImpairmentSpec> SpecOfMessage(const v1::Impairment& impairment) {
  const ImpairmentKind* const kind = FindImpairmentKind(impairment.kind());
  if (kind == nullptr) {
    std::vector<std::string_view> names;
    for (const ImpairmentKind* each : ImpairmentKinds()) names.push_back(each->name);
    return Fail(ErrorCode::kNotFound, fmt::format("there is no kind of impairment \"{}\"", impairment.kind()), {},
                fmt::format("choose one of: {}", fmt::join(names, ", ")));
  }
  ImpairmentSpec spec{kind, Settings::Defaults(kind->parameters), std::string(kind->name)};
  std::set<std::string_view> given;
  for (const v1::Setting& setting : impairment.settings()) {
    const auto parameter = std::ranges::find(kind->parameters, setting.name(), &Parameter::name);
    if (parameter == kind->parameters.end()) {
      return Fail(ErrorCode::kNotFound, fmt::format("{} has no setting \"{}\"", kind->name, setting.name()), {},
                  NamesOf(kind->parameters));
    }
    auto value = ParseSetting(*parameter, setting.value());
    if (!value) return std::unexpected(value.error());
    spec.settings.Set(parameter->name, *std::move(value));
    given.insert(parameter->name);
  }
  for (const Parameter& parameter : kind->parameters) {
    if (!parameter.required || given.contains(parameter.name)) continue;
    return Fail(ErrorCode::kInvalidArgument, fmt::format("{} does not say \"{}\"", kind->name, parameter.name), {},
                fmt::format("add \"{}\": {}", parameter.name, WantedOf(parameter)));
  }
  return spec;
}

}  // namespace

Result<SettingValue> ParseSetting(const Parameter& parameter, std::string_view text) {
  const auto value = ParseForm(parameter, text);
  if (value && InRange(parameter, *value)) return *value;
  return Fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is \"{}\"", parameter.name, text), {},
              fmt::format("write {}", WantedOf(parameter)));
}

std::string WantedOf(const Parameter& parameter) {
  std::string wanted = FormOf(parameter);
  if (parameter.minimum != 0) wanted += fmt::format(", from {}", NumberText(parameter, parameter.minimum));
  if (parameter.maximum != 0) wanted += fmt::format(", up to {}", NumberText(parameter, parameter.maximum));
  return wanted;
}

std::string DefaultText(const Parameter& parameter) {
  if (parameter.required || parameter.type == ParameterType::kDurations) return {};
  if (parameter.type == ParameterType::kChoice) return std::string(parameter.choices.front());
  return NumberText(parameter, parameter.initial);
}

Result<Chain> ChainOf(const ImpairmentList& impairments, std::string_view prefix) {
  Chain chain;
  for (const v1::Impairment& impairment : impairments) {
    auto spec = SpecOfMessage(impairment);
    if (!spec) return std::unexpected(spec.error());
    chain.push_back(*std::move(spec));
  }
  NameRules(chain, prefix);
  return chain;
}

Result<Chain> ChainOf(const v1::LinkConditions& conditions) {
  Chain chain;
  if (conditions.loss() > 0) chain.push_back(SpecOf("loss", {{"share", conditions.loss()}}));
  if (conditions.latency_ns() > 0 || conditions.jitter_ns() > 0) {
    chain.push_back(
        SpecOf("latency", {{"delay", Duration(conditions.latency_ns())}, {"jitter", Duration(conditions.jitter_ns())}}));
  }
  if (conditions.rate_bps() > 0) chain.push_back(SpecOf("rate", {{"rate", std::uint64_t{conditions.rate_bps()}}}));
  const auto beside = ChainOf(conditions.impairments());
  if (!beside) return std::unexpected(beside.error());
  chain.insert(chain.end(), beside->begin(), beside->end());
  NameRules(chain);
  return chain;
}

std::string ImpairmentsText(const ImpairmentList& impairments) {
  std::vector<std::string> parts;
  for (const v1::Impairment& impairment : impairments) {
    std::vector<std::string> settings;
    for (const v1::Setting& setting : impairment.settings()) settings.push_back(setting.name() + ' ' + setting.value());
    parts.push_back(settings.empty() ? impairment.kind() : fmt::format("{} ({})", impairment.kind(), fmt::join(settings, ", ")));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace entente::harness
