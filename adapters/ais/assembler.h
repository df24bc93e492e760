// SPDX-License-Identifier: Apache-2.0
#pragma once

// Puts messages of several sentences together. Sentences belong together by TAG block group and source where there is one, else by
// source, sequential message identifier, channel and total; so groups may be interleaved and receivers mixed. Bounded in number and
// in time: what is not complete by then is given back as broken.

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/ais/sentence.h"
#include "adapters/api/decode_error.h"
#include "base/bytes.h"
#include "base/time.h"

namespace entente::ais {

class Assembler {
 public:
  // More groups at once: the oldest is given up.
  static constexpr std::size_t kMaxGroups = 64;
  // From the first sentence of a group to its last.
  static constexpr Duration kTimeout = std::chrono::seconds(10);

  struct Broken {
    Bytes octets;
    adapter::DecodeError error;
  };

  // `line`: the sentence's octets with its line end. The octets of the whole message, in order, when this completes it.
  std::optional<Bytes> Add(const Sentence& sentence, ByteView line, Instant now, std::vector<Broken>& broken);
  void Expire(Instant now, std::vector<Broken>& broken);
  // The stream ended.
  void GiveUpAll(std::vector<Broken>& broken);
  [[nodiscard]] std::optional<Instant> NextDeadline() const;

 private:
  struct Group {
    unsigned count = 0;
    unsigned held = 0;
    Instant since;
    std::array<Bytes, 9> lines;
  };
  using Groups = std::map<std::string, Group>;

  void GiveUp(Groups::iterator group, std::string why, std::vector<Broken>& broken);
  [[nodiscard]] Groups::iterator Oldest();

  Groups groups_;
};

}  // namespace entente::ais
