// SPDX-License-Identifier: Apache-2.0
#pragma once

// Canonical messages of every family, ordinary ones and extremes: what tests and the interoperability matrix send through each
// adapter.

#include <span>
#include <string>
#include <vector>

#include "adapters/api/node_options.h"
#include "base/time.h"
#include "entente/v1/message.pb.h"

namespace entente::adapter {

struct Sample {
  std::string name;  // "track at the north pole"
  v1::Envelope message;
};

// Observed at `now` less some hundred milliseconds; the same for the same `now`.
std::vector<Sample> SampleMessages(UtcTime now);
// The plain one of a family, first of its kind in the list above.
v1::Envelope PlainSample(v1::Family family, UtcTime now);

// What nodes may be told of: one option in turn at one of its choices, every other at its default; not the default itself.
std::vector<NodeOptions> EachOtherChoice(std::span<const NodeOption> declared);

}  // namespace entente::adapter
