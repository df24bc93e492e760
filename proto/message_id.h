// SPDX-License-Identifier: Apache-2.0
#pragma once

// A message's id as text, as a key, and in order: "DEU/brigade#1a2b.F.17" is the 17th FLASH message of incarnation 1a2b (hex).

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "entente/v1/message.pb.h"

namespace entente {

struct MessageKey {
  std::string origin;
  std::uint64_t incarnation = 0;
  v1::Precedence precedence = v1::PRECEDENCE_UNSPECIFIED;
  std::uint64_t sequence = 0;

  auto operator<=>(const MessageKey&) const = default;
};

MessageKey KeyOf(const v1::MessageId& id);
v1::MessageId ToProto(const MessageKey& key);
std::string ToText(const v1::MessageId& id);
std::string ToText(const MessageKey& key);

// "FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE"; "unspecified" otherwise.
std::string_view PrecedenceName(v1::Precedence precedence);
// "track", "weapon event", ...
std::string FamilyName(v1::Family family);
// The family that a body belongs to; FAMILY_UNSPECIFIED when there is no body.
v1::Family FamilyOf(const v1::Envelope& envelope);

}  // namespace entente
