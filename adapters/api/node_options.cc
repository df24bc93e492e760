// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/node_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/invariant.h"

namespace entente::adapter {
namespace {

template <typename T>
bool ParseNumber(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

Result<OptionValue> ParseOption(const NodeOption& option, std::string_view text) {
  switch (option.type) {
    case OptionType::kInteger: {
      std::int64_t value = 0;
      if (ParseNumber(text, value) && static_cast<double>(value) >= option.minimum &&
          static_cast<double>(value) <= option.maximum) {
        return value;
      }
      return Fail(ErrorCode::kInvalidArgument,
                  fmt::format("option \"{}\" is \"{}\", but must be a whole number from {:.0f} to {:.0f}", option.name, text,
                              option.minimum, option.maximum));
    }
    case OptionType::kNumber: {
      double value = 0;
      if (ParseNumber(text, value) && value >= option.minimum && value <= option.maximum) return value;
      return Fail(ErrorCode::kInvalidArgument, fmt::format("option \"{}\" is \"{}\", but must be a number from {} to {} {}",
                                                           option.name, text, option.minimum, option.maximum, option.unit));
    }
    case OptionType::kBoolean:
      if (text == "true") return true;
      if (text == "false") return false;
      return Fail(ErrorCode::kInvalidArgument,
                  fmt::format("option \"{}\" is \"{}\", but must be true or false", option.name, text));
    case OptionType::kText:
      if (option.choices.empty() || std::ranges::find(option.choices, text) != option.choices.end()) return std::string(text);
      return Fail(ErrorCode::kInvalidArgument, fmt::format("option \"{}\" is \"{}\", but must be one of: {}", option.name, text,
                                                           fmt::join(option.choices, ", ")));
  }
  ENTENTE_INVARIANT(false);
}

template <typename T>
const T& Get(const std::map<std::string, OptionValue, std::less<>>& values, std::string_view name) {
  const auto found = values.find(name);
  ENTENTE_INVARIANT(found != values.end() && std::holds_alternative<T>(found->second));
  return std::get<T>(found->second);
}

}  // namespace

NodeOptions NodeOptions::Defaults(std::span<const NodeOption> declared) {
  NodeOptions options;
  for (const NodeOption& option : declared) {
    auto value = ParseOption(option, option.default_text);
    ENTENTE_INVARIANT(value.has_value());
    options.values_.emplace(option.name, *std::move(value));
  }
  return options;
}

Status NodeOptions::Set(std::span<const NodeOption> declared, std::string_view name, std::string_view text) {
  const auto option = std::ranges::find(declared, name, &NodeOption::name);
  if (option == declared.end()) {
    std::string known;
    for (const NodeOption& candidate : declared) known += (known.empty() ? "" : ", ") + std::string(candidate.name);
    return Fail(ErrorCode::kNotFound, fmt::format("there is no option \"{}\" of this protocol", name), {},
                known.empty() ? "this protocol has none" : "its options are: " + known);
  }
  auto value = ParseOption(*option, text);
  if (!value) return std::unexpected(value.error());
  values_.insert_or_assign(std::string(name), *std::move(value));
  return {};
}

std::int64_t NodeOptions::Integer(std::string_view name) const {
  return Get<std::int64_t>(values_, name);
}
double NodeOptions::Number(std::string_view name) const {
  return Get<double>(values_, name);
}
const std::string& NodeOptions::Text(std::string_view name) const {
  return Get<std::string>(values_, name);
}
bool NodeOptions::Boolean(std::string_view name) const {
  return Get<bool>(values_, name);
}

std::string NodeOptions::Fingerprint() const {
  std::string text;
  for (const auto& [name, value] : values_) {
    text += name + '=';
    text += std::visit([](const auto& v) { return fmt::format("{}", v); }, value);
    text += '\n';
  }
  return text;
}

}  // namespace entente::adapter
