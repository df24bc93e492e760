// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/rendering.h"

#include "base/digest.h"

namespace entente::gateway {

Rendering::Rendering(EncodeResult encoded, std::string_view form) : form_(form), encoded_(std::move(encoded)) {
  if (!encoded_) return;
  v1::MessageEgressed egressed;
  v1::MessageEgressed units;
  egressed.set_form(form_);
  for (const SharedBytes& unit : encoded_->units) {
    unit_hashes_.push_back(UnitHash(*unit));
    egressed.add_unit_hashes(unit_hashes_.back());
    units.add_octets(unit->data(), unit->size());
  }
  for (const auto& entry : encoded_->ledger.entries()) *egressed.add_ledger() = adapter::ToProto(entry);
  recorded_ = egressed.SerializeAsString();
  always_told_ = recorded_.size();
  units.AppendToString(&recorded_);
}

std::size_t Rendering::octets() const {
  std::size_t octets = recorded_.size();
  if (encoded_) {
    for (const SharedBytes& unit : encoded_->units) octets += unit->size();
  }
  return octets;
}

std::string_view Rendering::TellRecord() {
  return std::string_view(recorded_).substr(0, std::exchange(told_, true) ? always_told_ : recorded_.size());
}

}  // namespace entente::gateway
