// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/rendering.h"

#include "base/digest.h"

namespace entente::gateway {

Rendering Render(EncodeResult encoded, std::string_view form) {
  Rendering rendering{.form = std::string(form), .encoded = std::move(encoded), .unit_hashes = {}, .recorded = {}};
  if (!rendering.encoded) return rendering;
  v1::MessageEgressed egressed;
  egressed.set_form(rendering.form);
  for (const SharedBytes& unit : rendering.encoded->units) {
    rendering.unit_hashes.push_back(UnitHash(*unit));
    egressed.add_unit_hashes(rendering.unit_hashes.back());
    egressed.add_octets(unit->data(), unit->size());
  }
  for (const auto& entry : rendering.encoded->ledger.entries()) *egressed.add_ledger() = adapter::ToProto(entry);
  rendering.recorded = egressed.SerializeAsString();
  return rendering;
}

}  // namespace entente::gateway
