// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where a server may listen without TLS, when nobody said otherwise: on this machine.

#include <string_view>

namespace entente::broker {

inline bool IsLoopback(std::string_view address) {
  return address.starts_with("127.") || address == "[::1]" || address == "::1" || address == "localhost";
}

}  // namespace entente::broker
