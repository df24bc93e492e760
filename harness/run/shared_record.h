// SPDX-License-Identifier: Apache-2.0
#pragma once

// The record on JetStream that an exercise asks for (its key bus.jetstream): opened to write, as a broker or a harness does; or
// copied to a folder, as an ordinary record.

#include <filesystem>

#include "base/time.h"
#include "broker/record/jetstream/jetstream_log.h"
#include "entente/v1/exercise.pb.h"

namespace entente::harness {

// Errors: see JetStreamLog::Open. `writer`: "broker-1", "harness".
Result<std::unique_ptr<record::JetStreamLog>> OpenSharedRecord(const v1::Exercise& exercise, const std::string& writer);

// kAlreadyExists: what the record holds is a run that is over; the stream is not free for another one.
Status CheckNotOver(record::JetStreamLog& log);

// All that the stream holds now, verified on the way, into a new record in that folder. How many events that were.
Result<std::uint64_t> PullSharedRecord(const v1::Exercise& exercise, const std::filesystem::path& directory, const Clock& clock);

}  // namespace entente::harness
