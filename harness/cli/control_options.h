// SPDX-License-Identifier: Apache-2.0
#pragma once

// The flags of whoever controls a run from outside: where it listens, as whom, and how the answer is printed.

#include <google/protobuf/message.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "harness/cli/tls_options.h"
#include "harness/control/control_client.h"

namespace entente::cli {

inline constexpr const char* kControlEndpoint = "127.0.0.1:7410";

class ControlOptions {
 public:
  void AddTo(CLI::App& command);
  [[nodiscard]] Result<std::unique_ptr<harness::ControlClient>> Client() const;
  [[nodiscard]] bool json() const { return json_; }

  // Asks, and prints the answer: for machines as protobuf's JSON, for people as `say` does, which gives the exit code.
  template <typename Request, typename Reply, typename Say>
  [[nodiscard]] int Ask(grpc::Status (harness::ControlClient::Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                        const Request& request, Say say) const {
    const auto client = Client();
    if (!client) return Complain(client.error());
    const Result<Reply> reply = (*client)->Ask(method, request);
    if (!reply) return Complain(reply.error());
    return say(*reply);
  }

  static int Complain(const Error& error);

 private:
  std::string endpoint_ = kControlEndpoint;
  TlsOptions tls_;
  bool json_ = false;
};

// One line.
void PrintJson(const google::protobuf::Message& message);
// On a terminal in colour: "32" is green, "31" red, "33" yellow, "2" faint.
std::string Coloured(std::string_view text, std::string_view colour);
// Exercise time, "00:01:20".
std::string ExerciseTime(std::int64_t ns);
// The parts of an exercise file that were given as flags, one key each, as a mapping.
std::string MappingOf(const std::map<std::string, std::string>& given);

}  // namespace entente::cli
