// SPDX-License-Identifier: Apache-2.0
#include "harness/nodes/simulated_unit.h"

#include <algorithm>

#include "base/invariant.h"
#include "base/prng.h"

namespace entente::harness {
namespace {

using std::chrono_literals::operator""s;

// A report holds for three intervals: one may be lost and one late before the object is stale. Never shorter than slow links need.
constexpr int kIntervalsValid = 3;
constexpr Duration kShortestValidity = 60s;
constexpr double kHorizontalAccuracyMetres = 10;
constexpr double kVerticalAccuracyMetres = 15;

void SetTimes(UtcTime now, Duration validity, v1::Envelope& envelope) {
  auto* times = envelope.mutable_times();
  *times->mutable_observed() = OwnTime(now);
  *times->mutable_sent() = OwnTime(now);
  *times->mutable_valid_from() = OwnTime(now);
  *times->mutable_stale_at() = OwnTime(now + validity);
  envelope.set_stale_at_ns(ToNanoseconds(now + validity));
}

void SetMovement(const Placement& placement, v1::Track& track) {
  track.set_speed_mps(placement.speed_mps);
  if (placement.speed_mps <= 0) return;
  track.set_course_deg(placement.course_deg);
  track.mutable_attitude()->set_heading_deg(placement.course_deg);
  if (placement.vertical_rate_mps != 0) track.set_vertical_rate_mps(placement.vertical_rate_mps);
}

}  // namespace

v1::Timestamp OwnTime(UtcTime time) {
  v1::Timestamp timestamp;
  timestamp.set_utc_ns(ToNanoseconds(time));
  timestamp.set_precision_ns(1);
  timestamp.set_clock(v1::CLOCK_SOURCE_ORIGINATOR);
  return timestamp;
}

SimulatedUnit::SimulatedUnit(v1::UnitPlan plan, const std::string& node, std::uint64_t seed)
    : plan_(std::move(plan)), object_id_(node + '/' + plan_.id()), route_(plan_) {
  ENTENTE_INVARIANT(plan_.report_every_ns() > 0);
  Prng prng = Prng::Derive(seed, {"report phase", node, plan_.id()});
  next_report_ = Duration(prng.Below(static_cast<std::uint64_t>(plan_.report_every_ns())));
}

void SimulatedUnit::Reported() {
  next_report_ += Duration(plan_.report_every_ns());
  ++reports_;
}

v1::Envelope SimulatedUnit::Track(Duration moved, UtcTime now) const {
  v1::Envelope envelope;
  envelope.set_family(v1::FAMILY_TRACK);
  envelope.set_object_id(object_id_);
  envelope.set_act(v1::ACT_INFORM);
  SetTimes(now, std::max(kIntervalsValid * Duration(plan_.report_every_ns()), Duration(kShortestValidity)), envelope);

  v1::Track& track = *envelope.mutable_track();
  const Placement placement = At(moved);
  track.set_callsign(plan_.callsign());
  track.mutable_position()->set_latitude_deg(placement.latitude_deg);
  track.mutable_position()->set_longitude_deg(placement.longitude_deg);
  track.mutable_altitude()->set_metres(placement.altitude_m);
  track.mutable_altitude()->set_datum(v1::ALTITUDE_DATUM_ELLIPSOID);
  track.set_horizontal_accuracy_m(kHorizontalAccuracyMetres);
  track.set_vertical_accuracy_m(kVerticalAccuracyMetres);
  SetMovement(placement, track);
  *track.mutable_classification() = plan_.classification();
  track.set_how("m-g");
  if (plan_.has_transponder_ids()) *track.mutable_transponder_ids() = plan_.transponder_ids();
  return envelope;
}

v1::Envelope SimulatedUnit::Identity(UtcTime now) const {
  v1::Envelope envelope;
  envelope.set_family(v1::FAMILY_IDENTITY);
  envelope.set_object_id(object_id_);
  envelope.set_act(v1::ACT_INFORM);
  SetTimes(now,
           std::max(2 * static_cast<int>(kReportsPerIdentity) * Duration(plan_.report_every_ns()), Duration(kShortestValidity)),
           envelope);
  v1::Identity& identity = *envelope.mutable_identity();
  identity.set_name(plan_.callsign());
  *identity.mutable_classification() = plan_.classification();
  if (plan_.has_transponder_ids()) *identity.mutable_transponder_ids() = plan_.transponder_ids();
  return envelope;
}

}  // namespace entente::harness
