// SPDX-License-Identifier: Apache-2.0
#pragma once

// The version of this build, as CMake's project() says it.

#include <string_view>

namespace entente::harness {

inline constexpr std::string_view kVersion = ENTENTE_VERSION;

}  // namespace entente::harness
