// SPDX-License-Identifier: Apache-2.0
#include "proto/value_name.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>

namespace entente {

std::string ValueName(const google::protobuf::EnumDescriptor& enumeration, int value, char between) {
  const google::protobuf::EnumValueDescriptor* const found = enumeration.FindValueByNumber(value);
  if (found == nullptr) return "value " + std::to_string(value);
  // All values of an enumeration begin with its name, and the first has one word after it: NODE_STATE_UNSPECIFIED.
  const std::size_t prefix = enumeration.value(0)->name().rfind('_') + 1;
  std::string name = found->name().substr(prefix);
  std::ranges::transform(name, name.begin(), [between](char c) {
    return c == '_' ? between : static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  });
  return name;
}

}  // namespace entente
