// SPDX-License-Identifier: Apache-2.0
#pragma once

// From a canonical message to what goes on the air: one message, or several (static data before a position, parts A and B).

#include <expected>
#include <vector>

#include "adapters/ais/message.h"
#include "adapters/api/codec.h"

namespace entente::ais {

struct Said {
  std::vector<Message> messages;
  adapter::LossLedger ledger;
};

std::expected<Said, adapter::CannotSay> FromCanonical(const v1::Envelope& envelope, const adapter::EncodeContext& context);

// The MMSI that an object is given when it has none of its own, always the same for the same object: MID 200 is allocated to no
// state, so that no real ship's number is used.
inline constexpr std::uint64_t kFirstDerivedMmsi = 200'000'000;
inline constexpr std::uint64_t kLastDerivedMmsi = 200'999'999;

// The MMSI of the object or sender that the message is about.
std::uint32_t MmsiOf(const v1::Envelope& envelope, const adapter::EncodeContext& context);

}  // namespace entente::ais
