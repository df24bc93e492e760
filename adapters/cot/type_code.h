// SPDX-License-Identifier: Apache-2.0
#pragma once

// CoT event types: "a-f-G-U-C" is an atom (a thing), friendly, on the ground, with the MIL-STD-2525 function U-C. Other first
// letters are bits (b), tasking (t), drawings (u) and so on. CoT Base-Event Schema 2.0, attribute type.

#include <string>
#include <string_view>

#include "entente/v1/message.pb.h"

namespace entente::cot {

// What we make of an event, by its type alone.
enum class EventKind {
  kTrack,        // a-*
  kChat,         // b-t-f, b-t-f-d, b-t-f-r
  kAlert,        // b-a-*
  kWeaponEvent,  // b-d-l*, b-d-i*
  kControl,      // t-x-c-t, t-x-c-t-r, t-x-takp-*: the session's own
  kOpaque,       // everything else: recognised by its type and carried whole
};
EventKind KindOf(std::string_view type);

// `type` is "word(-word)*", with an optional ";field" behind it, as the schema's pattern demands.
bool IsTypeCode(std::string_view type);
// `type` equals `prefix`, or goes on with '-' behind it.
bool IsBelow(std::string_view type, std::string_view prefix);

v1::StandardIdentity StandardIdentityOf(char letter);
// 0 when CoT has no letter: not said.
char LetterOf(v1::StandardIdentity identity);
v1::Dimension DimensionOf(char letter);
char LetterOf(v1::Dimension dimension);

// Fills standard identity, dimension and function from an "a-..." type. The result says the same type again through TypeOf unless
// letters are unknown or missing.
void ReadType(std::string_view type, v1::Classification& classification);

// What TypeOf had to assume, since the message did not say it.
struct TypeDefaults {
  bool standard_identity = false;  // 'u'
  bool dimension = false;          // 'G'
  bool dimension_from_platform = false;
  bool function_from_platform = false;
  bool function_dropped = false;  // not letters of a function id
};
std::string TypeOf(const v1::Classification& classification, TypeDefaults& defaults);

}  // namespace entente::cot
