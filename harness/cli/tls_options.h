// SPDX-License-Identifier: Apache-2.0
#pragma once

// The flags that say who a process is on the bus and whom it trusts: the same for broker and gateway.

#include <CLI/CLI.hpp>
#include <optional>

#include "base/result.h"
#include "broker/certificates/tls_files.h"

namespace entente::cli {

class TlsOptions {
 public:
  void AddTo(CLI::App& command);
  // std::nullopt: no TLS is asked for. An error when only a part is given.
  [[nodiscard]] Result<std::optional<broker::TlsFiles>> Files() const;

 private:
  broker::TlsFiles files_;
};

}  // namespace entente::cli
