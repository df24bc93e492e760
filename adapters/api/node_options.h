// SPDX-License-Identifier: Apache-2.0
#pragma once

// What a protocol needs to know of a node (MMSI, DIS site, exercise id ...): declared by the adapter, so that the exercise file's
// validation and JSON Schema are generated from it; and the validated values.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"

namespace entente::adapter {

enum class OptionType { kInteger, kNumber, kText, kBoolean };

using OptionValue = std::variant<std::int64_t, double, std::string, bool>;

struct NodeOption {
  std::string_view name;
  OptionType type = OptionType::kText;
  std::string_view unit;  // "s", "m"; empty: none
  double minimum = 0;     // of kInteger and kNumber
  double maximum = 0;
  std::string_view default_text;  // as it would be written in the file
  std::string_view description;
  std::span<const std::string_view> choices = {};  // of kText; empty: any
};

class NodeOptions {
 public:
  // Every declared option at its default.
  static NodeOptions Defaults(std::span<const NodeOption> declared);
  // Checks name, type and range against `declared`; kNotFound or kInvalidArgument with what would be right.
  Status Set(std::span<const NodeOption> declared, std::string_view name, std::string_view text);

  // The option must have been declared with that type.
  [[nodiscard]] std::int64_t Integer(std::string_view name) const;
  [[nodiscard]] double Number(std::string_view name) const;
  [[nodiscard]] const std::string& Text(std::string_view name) const;
  [[nodiscard]] bool Boolean(std::string_view name) const;

  // Equal options give equal text: part of the key of a shared encoding.
  [[nodiscard]] std::string Fingerprint() const;

  bool operator==(const NodeOptions&) const = default;

 private:
  std::map<std::string, OptionValue, std::less<>> values_;
};

}  // namespace entente::adapter
