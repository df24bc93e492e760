// SPDX-License-Identifier: Apache-2.0
#include "tests/cli/bus_processes.h"

#include <gtest/gtest.h>

#include "tests/cli/tablet.h"

namespace entente::program {
namespace {

std::vector<std::string> CommandOf(std::vector<std::string> arguments, const std::vector<std::string>& options,
                                   const std::string& log) {
  arguments.insert(arguments.begin(), ENTENTE_PROGRAM);
  arguments.insert(arguments.end(), options.begin(), options.end());
  if (log.empty()) return arguments;
  arguments.insert(arguments.begin(), {"sh", "-c", "exec \"$0\" --log debug \"$@\" 2>" + log});
  return arguments;
}

std::vector<std::string> GatewayArguments(const std::string& exercise, const std::vector<std::string>& brokers) {
  std::vector<std::string> arguments{"gateway", exercise};
  for (const std::string& broker : brokers) arguments.insert(arguments.end(), {"--broker", broker});
  return arguments;
}

// Of the line that begins so.
std::uint16_t AwaitPort(external::PeerProcess& process, const std::string& start) {
  const std::string line = process.AwaitLine(start);
  EXPECT_FALSE(line.empty()) << "no line begins with \"" << start << '"';
  return PortIn(line);
}

}  // namespace

BrokerProcess::BrokerProcess(const Scratch& scratch, const std::string& exercise, const std::vector<std::string>& options,
                             const std::string& log)
    : process_(CommandOf({"broker", exercise, "--listen", "127.0.0.1:0"}, options, log), scratch.path().string()),
      port_(AwaitPort(process_, "Broker listening at ")) {}

GatewayProcess::GatewayProcess(const Scratch& scratch, const std::string& exercise, const std::vector<std::string>& brokers,
                               const std::vector<std::string>& options, const std::string& log)
    : process_(CommandOf(GatewayArguments(exercise, brokers), options, log), scratch.path().string()) {}

std::uint16_t GatewayProcess::PortOf(std::string_view node) {
  return AwaitPort(process_, std::string(node) + " at ");
}

std::vector<std::string> TlsOptions(const std::string& name, const std::string& folder) {
  const auto file = [&](const std::string& file_name) { return folder + "/" + file_name; };
  return {"--tls-certificate", file(name + ".pem"),   "--tls-key", file(name + ".key"),
          "--tls-authority",   file("authority.pem"), "--tls-crl", file("revoked.pem")};
}

std::vector<std::string> operator+(std::vector<std::string> first, const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace entente::program
