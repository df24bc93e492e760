// SPDX-License-Identifier: Apache-2.0
#pragma once

// A protocol made for the tests of the gateway: one line is one unit, so that a test reads like a talk. Forms: "plain", which has
// no place for a label, and "labelled", for streams and datagrams alike.
//
//   track <name> <latitude> <observed ns> [<classification>]   a track; "track #7 ..." names the object by its number
//   flash <text>                                              a chat of precedence FLASH
//   hello                                                     the session's own: negotiates, answers "welcome"
//   anything else                                             refused; "goodbye" closes the session

#include "adapters/api/adapter_info.h"

namespace entente::gateway::test {

const adapter::AdapterInfo& LineProtocol();

// Node option "dialect" goes into the encoding's fingerprint; times Encode was called since the start.
std::size_t EncodeCalls();

// The line of a track, with its end.
std::string TrackLine(std::string_view name, std::string_view latitude, std::int64_t observed_ns = 0);

v1::Envelope TrackEnvelope(std::string_view object_id, double latitude_deg, std::int64_t observed_ns = 0);

}  // namespace entente::gateway::test
