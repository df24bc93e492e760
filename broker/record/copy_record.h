// SPDX-License-Identifier: Apache-2.0
#pragma once

// A copy of one record in another, frame by frame: of a record on JetStream in a run's folder, for judges, reports and the evidence
// bundle.

#include "broker/record/record.h"

namespace entente::record {

// All that `from` holds now, behind what `to` holds, which is flushed. How many events that were.
Result<std::uint64_t> CopyRecord(Record& from, Record& to);

}  // namespace entente::record
