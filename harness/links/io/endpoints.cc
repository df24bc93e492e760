// SPDX-License-Identifier: Apache-2.0
#include "harness/links/io/endpoints.h"

#include <fmt/format.h>

#include <asio/error.hpp>

namespace entente::harness {

Result<asio::ip::address> ResolveAddress(const ProxyEndpoint& endpoint) {
  std::error_code error;
  auto address = asio::ip::make_address(endpoint.host == "localhost" ? "127.0.0.1" : endpoint.host, error);
  if (!error) return address;
  return Fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is not an address", endpoint.host), {},
              "write it in numbers, as in 127.0.0.1");
}

Error CannotBind(const ProxyEndpoint& endpoint, std::uint16_t port, std::error_code error) {
  const bool taken = error == asio::error::address_in_use;
  return {taken ? ErrorCode::kAlreadyExists : ErrorCode::kIo, fmt::format("cannot listen: {}", error.message()),
          fmt::format("{}:{}", endpoint.host, port), taken ? "choose another port, or 0 for any free one" : "check the address"};
}

}  // namespace entente::harness
