// SPDX-License-Identifier: Apache-2.0
#pragma once

// The server in the middle of a measurement: `entente broker` with its record, or nats-server; with a folder of its own, which is
// gone with it.

#include <memory>
#include <string>

#include "tests/performance/child_process.h"
#include "tests/performance/measurement.h"

namespace entente::performance {

class BusUnderTest {
 public:
  static Result<std::unique_ptr<BusUnderTest>> Start(Bus bus);
  ~BusUnderTest();
  BusUnderTest(const BusUnderTest&) = delete;
  BusUnderTest& operator=(const BusUnderTest&) = delete;

  // As bus_load's --bus has it.
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& endpoint() const { return endpoint_; }
  [[nodiscard]] const std::string& folder() const { return folder_; }
  [[nodiscard]] std::chrono::nanoseconds CpuTime() const { return server_->CpuTime(); }
  [[nodiscard]] std::size_t ResidentOctets() const { return server_->ResidentOctets(); }

 private:
  explicit BusUnderTest(std::string name);
  Status StartEntente();
  Status StartNats();

  std::string name_;
  std::string endpoint_;
  std::string folder_;
  std::unique_ptr<ChildProcess> server_;
};

}  // namespace entente::performance
