// SPDX-License-Identifier: Apache-2.0
#pragma once

// A defect: a system that leaves fields out of what it says.

#include "entente/v1/message.pb.h"

namespace entente::harness {

// Takes the field out of the envelope, wherever its family has it.
void OmitField(v1::Field field, v1::Envelope& envelope);

}  // namespace entente::harness
