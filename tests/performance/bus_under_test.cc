// SPDX-License-Identifier: Apache-2.0
#include "tests/performance/bus_under_test.h"

#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "base/invariant.h"
#include "tests/performance/load_envelope.h"

namespace entente::performance {

bool IsPresent(Bus bus) {
  return bus == Bus::kEntente || !std::string_view(ENTENTE_NATS_SERVER).empty();
}

BusUnderTest::BusUnderTest(std::string name) : name_(std::move(name)) {
  // Beside the results, since /tmp may be memory.
  std::string pattern = (std::filesystem::current_path() / "bus-bench-XXXXXX").string();
  ENTENTE_INVARIANT(::mkdtemp(pattern.data()) != nullptr);
  folder_ = pattern;
}

BusUnderTest::~BusUnderTest() {
  server_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Result<std::unique_ptr<BusUnderTest>> BusUnderTest::Start(Bus bus) {
  std::unique_ptr<BusUnderTest> started(new BusUnderTest(bus == Bus::kEntente ? "entente" : "nats"));
  if (Status status = bus == Bus::kEntente ? started->StartEntente() : started->StartNats(); !status) {
    return std::unexpected(status.error());
  }
  return started;
}

Status BusUnderTest::StartEntente() {
  std::ofstream(folder_ + "/exercise.yaml") << LoadExercise();
  server_ = std::make_unique<ChildProcess>(
      std::vector<std::string>{ENTENTE_PROGRAM, "broker", "exercise.yaml", "--listen", "127.0.0.1:0", "--record", "record"},
      folder_);
  auto endpoint = server_->AwaitLine("Broker listening at ");
  if (!endpoint) return std::unexpected(endpoint.error());
  endpoint_ = *endpoint;
  return {};
}

Status BusUnderTest::StartNats() {
  server_ = std::make_unique<ChildProcess>(std::vector<std::string>{ENTENTE_NATS_SERVER, "-a", "127.0.0.1", "-p", "-1"}, folder_);
  auto endpoint = server_->AwaitLine("Listening for client connections on ");
  if (!endpoint) return std::unexpected(endpoint.error());
  endpoint_ = *endpoint;
  return {};
}

}  // namespace entente::performance
