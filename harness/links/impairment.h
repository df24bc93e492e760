// SPDX-License-Identifier: Apache-2.0
#pragma once

// One thing that can happen on a link. A kind is one file in impairments/: its parameters, its model with the source, and the code.
// What it leaves to chance comes from a stream of its own, keyed by the exercise's seed, the link, the direction, its rule and the
// unit's number: neither thread timing, nor the slicing of reads, nor another impairment changes it.
// docs/adding-an-impairment.md shows how to add one.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/prng.h"
#include "base/time.h"
#include "harness/links/decision.h"
#include "harness/links/passage.h"
#include "harness/links/settings.h"

namespace entente::harness {

enum class Gate {
  kOpen,
  kShut,      // nothing passes: datagrams are lost, a stream is held
  kRefusing,  // and connections are reset and refused
};
struct GateState {
  Gate gate = Gate::kOpen;
  std::optional<Instant> until = {};  // when it changes by itself; absent: not
};

// What an impairment is made from; kept alive by nobody: copy what is needed later.
struct ImpairmentContext {
  const Settings& settings;
  const LinkStream& stream;
  std::string_view rule;
  Instant since;  // when it began to act
};

class Impairment {
 public:
  explicit Impairment(const ImpairmentContext& context) : stream_(context.stream), rule_(context.rule), since_(context.since) {}
  virtual ~Impairment() = default;
  Impairment(const Impairment&) = delete;
  Impairment& operator=(const Impairment&) = delete;

  // What arrives, in the order of arrival. On a stream nothing may vanish from the middle of a connection. Reckons from
  // passage.arrived and passage.octets, not from what others made of them.
  virtual void Apply(Passage& passage);
  [[nodiscard]] virtual GateState GateAt(Instant now) const;
  // When the connection is reset next, after `after`.
  [[nodiscard]] virtual std::optional<Instant> NextReset(Instant after) const;
  // A new connection begins, or the old one has ended.
  virtual void OnConnection() {}
  // How much later a connection is opened, and its end told to the other side.
  [[nodiscard]] virtual Duration OpenDelay() const { return Duration{0}; }
  [[nodiscard]] virtual Duration CloseDelay() const { return Duration{0}; }
  // The present connection cannot go on once this ends: something of it is missing.
  [[nodiscard]] virtual bool SpoilsConnection() const { return false; }
  // What waits in the queue waits for this alone, and leaves when it ends.
  [[nodiscard]] virtual bool HoldsBack() const { return false; }
  // How far the clock of the link's node is ahead.
  [[nodiscard]] virtual Duration ClockError(Instant /*now*/) const { return Duration{0}; }

  [[nodiscard]] const std::string& rule() const { return rule_; }

 protected:
  // Of this impairment for one unit, or one connection.
  [[nodiscard]] Prng ChanceOf(std::uint64_t unit) const;
  void Decide(Passage& passage, DecisionKind kind, Duration delay = {}) const;
  [[nodiscard]] bool on_stream() const { return stream_.carrier == LinkCarrier::kStream; }
  [[nodiscard]] Instant since() const { return since_; }

 private:
  LinkStream stream_;
  std::string rule_;
  Instant since_;
};

struct ImpairmentKind {
  std::string_view name;
  std::string_view summary;
  std::string_view source;  // of the model
  std::span<const Parameter> parameters;
  bool on_streams = true;
  bool on_datagrams = true;
  bool on_messages = false;
  bool of_node = false;     // acts on the link's node itself: a backbone link has none
  bool by_arrival = false;  // decided by when octets arrive, not by chance: a live run does not repeat it
  std::unique_ptr<Impairment> (*make)(const ImpairmentContext& context) = nullptr;
};

template <typename T>
std::unique_ptr<Impairment> Make(const ImpairmentContext& context) {
  return std::make_unique<T>(context);
}

// Every kind, by name: a table generated from the list in CMakeLists.txt.
std::span<const ImpairmentKind* const> ImpairmentKinds();
// nullptr when there is no such kind.
const ImpairmentKind* FindImpairmentKind(std::string_view name);

}  // namespace entente::harness
