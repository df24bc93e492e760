// SPDX-License-Identifier: Apache-2.0
#pragma once

// TLS 1.2 or later from PEM files, with one clear Error for each thing that can be wrong with them.

#include <asio/ssl/context.hpp>
#include <memory>

#include "adapters/gateway/io/transport.h"

namespace entente::gateway {

Result<std::shared_ptr<asio::ssl::context>> MakeTlsContext(const TlsFiles& files, TransportRole role);

}  // namespace entente::gateway
