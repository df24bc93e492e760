// SPDX-License-Identifier: Apache-2.0
#pragma once

// One logger for the process, to standard error. Shells log what an operator must act on; what happened in an exercise belongs in
// the record, not here. No secret and no message content is ever logged.

#include <spdlog/spdlog.h>

#include <string_view>

namespace entente::log {

// `level`: "debug", "info", "warning", "error", "off"; anything else is read as "warning".
void Open(std::string_view level);

}  // namespace entente::log
