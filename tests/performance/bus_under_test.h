// SPDX-License-Identifier: Apache-2.0
#pragma once

// The servers in the middle of a measurement, each set up with a folder of its own, which is gone with it: `entente broker` with
// its record, nats-server, and what belongs to them.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/performance/child_process.h"

namespace entente::performance {

enum class Setup {
  kEntente,              // receipts on acceptance
  kEntenteTls,           // the same, mutual TLS
  kEntenteDurable,       // receipts after fdatasync
  kEntenteOnJetStream3,  // the record on three NATS servers
  kEntenteTak,           // broker and gateway, CoT over TCP on both sides
  kEntenteRun,           // the same nodes in `entente run`: broker, gateway and harness in one process
  kNats,
  kNatsTls,
  kJetStream,   // a stream in files, one server
  kJetStream3,  // the same, three replicas on three servers
};

class BusUnderTest {
 public:
  // kNotFound: a program is not on this machine.
  static Result<std::unique_ptr<BusUnderTest>> Start(Setup setup, std::size_t receivers);
  virtual ~BusUnderTest();
  BusUnderTest(const BusUnderTest&) = delete;
  BusUnderTest& operator=(const BusUnderTest&) = delete;

  // bus_load's arguments that say which bus it is, for one of its ends; `end` is "sender", "r0", "r1" …
  [[nodiscard]] std::vector<std::string> LoadArguments(const std::string& end) const;
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& folder() const { return folder_; }
  // Once both ends are connected: until messages go to all of them.
  virtual Status AwaitRunning() { return {}; }
  // Of the processes that the figures are about.
  [[nodiscard]] virtual std::chrono::nanoseconds CpuTime() const { return server_->CpuTime(); }
  // Beside it: of what writes record.db.
  [[nodiscard]] virtual std::chrono::nanoseconds ProjectionCpuTime() const { return {}; }
  [[nodiscard]] std::size_t ResidentOctets() const { return server_->ResidentOctets(); }

 protected:
  explicit BusUnderTest(std::string name);
  virtual Status Begin(std::size_t receivers) = 0;
  [[nodiscard]] virtual std::string EndpointFor(const std::string& /*end*/) const { return endpoint_; }
  void Write(const std::string& file, const std::string& text) const;

  std::string name_;  // as bus_load's --bus has it
  std::string folder_;
  std::string endpoint_;
  std::vector<std::string> more_arguments_;
  std::unique_ptr<ChildProcess> server_;
};

}  // namespace entente::performance
