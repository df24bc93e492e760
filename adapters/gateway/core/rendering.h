// SPDX-License-Identifier: Apache-2.0
#pragma once

// One message in one form, for every node that takes it so: its wire units, and what the record says of them whoever is sent them.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/api/codec.h"

namespace entente::gateway {

using EncodeResult = std::expected<adapter::Encoded, adapter::CannotSay>;

struct Rendering {
  std::string form;
  EncodeResult encoded;
  std::vector<std::string> unit_hashes;  // of encoded->units; empty when it cannot be said
  std::string recorded;                  // octets of a MessageEgressed with unit_hashes, octets, ledger and form, and nothing else
};

Rendering Render(EncodeResult encoded, std::string_view form);

}  // namespace entente::gateway
