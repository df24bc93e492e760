// SPDX-License-Identifier: Apache-2.0
#pragma once

// Puts messages of several sentences together. Sentences belong together by TAG block group and source where there is one, else by
// source, sequential message identifier, channel and total; so groups may be interleaved and receivers mixed. Bounded in number and
// in time: what is not complete by then is given back as broken.

#include <array>
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

  // `line`: the sentence's octets with its line end. The octets of the whole message, in order, when this completes it; they are
  // kept until the next call.
  std::optional<ByteView> Add(const Sentence& sentence, ByteView line, Instant now, std::vector<Broken>& broken);
  void Expire(Instant now, std::vector<Broken>& broken);
  // The stream ended.
  void GiveUpAll(std::vector<Broken>& broken);
  [[nodiscard]] std::optional<Instant> NextDeadline() const;

 private:
  struct Group {
    // What the sentences of one message have in common; with a TAG block's group, address, channel and sequence do not count.
    std::string source;
    std::string code;
    std::string address;
    char channel = 0;
    int sequence = -1;
    unsigned count = 0;

    unsigned held = 0;
    Instant since;
    std::array<Bytes, 9> lines;

    [[nodiscard]] bool Holds(const Sentence& sentence) const;
  };
  using Groups = std::vector<Group>;

  [[nodiscard]] Groups::iterator Find(const Sentence& sentence);
  Groups::iterator Begin(const Sentence& sentence, Instant now, std::vector<Broken>& broken);
  void GiveUp(Groups::iterator group, std::string why, std::vector<Broken>& broken);
  void Forget(Groups::iterator group);
  [[nodiscard]] Groups::iterator end() { return groups_.begin() + static_cast<std::ptrdiff_t>(unfinished_); }

  // The first `unfinished_` are in use, the oldest first; the rest keep their memory for the next.
  Groups groups_;
  std::size_t unfinished_ = 0;
  Bytes whole_;
};

}  // namespace entente::ais
