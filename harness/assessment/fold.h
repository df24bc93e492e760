// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one fold over the record: fed event by event, live for metrics and progress, offline for reports and the judge. It relates
// what was sent to what each receiver understood, through the hashes of the wire units, and keeps what Assess (assessment.h) and
// Explain (story.h) need. Single-threaded; never throws on what a record holds: an event that makes no sense is counted and becomes
// a reason of harness-error.
//
// Memory: about 400 octets per message and 120 per recipient; the text of a message is kept only until every recipient's fate is
// certain, and units that were received are forgotten after the next kUnitsRemembered ones. With Keeping::kTrouble a message is
// added up and forgotten a minute after it was said, once everybody who counts has understood it or may not have it: memory grows
// with what went wrong, not with what was said (settled_pairs.h). Assess gives the same either way; Explain needs kEverything.

#include <functional>
#include <memory>
#include <string_view>

#include "adapters/api/adapter_info.h"
#include "entente/v1/record.pb.h"
#include "harness/assessment/figures.h"
#include "proto/event_sink.h"

namespace entente::harness {

// The form of a protocol with its capability profile; nullptr when this build has no such protocol. An empty form: the customary
// one.
using FormLookup = std::function<const adapter::Form*(std::string_view protocol, std::string_view form)>;

// Looks in adapters/api/registry.h.
const adapter::Form* RegisteredForm(std::string_view protocol, std::string_view form);

enum class Keeping { kEverything, kTrouble };

class FoldState;

class Fold {
 public:
  explicit Fold(FormLookup forms = RegisteredForm, Keeping keeping = Keeping::kEverything);
  explicit Fold(Keeping keeping) : Fold(RegisteredForm, keeping) {}
  ~Fold();
  Fold(Fold&&) noexcept;
  Fold& operator=(Fold&&) noexcept;

  // In the order of the record. Events of different writers may arrive a little out of order: a receipt before its sending waits.
  void Apply(const v1::RecordEvent& event);
  // The same events as views, signed by `writer`.
  void Apply(const AcceptedMessage& message, std::string_view writer);
  void Apply(const RoutedRun& run, std::string_view writer);
  void Apply(const EgressedMessage& message, std::string_view writer);

  [[nodiscard]] const Figures& figures() const;
  [[nodiscard]] const FoldState& state() const { return *state_; }  // for assessment/ only

 private:
  std::unique_ptr<FoldState> state_;
};

}  // namespace entente::harness
