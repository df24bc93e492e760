// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where a process finds its identity and whom it trusts: PEM files, read again when they change.

#include <filesystem>

namespace entente::broker {

struct TlsFiles {
  std::filesystem::path certificate;  // its own, with intermediates if there are any
  std::filesystem::path key;
  std::filesystem::path authority;  // of its peers: one certificate or several
  std::filesystem::path revoked;    // revocation lists, one for each authority; empty: none is asked for

  bool operator==(const TlsFiles&) const = default;
};

}  // namespace entente::broker
