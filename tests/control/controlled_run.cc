// SPDX-License-Identifier: Apache-2.0
#include "tests/control/controlled_run.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>

#include "broker/record/log_reader.h"
#include "tests/cli/tablet.h"

namespace entente::program {
namespace {

constexpr std::chrono::milliseconds kLongest = std::chrono::seconds(30);

process::Command CommandOf(const Scratch& scratch, const std::string& exercise, const std::vector<std::string>& options) {
  process::Command command{.argv = {ENTENTE_PROGRAM, "run", exercise, "--control", "127.0.0.1:0", "--metrics-port", "0"},
                           .folder = scratch.path().string(),
                           .errors = process::ErrorStream::kPiped};
  command.argv.insert(command.argv.end(), options.begin(), options.end());
  return command;
}

}  // namespace

std::vector<std::string> TlsArguments(const std::string& name) {
  return {"--tls-certificate", "certificates/" + name + ".pem", "--tls-key", "certificates/" + name + ".key",
          "--tls-authority",   "certificates/authority.pem",    "--tls-crl", "certificates/revoked.pem"};
}

ControlledRun::ControlledRun(const Scratch& scratch, const std::string& exercise, const std::vector<std::string>& options)
    : scratch_(scratch), process_(CommandOf(scratch, exercise, options)) {
  constexpr std::string_view kControl = "Control: ";
  EXPECT_TRUE(process_.FollowUntil([&] { return process_.errors().find(kControl) != std::string::npos; }, kLongest))
      << process_.errors();
  const std::size_t begin = process_.errors().find(kControl);
  if (begin == std::string::npos) return;
  const std::size_t from = begin + kControl.size();
  endpoint_ = process_.errors().substr(from, process_.errors().find(' ', from) - from);
}

std::vector<std::string> ControlledRun::With(std::vector<std::string> arguments, const std::string& name) const {
  arguments.insert(arguments.end(), {"--control", endpoint_});
  if (name.empty()) return arguments;
  const std::vector<std::string> tls = TlsArguments(name);
  arguments.insert(arguments.end(), tls.begin(), tls.end());
  return arguments;
}

Outcome ControlledRun::Control(std::vector<std::string> arguments, const std::string& name) const {
  return RunEntente(scratch_, With(std::move(arguments), name));
}

nlohmann::json ControlledRun::Ask(std::vector<std::string> arguments, const std::string& name) const {
  arguments.emplace_back("--json");
  const Outcome outcome = Control(std::move(arguments), name);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  return outcome.exit_code == 0 ? nlohmann::json::parse(outcome.out, nullptr, false) : nlohmann::json();
}

bool ControlledRun::AwaitStatus(const std::function<bool(const nlohmann::json&)>& is_so, const std::string& name) const {
  const auto until = std::chrono::steady_clock::now() + kLongest;
  while (std::chrono::steady_clock::now() < until) {
    const nlohmann::json status = Ask({"status"}, name);
    if (status.is_object() && is_so(status)) return true;
  }
  return false;
}

bool ControlledRun::AwaitRunning(const std::string& name) const {
  return AwaitStatus([](const nlohmann::json& status) { return status["state"] == "EXERCISE_STATE_RUNNING"; }, name);
}

std::uint16_t ControlledRun::AwaitedAt(std::string_view node) {
  const std::string text = "waiting for " + std::string(node) + " at ";
  const auto line = [&] {
    const std::size_t begin = process_.errors().find(text);
    const std::size_t end = process_.errors().find('\n', begin);
    return begin == std::string::npos || end == std::string::npos ? std::string() : process_.errors().substr(begin, end - begin);
  };
  EXPECT_TRUE(process_.FollowUntil([&] { return !line().empty(); }, kLongest)) << process_.errors();
  return PortIn(line());
}

std::string ControlledRun::Metrics() const {
  constexpr std::string_view kMetrics = "Metrics: ";
  const std::size_t begin = process_.errors().find(kMetrics);
  EXPECT_NE(begin, std::string::npos) << process_.errors();
  if (begin == std::string::npos) return {};
  const std::string line = process_.errors().substr(begin, process_.errors().find("/metrics", begin) - begin);
  Tablet asking(PortIn(line));
  asking.Say("GET /metrics HTTP/1.0\r\n\r\n");
  return asking.HearUntil("# no such end");  // until the answer has ended
}

bool ControlledRun::AwaitMetric(const std::string& line) const {
  const auto until = std::chrono::steady_clock::now() + kLongest;
  while (std::chrono::steady_clock::now() < until) {
    if (Metrics().find('\n' + line + '\n') != std::string::npos) return true;
  }
  return false;
}

int ControlledRun::AwaitEnd() {
  EXPECT_TRUE(process_.AwaitEnd(kLongest)) << process_.errors();
  return process_.exit_code();
}

void ControlledRun::Kill() {
  process_.Signal(SIGKILL);
  process_.AwaitEnd(kLongest);
}

std::filesystem::path ControlledRun::Folder(const Scratch& scratch) {
  for (const auto& entry : std::filesystem::directory_iterator(scratch.path() / "runs")) return entry.path();
  return {};
}

std::vector<v1::RecordEvent> ControlledRun::Record(const Scratch& scratch) {
  std::vector<v1::RecordEvent> events;
  record::LogReader reader(Folder(scratch) / "record", {}, {});
  for (auto next = reader.Next(); next && *next; next = reader.Next()) events.push_back(std::move((*next)->event));
  return events;
}

}  // namespace entente::program
