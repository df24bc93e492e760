// SPDX-License-Identifier: Apache-2.0
#pragma once

// Hosts and ports as the operator writes them, and what the operating system says about them, as Errors.

#include <asio/io_context.hpp>
#include <asio/ip/address.hpp>
#include <string>
#include <vector>

#include "base/result.h"

namespace entente::gateway {

// An address as it is; a name by the system's resolver, which may wait for it. Not empty.
Result<std::vector<asio::ip::address>> ResolveHost(asio::io_context& context, const std::string& host);

// Why a socket could not be opened for this host and port.
std::unexpected<Error> CannotListen(const std::error_code& error, const std::string& host, std::uint16_t port);

std::string EndpointText(const asio::ip::address& address, std::uint16_t port);

}  // namespace entente::gateway
