// SPDX-License-Identifier: Apache-2.0
#pragma once

// One line of an AIS feed, parsed without copying: "[\tag block\]!AIVDM,<count>,<index>,<sequence>,<channel>,<payload>,<fill>*hh",
// and the same written. Views point into the line.

#include <string>
#include <string_view>
#include <vector>

#include "adapters/ais/tag_block.h"
#include "adapters/api/decode_error.h"
#include "adapters/api/finding.h"

namespace entente::ais {

struct Sentence {
  // Not defaulted: a defaulted one is preceded by clearing all octets wherever a Sentence() is written.
  Sentence() {}  // NOLINT(modernize-use-equals-default)

  std::string_view address;  // "AIVDM": talker and formatter; of another sentence than VDM or VDO, that alone is set
  unsigned count = 1;
  unsigned index = 1;
  int sequence = -1;  // -1: none said
  char channel = 0;   // 0: none said
  std::string_view payload;
  unsigned fill_bits = 0;
  TagBlock tag;
  std::vector<adapter::Finding> findings;

  [[nodiscard]] bool IsAis() const {
    return address.size() == 5 && address.substr(2, 2) == "VD" && (address[4] == 'M' || address[4] == 'O');
  }
};

// `line` is without its line end. Offsets count from its start. A right sentence that is not AIS ("$GPGGA...") is no error.
adapter::DecodeResult<Sentence> ParseSentence(std::string_view line);

struct SentenceStyle {
  std::string_view talker = "AI";
  bool own_ship = false;  // VDO
  char channel = 'A';
  std::string_view tag_block;  // with its backslashes; before the first sentence
};
// The payload in as many sentences of at most 82 characters as it needs, each with CR LF.
std::string FormatSentences(std::string_view payload, unsigned fill_bits, const SentenceStyle& style);

}  // namespace entente::ais
