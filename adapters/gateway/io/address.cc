// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/io/address.h"

#include <fmt/format.h>

#include <asio/ip/tcp.hpp>

namespace entente::gateway {

Result<std::vector<asio::ip::address>> ResolveHost(asio::io_context& context, const std::string& host) {
  std::error_code error;
  const asio::ip::address literal = asio::ip::make_address(host, error);
  if (!error) return std::vector{literal};
  asio::ip::tcp::resolver resolver(context);
  std::vector<asio::ip::address> addresses;
  for (const auto& entry : resolver.resolve(host, "", error)) addresses.push_back(entry.endpoint().address());
  if (error || addresses.empty()) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is neither an address nor a known host name", host), {},
                "write an address such as 127.0.0.1");
  }
  return addresses;
}

std::unexpected<Error> CannotListen(const std::error_code& error, const std::string& host, std::uint16_t port) {
  if (error == asio::error::address_in_use) {
    return Fail(ErrorCode::kAlreadyExists, fmt::format("the port {} of {} is taken", port, host), {},
                "choose another one, or stop the process that has it");
  }
  if (error == asio::error::access_denied) {
    return Fail(ErrorCode::kPermissionDenied, fmt::format("this user may not open port {}", port), {},
                "choose one above 1023, or give the right");
  }
  if (error == asio::error::make_error_code(static_cast<asio::error::basic_errors>(EADDRNOTAVAIL))) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("{} is no address of this machine", host), {},
                "write 127.0.0.1, or an address of one of its interfaces");
  }
  return Fail(ErrorCode::kIo, fmt::format("cannot open port {} of {}: {}", port, host, error.message()));
}

std::string EndpointText(const asio::ip::address& address, std::uint16_t port) {
  return address.is_v6() ? fmt::format("[{}]:{}", address.to_string(), port) : fmt::format("{}:{}", address.to_string(), port);
}

}  // namespace entente::gateway
