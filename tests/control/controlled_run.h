// SPDX-License-Identifier: Apache-2.0
#pragma once

// `entente run` with live control, as a process of its own, and `entente` again as whoever controls it.

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "entente/v1/record.pb.h"
#include "tests/cli/program.h"
#include "tests/process/process.h"

namespace entente::program {

class ControlledRun {
 public:
  // Starts it and waits until it can be controlled; if it cannot, the test fails.
  ControlledRun(const Scratch& scratch, const std::string& exercise, const std::vector<std::string>& options = {});

  // "127.0.0.1:40123"
  [[nodiscard]] const std::string& endpoint() const { return endpoint_; }
  // Runs `entente` with these arguments, its --control and the certificate of `name` ("EXCON-control"; none if empty).
  [[nodiscard]] Outcome Control(std::vector<std::string> arguments, const std::string& name = {}) const;
  // The same with --json; the answer, null when there was none.
  [[nodiscard]] nlohmann::json Ask(std::vector<std::string> arguments, const std::string& name = {}) const;
  // Asks for the status until it is so; false when it is not within half a minute.
  [[nodiscard]] bool AwaitStatus(const std::function<bool(const nlohmann::json& status)>& is_so,
                                 const std::string& name = {}) const;
  // False when the exercise does not run within half a minute.
  [[nodiscard]] bool AwaitRunning(const std::string& name = {}) const;
  // Where it waits for the system of this node; 0 when it does not.
  [[nodiscard]] std::uint16_t AwaitedAt(std::string_view node);
  // What its metrics say just now; and whether they say this line within half a minute.
  [[nodiscard]] std::string Metrics() const;
  [[nodiscard]] bool AwaitMetric(const std::string& line) const;
  // Waits for its end; the exit code.
  int AwaitEnd();
  // As a crash would.
  void Kill();
  [[nodiscard]] const std::string& errors() const { return process_.errors(); }

  // What the record of the one run in the folder holds.
  [[nodiscard]] static std::vector<v1::RecordEvent> Record(const Scratch& scratch);
  [[nodiscard]] static std::filesystem::path Folder(const Scratch& scratch);

 private:
  [[nodiscard]] std::vector<std::string> With(std::vector<std::string> arguments, const std::string& name) const;

  const Scratch& scratch_;
  process::Process process_;
  std::string endpoint_;
};

// Of a process that shows the certificate of this name ("EXCON-control"), from the folder "certificates".
std::vector<std::string> TlsArguments(const std::string& name);

}  // namespace entente::program
