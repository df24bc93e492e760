// SPDX-License-Identifier: Apache-2.0
#pragma once

// One protocol's translation, pure: the same input gives the same output, no state, no I/O, no clock. Thread-safe.

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/api/decode_error.h"
#include "adapters/api/finding.h"
#include "adapters/api/loss_ledger.h"
#include "adapters/api/node_options.h"
#include "adapters/api/object_ids.h"
#include "base/bytes.h"
#include "base/time.h"
#include "entente/v1/message.pb.h"

namespace entente::adapter {

struct DecodeContext {
  std::string_view form;  // one of AdapterInfo::forms
  const NodeOptions& options;
  Now now;  // completes times that the notation leaves partial
};

// One canonical message of a unit. The codec sets everything that the unit says, and native_id; it leaves to the gateway: id (but
// for id.precedence, where the unit says one), object_id, provenance, and a label where the unit had none.
struct DecodedMessage {
  v1::Envelope envelope;
  std::vector<Finding> findings;
  LossLedger ledger;
};

// A unit that is the session's own business (negotiation, ping) or a mere refresh gives no message.
struct DecodedUnit {
  v1::UnitRole role = v1::UNIT_ROLE_CARRIES;
  std::string native_type;  // "a-f-G-U-C", "Entity State", "1"
  std::vector<DecodedMessage> messages;
  std::vector<Finding> findings;  // of the unit as a whole
};

struct EncodeContext {
  std::string_view form;
  const NodeOptions& options;  // the recipient's
  ObjectIds& ids;
};

// Complete wire units with their framing, shared by all sessions of one form and equal options.
struct Encoded {
  std::vector<SharedBytes> units;
  LossLedger ledger;
};

// The protocol cannot say this message, or may not (no_label_slot is decided by the gateway, not here).
struct CannotSay {
  std::string reason;
};

class Codec {
 public:
  virtual ~Codec() = default;
  // One whole unit: an event, a datagram, a sentence group.
  [[nodiscard]] virtual DecodeResult<DecodedUnit> Decode(ByteView unit, const DecodeContext& context) const = 0;
  [[nodiscard]] virtual std::expected<Encoded, CannotSay> Encode(const v1::Envelope& message,
                                                                 const EncodeContext& context) const = 0;
};

}  // namespace entente::adapter
