// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/control_options.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>
#include <unistd.h>

#include "base/io/system_clock.h"
#include "broker/certificates/credentials.h"
#include "harness/cli/exit_code.h"

namespace entente::cli {

void ControlOptions::AddTo(CLI::App& command) {
  command.add_option("--control", endpoint_, "Address and port of the run's live control (`entente run --control`)")
      ->capture_default_str();
  tls_.AddTo(command);
  command.add_flag("--json", json_, "One JSON object");
}

Result<std::unique_ptr<harness::ControlClient>> ControlOptions::Client() const {
  const auto tls = tls_.Files();
  if (!tls) return std::unexpected(tls.error());
  if (!*tls) return std::make_unique<harness::ControlClient>(endpoint_);
  static const SystemClock clock;  // outlives every handshake
  auto credentials = broker::MakeChannelCredentials(**tls, {}, clock);
  if (!credentials) return std::unexpected(credentials.error());
  return std::make_unique<harness::ControlClient>(endpoint_, *std::move(credentials));
}

int ControlOptions::Complain(const Error& error) {
  fmt::print(stderr, "entente: {}\n", error.Text());
  return error.code == ErrorCode::kUnavailable ? kExitHarness : kExitUsage;
}

void PrintJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  std::string json;
  if (google::protobuf::util::MessageToJsonString(message, &json, options).ok()) fmt::print("{}\n", json);
}

std::string Coloured(std::string_view text, std::string_view colour) {
  static const bool on_terminal = isatty(STDOUT_FILENO) != 0;
  return on_terminal ? fmt::format("\x1b[{}m{}\x1b[0m", colour, text) : std::string(text);
}

std::string ExerciseTime(std::int64_t ns) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(Duration(ns)).count();
  return fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string MappingOf(const std::map<std::string, std::string>& given) {
  std::string yaml;
  for (const auto& [key, value] : given) {
    if (!value.empty()) yaml += fmt::format("{}: {}\n", key, value);
  }
  return yaml.empty() ? "{}" : yaml;
}

}  // namespace entente::cli
