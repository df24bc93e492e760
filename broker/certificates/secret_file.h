// SPDX-License-Identifier: Apache-2.0
#pragma once

// A file that only its owner may read, from its first octet on.

#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace entente::broker {

// Mode 0600, written beside and put in place at once. An error when there is such a file already, unless `replace`.
Status WriteSecret(const std::filesystem::path& path, std::string_view content, bool replace);

// Whether anybody but the owner may read it.
bool IsReadableByOthers(const std::filesystem::path& path);

}  // namespace entente::broker
