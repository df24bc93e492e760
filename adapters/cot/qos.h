// SPDX-License-Identifier: Apache-2.0
#pragma once

// qos="9-r-g": priority 0 to 9, overtaking, assurance; and opex="e-NAME". CoT Base-Event Schema 2.0.
//
//   qos priority   9 8     7 6         5 4 3      2 1 0
//   precedence     FLASH   IMMEDIATE   PRIORITY   ROUTINE
//   written as     9       7           5          1

#include <string>
#include <string_view>

#include "adapters/api/loss_ledger.h"
#include "entente/v1/message.pb.h"

namespace entente::cot {

// False when it is not the schema's digit-letter-letter.
bool ReadQos(std::string_view qos, v1::Envelope& envelope);
// Empty when the message has no precedence. The origin's own spelling where it was CoT's.
std::string WriteQos(const v1::Envelope& envelope);

// False when it is none of o, e, s with an optional "-name".
bool ReadOpex(std::string_view opex, v1::Envelope& envelope);
std::string WriteOpex(const v1::Envelope& envelope, adapter::LossLedger& ledger);

}  // namespace entente::cot
