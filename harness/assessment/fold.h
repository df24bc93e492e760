// SPDX-License-Identifier: Apache-2.0
#pragma once

// The one fold over the record: fed event by event, live for metrics and progress, offline for reports and the judge. It relates
// what was sent to what each receiver understood, through the hashes of the wire units, and keeps what Assess (assessment.h) and
// Explain (story.h) need. Single-threaded; never throws on what a record holds: an event that makes no sense is counted and becomes
// a reason of harness-error.
//
// Memory: about 250 octets per message and 80 per recipient; the text of a message is kept only until every recipient's fate is
// certain, and units that were received are forgotten after the next kUnitsRemembered ones.

#include <functional>
#include <memory>
#include <string_view>

#include "adapters/api/adapter_info.h"
#include "entente/v1/record.pb.h"
#include "harness/assessment/figures.h"

namespace entente::harness {

// The form of a protocol with its capability profile; nullptr when this build has no such protocol. An empty form: the customary
// one.
using FormLookup = std::function<const adapter::Form*(std::string_view protocol, std::string_view form)>;

// Looks in adapters/api/registry.h.
const adapter::Form* RegisteredForm(std::string_view protocol, std::string_view form);

class FoldState;

class Fold {
 public:
  explicit Fold(FormLookup forms = RegisteredForm);
  ~Fold();
  Fold(Fold&&) noexcept;
  Fold& operator=(Fold&&) noexcept;

  // In the order of the record. Events of different writers may arrive a little out of order: a receipt before its sending waits.
  void Apply(const v1::RecordEvent& event);

  [[nodiscard]] const Figures& figures() const;
  [[nodiscard]] const FoldState& state() const { return *state_; }  // for assessment/ only

 private:
  std::unique_ptr<FoldState> state_;
};

}  // namespace entente::harness
