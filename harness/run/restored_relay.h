// SPDX-License-Identifier: Apache-2.0
#pragma once

// A broker goes on from a record that is there already.

#include "base/time.h"
#include "broker/core/relay.h"
#include "broker/record/record.h"
#include "entente/v1/exercise.pb.h"

namespace entente::harness {

// Whether anything was recorded before.
bool IsBegun(const record::Record& record);

// An error unless the record is one of this exercise under this policy: release decisions and delivery numbers follow from it.
Status CheckSameExercise(const v1::RecordEvent& first, const v1::Exercise& exercise);

// Reads the record from its beginning into the relay. Errors: the record is of another exercise or policy, or damaged.
Status RestoreRelay(record::Record& record, const v1::Exercise& exercise, broker::Relay& relay, Now now);

}  // namespace entente::harness
