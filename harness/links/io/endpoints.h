// SPDX-License-Identifier: Apache-2.0
#pragma once

// Addresses of proxies: numeric, or "localhost". Names are not looked up: a proxy must not wait for a name server.

#include <asio/ip/address.hpp>
#include <cstdint>
#include <system_error>

#include "base/result.h"
#include "harness/links/io/proxy.h"

namespace entente::harness {

Result<asio::ip::address> ResolveAddress(const ProxyEndpoint& endpoint);
Error CannotBind(const ProxyEndpoint& endpoint, std::uint16_t port, std::error_code error);

}  // namespace entente::harness
