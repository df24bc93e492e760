// SPDX-License-Identifier: Apache-2.0
#pragma once

// One unit of a simulated node: its movement, when it reports, and what a report says.

#include <cstdint>
#include <string>

#include "base/time.h"
#include "entente/v1/exercise.pb.h"
#include "harness/nodes/route.h"

namespace entente::harness {

class SimulatedUnit {
 public:
  // The first report comes after a share of the interval that the seed, the node and the unit decide, so that units do not all
  // speak at once, and the same ones never do.
  SimulatedUnit(v1::UnitPlan plan, const std::string& node, std::uint64_t seed);

  [[nodiscard]] const v1::UnitPlan& plan() const { return plan_; }
  // "DEU/brigade/patrol": exercise-wide.
  [[nodiscard]] const std::string& object_id() const { return object_id_; }
  // How long the unit will have moved when its next report is due.
  [[nodiscard]] Duration next_report() const { return next_report_; }
  // The next report was given, or its time has passed.
  void Reported();
  // The present report comes with static data.
  [[nodiscard]] bool tells_identity_now() const { return plan_.tells_identity() && reports_ % kReportsPerIdentity == 0; }

  [[nodiscard]] Placement At(Duration moved) const { return route_.At(moved); }
  // Body, family, object, times, precedence; label and id are the node's to set.
  [[nodiscard]] v1::Envelope Track(Duration moved, UtcTime now) const;
  [[nodiscard]] v1::Envelope Identity(UtcTime now) const;

 private:
  static constexpr std::uint64_t kReportsPerIdentity = 6;

  v1::UnitPlan plan_;
  std::string object_id_;
  Route route_;
  Duration next_report_{0};
  std::uint64_t reports_ = 0;
};

// The originator's time, to the nanosecond.
v1::Timestamp OwnTime(UtcTime time);

}  // namespace entente::harness
