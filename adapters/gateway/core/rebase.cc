// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/rebase.h"

#include <limits>

namespace entente::gateway {
namespace {

std::int64_t Shifted(std::int64_t ns, Duration shift) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(ns, shift.count(), &sum)) return sum;
  return shift.count() > 0 ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
}

void Shift(v1::Timestamp& time, Duration shift) {
  time.set_utc_ns(Shifted(time.utc_ns(), shift));
}

bool IsSaidWhole(const v1::Timestamp& time) {
  return time.completion() == v1::TIME_COMPLETION_NONE || time.completion() == v1::TIME_COMPLETION_ZONE;
}

Duration Between(std::int64_t from_ns, UtcTime to) {
  std::int64_t difference = 0;
  if (__builtin_sub_overflow(ToNanoseconds(to), from_ns, &difference)) return Duration::zero();
  return Duration(difference);
}

}  // namespace

Duration ShiftToNow(const v1::Envelope& message, std::optional<UtcTime> recorded, UtcTime now) {
  if (recorded) return Between(ToNanoseconds(*recorded), now);
  const v1::Times& times = message.times();
  if (times.has_sent() && IsSaidWhole(times.sent())) return Between(times.sent().utc_ns(), now);
  if (times.has_observed() && IsSaidWhole(times.observed())) return Between(times.observed().utc_ns(), now);
  return Duration::zero();
}

void Rebase(v1::Envelope& message, Duration shift) {
  if (message.has_times()) {
    v1::Times& times = *message.mutable_times();
    if (times.has_observed()) Shift(*times.mutable_observed(), shift);
    if (times.has_valid_from()) Shift(*times.mutable_valid_from(), shift);
    if (times.has_stale_at()) Shift(*times.mutable_stale_at(), shift);
    if (times.has_sent()) Shift(*times.mutable_sent(), shift);
  }
  if (message.stale_at_ns() != 0) message.set_stale_at_ns(Shifted(message.stale_at_ns(), shift));
}

}  // namespace entente::gateway
