// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/rendering.h"

#include "base/digest.h"

namespace entente::gateway {

namespace {

// Filled anew for each rendering, since it keeps its room.
v1::MessageEgressed& EmptyEgressed() {
  thread_local v1::MessageEgressed egressed;
  egressed.Clear();
  return egressed;
}

}  // namespace

Rendering::Rendering(EncodeResult encoded, std::string_view form) : form_(form), encoded_(std::move(encoded)) {
  if (!encoded_) return;
  v1::MessageEgressed& egressed = EmptyEgressed();
  egressed.set_form(form_);
  for (const SharedBytes& unit : encoded_->units) {
    unit_hashes_.push_back(UnitHash(*unit));
    egressed.add_unit_hashes(unit_hashes_.back());
  }
  adapter::ToProto(encoded_->ledger, *egressed.mutable_ledger());
  for (const adapter::LossLedger::Entry& entry : encoded_->ledger.entries()) {
    if (adapter::IsLost(entry.outcome)) lost_.push_back(entry.field);
  }
  recorded_ = egressed.SerializeAsString();
  always_told_ = recorded_.size();
  egressed.Clear();
  for (const SharedBytes& unit : encoded_->units) egressed.add_octets(unit->data(), unit->size());
  egressed.AppendToString(&recorded_);
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
