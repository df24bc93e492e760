// SPDX-License-Identifier: Apache-2.0
#pragma once

// The stream that holds a record: made when absent, and refused when it is not one that keeps everything.

#include <chrono>

#include "broker/record/jetstream/nats_link.h"

namespace entente::record {

struct StreamPlan {
  std::string name;              // A-Z, a-z, 0-9, '-' and '_'
  int replicas = 1;              // 1, 3 or 5
  std::int64_t max_octets = -1;  // of the whole stream; -1: what the servers have room for
};

// Every writer publishes under a subject of its own: "entente.<stream>.<writer>".
std::string SubjectOf(const std::string& stream, const std::string& writer);
// "" when it is not a subject of the stream's.
std::string WriterOf(const std::string& stream, std::string_view subject);

// How many messages the stream has taken. Waits as long as `patience` for a leader. kInvalidArgument: a stream of that name has
// other settings, or the name is none. kUnavailable: JetStream is not enabled, or most of its servers are down.
Result<std::uint64_t> EnsureStream(const NatsLink& link, const StreamPlan& plan, std::chrono::milliseconds patience);
// The same of a stream that must be there: kNotFound when it is not.
Result<std::uint64_t> FindStream(const NatsLink& link, const std::string& name, std::chrono::milliseconds patience);

}  // namespace entente::record
