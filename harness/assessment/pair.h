// SPDX-License-Identifier: Apache-2.0
#pragma once

// One message towards one recipient, judged; and what adds up of many: the matrix and every expectation are made of these.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/assessment/fate.h"
#include "harness/assessment/latency_sample.h"
#include "harness/assessment/message_book.h"

namespace entente::harness {

struct Pair {
  const Message* message = nullptr;
  MessageIndex index = kNoMessage;
  NodeIndex to = kNoNode;
  Fate fate = Fate::kUnexplained;
  std::string reason;
  std::optional<std::int64_t> latency_ns{};  // from saying to understanding, when understood
  std::int64_t uncertainty_ns = 0;           // of the latency, because of the clocks at its ends
  std::int64_t age_ns = 0;                   // from saying to the end of the record
  bool on_purpose = false;                   // lost, and kept back by a fault or by what a link is made to do
  bool leaked = false;
  bool abroad = false;   // between two nations
  bool declared = true;  // when unsupported: the profiles say so, too

  [[nodiscard]] NodeIndex from() const { return message->origin; }
  [[nodiscard]] bool understood() const { return latency_ns.has_value(); }
};

struct Tally {
  static constexpr std::size_t kExamples = 3;

  std::array<std::uint64_t, kFates> fates{};
  std::uint64_t in_time = 0;     // understood within the expectation's time
  std::uint64_t expired = 0;     // under way for longer than that
  std::uint64_t undeclared = 0;  // unsupported, though the profiles say otherwise
  std::string why_declared;      // of the first that was unsupported as declared
  std::string why_undeclared;    // of the first that was not
  std::uint64_t leaks = 0;
  std::uint64_t guarded = 0;        // between nations and understood, sent or withheld: the release guard at work
  std::uint64_t backwards = 0;      // understood before they were said: clocks disagree
  std::int64_t uncertainty_ns = 0;  // largest of a latency
  LatencySample latencies;
  std::vector<MessageIndex> examples;  // of what did not arrive in time

  void Add(const Pair& pair, std::int64_t within_ns);
  // Of pairs none of which was missed or unsupported.
  void AddSettled(const Tally& other);
  [[nodiscard]] std::uint64_t Count(Fate fate) const { return fates[static_cast<std::size_t>(fate)]; }
  [[nodiscard]] std::uint64_t understood() const { return Count(Fate::kUnderstood) + Count(Fate::kLate); }
  [[nodiscard]] std::uint64_t all() const;
  // Said, released, sayable, not damaged on purpose, and observable: what a delivery ratio is taken of.
  [[nodiscard]] std::uint64_t eligible() const;
};

}  // namespace entente::harness
