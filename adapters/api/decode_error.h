// SPDX-License-Identifier: Apache-2.0
#pragma once

// Why a decoder refused octets: small, typed, and always with the clause that was broken.

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "entente/v1/record.pb.h"

namespace entente::adapter {

enum class DecodeCode {
  kTruncated,     // ends before what its lengths or the standard demand
  kFraming,       // the unit's start, length, delimiter or checksum is wrong
  kSyntax,        // not well-formed (XML, sentence fields, varints)
  kMissingField,  // mandatory and absent
  kOutOfRange,    // a value the standard does not allow
  kCount,         // a count that the remaining octets cannot hold
  kEncoding,      // characters that the notation does not allow
  kVersion,       // a version or edition that this adapter does not speak
  kState,         // not allowed in the session's present state
  kLimit,         // larger or deeper than a named limit
  kUnknownType,   // not a type of this standard
  kForbidden,     // well-formed but hostile: entity declarations, external references
};

struct DecodeError {
  DecodeCode code = DecodeCode::kSyntax;
  std::size_t offset = 0;  // octets from the start of the unit
  std::string field;       // in the standard's words
  std::string clause;      // "IEEE 1278.1-2012 §7.2.2"
  std::string text;        // what was found and what was wanted

  bool operator==(const DecodeError&) const = default;
};

template <typename T>
using DecodeResult = std::expected<T, DecodeError>;

// "truncated", "framing", ...: the closed set of v1.Refusal.code and of metric labels.
std::string_view CodeName(DecodeCode code);
v1::Refusal ToProto(const DecodeError& error);

}  // namespace entente::adapter
