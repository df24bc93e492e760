// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whole files, with errors that say which file and what to do.

#include <filesystem>

#include "base/bytes.h"
#include "base/result.h"

namespace entente {

// At most `limit_octets`; a larger file is an error, so that a wrong path cannot fill the memory.
Result<Bytes> ReadFile(const std::filesystem::path& path, std::size_t limit_octets = 256UL * 1024 * 1024);

// Written beside and renamed, so that a reader never sees half of it.
Status WriteFile(const std::filesystem::path& path, std::string_view content);

Status MakeDirectories(const std::filesystem::path& path);

}  // namespace entente
