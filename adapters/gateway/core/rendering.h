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

class Rendering {
 public:
  Rendering(EncodeResult encoded, std::string_view form);

  [[nodiscard]] const std::string& form() const { return form_; }
  [[nodiscard]] const EncodeResult& encoded() const { return encoded_; }
  // Of the units; empty when it cannot be said.
  [[nodiscard]] std::span<const std::string> unit_hashes() const { return unit_hashes_; }
  // What its ledger says did not come through.
  [[nodiscard]] std::span<const v1::Field> lost() const { return lost_; }
  // Of all that it holds.
  [[nodiscard]] std::size_t octets() const;

  // For the record of one recipient: octets of a MessageEgressed with form, hashes and ledger; the first time with the units'
  // octets, too, which the hashes stand for from then on. The view lasts until the next call.
  [[nodiscard]] std::string_view TellRecord();

 private:
  std::string form_;
  EncodeResult encoded_;
  std::vector<std::string> unit_hashes_;
  std::vector<v1::Field> lost_;
  std::string recorded_;         // the units' octets at its end, until they are told
  std::size_t always_told_ = 0;  // how much of recorded_ is before them
  bool told_ = false;
};

}  // namespace entente::gateway
