// SPDX-License-Identifier: Apache-2.0
#pragma once

// gRPC of this version offers no way to ask for TLS 1.3 alone (docs/decisions/0009). So OpenSSL is told for the whole process; who
// wants older versions too, as the gateway for systems under test, says so for its own contexts.

#include "base/result.h"

namespace entente::broker {

// Before the first credentials are made. Any thread, any number of times.
Status RequireTls13();

}  // namespace entente::broker
