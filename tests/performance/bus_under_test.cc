// SPDX-License-Identifier: Apache-2.0
#include "tests/performance/bus_under_test.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stdlib.h>

#include <fstream>

#include "base/invariant.h"
#include "broker/record/jetstream/test_nats_servers.h"
#include "tests/performance/load_envelope.h"

namespace entente::performance {
namespace {

constexpr auto kBroker = "EXCON/broker";
constexpr std::string_view kRelay = "bus: {mode: relay}\n";

record::NatsServersOptions StoringServers(int count) {
  return {.program = ENTENTE_NATS_SERVER, .count = count, .jetstream = true, .max_file_store = "8GB"};
}

// Mutual TLS certificates for everybody on either bus, as an exercise would have them.
Status MakeCertificates(const std::string& folder, std::size_t receivers) {
  std::vector<std::string> command = {ENTENTE_PROGRAM, "certs", "--broker", kBroker, "--node", std::string(kOrigin)};
  for (std::size_t i = 0; i < receivers; ++i) command.insert(command.end(), {"--node", ReceiverName(i)});
  ChildProcess certs(command, folder);
  return certs.AwaitEnd();
}

class EntenteBroker : public BusUnderTest {
 public:
  explicit EntenteBroker(std::string bus_section, bool tls = false)
      : BusUnderTest("entente"), bus_section_(std::move(bus_section)), tls_(tls) {}

 protected:
  bool shares_record_ = false;  // with other brokers: it needs a name

  Status Begin(std::size_t receivers) override {
    std::vector<std::string> command = {ENTENTE_PROGRAM, "broker",   "exercise.yaml", "--listen",
                                        "127.0.0.1:0",   "--record", "record"};
    if (shares_record_) command.insert(command.end(), {"--name", "broker-1"});
    if (tls_) {
      if (Status made = MakeCertificates(folder_, receivers); !made) return made;
      const CertificateFiles files = FilesOf(folder_ + "/certificates", kBroker);
      command.insert(command.end(),
                     {"--tls-certificate", files.certificate, "--tls-key", files.key, "--tls-authority", files.authority});
      more_arguments_ = {"--certificates", folder_ + "/certificates"};
    }
    Write("exercise.yaml", LoadExercise(bus_section_, Receiving()));
    server_ = std::make_unique<ChildProcess>(command, folder_);
    auto endpoint = server_->AwaitLine("Broker listening at ");
    if (!endpoint) return std::unexpected(endpoint.error());
    endpoint_ = *endpoint;
    return {};
  }
  [[nodiscard]] virtual std::size_t Receiving() const { return 0; }

 private:
  const std::string bus_section_;
  const bool tls_;
};

class EntenteOnJetStream final : public EntenteBroker {
 public:
  EntenteOnJetStream() : EntenteOnJetStream(std::make_unique<record::NatsServers>(StoringServers(3))) {}

 private:
  explicit EntenteOnJetStream(std::unique_ptr<record::NatsServers> servers)
      : EntenteBroker(fmt::format("bus: {{jetstream: {{servers: [{}], replicas: 3}}}}\n", fmt::join(servers->urls(), ", "))),
        servers_(std::move(servers)) {
    shares_record_ = true;
  }
  std::unique_ptr<record::NatsServers> servers_;
};

// One gateway stands for both ends' access.
class EntenteTak final : public EntenteBroker {
 public:
  explicit EntenteTak(std::size_t receivers) : EntenteBroker(std::string(kRelay)), receivers_(receivers) { name_ = "tak"; }
  [[nodiscard]] std::chrono::nanoseconds CpuTime() const override { return EntenteBroker::CpuTime() + gateway_->CpuTime(); }

 protected:
  Status Begin(std::size_t receivers) override {
    if (Status begun = EntenteBroker::Begin(receivers); !begun) return begun;
    gateway_ = std::make_unique<ChildProcess>(
        std::vector<std::string>{ENTENTE_PROGRAM, "gateway", "exercise.yaml", "--broker", endpoint_}, folder_);
    const auto await = [this](const std::string& node, std::string& endpoint) -> Status {
      auto line = gateway_->AwaitLine(node + " at ");
      if (!line) return std::unexpected(line.error());
      if (auto attached = gateway_->AwaitLine(node + " attached"); !attached) return std::unexpected(attached.error());
      endpoint = *line;
      return {};
    };
    access_.resize(receivers_);
    for (std::size_t i = 0; i < receivers_; ++i) {
      if (Status found = await(ReceiverName(i), access_[i]); !found) return found;
    }
    return await(std::string(kOrigin), access_.emplace_back());
  }
  [[nodiscard]] std::size_t Receiving() const override { return receivers_; }
  [[nodiscard]] std::string EndpointFor(const std::string& end) const override {
    return end == "sender" ? access_.back() : access_[std::stoul(end.substr(1))];
  }

 private:
  const std::size_t receivers_;
  std::unique_ptr<ChildProcess> gateway_;
  std::vector<std::string> access_;  // of the receivers, then the sender
};

// Every link has its proxy; figures and projection grow with the record.
class EntenteRun final : public BusUnderTest {
 public:
  explicit EntenteRun(std::size_t receivers) : BusUnderTest("tak"), receivers_(receivers) {}
  // The exercise starts when every node is there; a line on its progress follows.
  Status AwaitRunning() override {
    const auto progress = server_->AwaitLine(" understood  ");
    return progress ? Status{} : std::unexpected(progress.error());
  }
  [[nodiscard]] std::chrono::nanoseconds CpuTime() const override { return BusUnderTest::CpuTime() - ProjectionCpuTime(); }
  [[nodiscard]] std::chrono::nanoseconds ProjectionCpuTime() const override { return server_->CpuTimeOf("projection"); }

 protected:
  Status Begin(std::size_t) override {
    Write("exercise.yaml", LoadExercise(kRelay, receivers_) + "await-external: 1 min\n");
    server_ = std::make_unique<ChildProcess>(std::vector<std::string>{ENTENTE_PROGRAM, "run", "exercise.yaml"}, folder_);
    const auto awaited = server_->AwaitLine("READY, waiting for ");
    if (!awaited) return std::unexpected(awaited.error());
    awaited_ = *awaited;
    return {};
  }
  // "FRA/r0 at 127.0.0.1:40123, DEU/sender at …"
  [[nodiscard]] std::string EndpointFor(const std::string& end) const override {
    const std::string mark = '/' + end + " at ";
    const std::size_t at = awaited_.find(mark) + mark.size();
    return awaited_.substr(at, awaited_.find(',', at) - at);
  }

 private:
  const std::size_t receivers_;
  std::string awaited_;
};

class Nats final : public BusUnderTest {
 public:
  explicit Nats(bool tls) : BusUnderTest("nats"), tls_(tls) {}

 protected:
  Status Begin(std::size_t receivers) override {
    std::vector<std::string> command = {ENTENTE_NATS_SERVER, "-a", "127.0.0.1", "-p", "-1"};
    if (tls_) {
      if (Status made = MakeCertificates(folder_, receivers); !made) return made;
      const CertificateFiles files = FilesOf(folder_ + "/certificates", kBroker);
      command.insert(command.end(), {"--tls", "--tlsverify", "--tlscert", files.certificate, "--tlskey", files.key, "--tlscacert",
                                     files.authority});
      more_arguments_ = {"--certificates", folder_ + "/certificates"};
    }
    server_ = std::make_unique<ChildProcess>(command, folder_);
    auto endpoint = server_->AwaitLine("Listening for client connections on ");
    if (!endpoint) return std::unexpected(endpoint.error());
    endpoint_ = *endpoint;
    if (auto ready = server_->AwaitLine("Server is ready"); !ready) return std::unexpected(ready.error());
    return {};
  }

 private:
  const bool tls_;
};

class JetStream final : public BusUnderTest {
 public:
  explicit JetStream(int servers) : BusUnderTest("jetstream"), servers_(StoringServers(servers)) {
    more_arguments_ = {"--replicas", std::to_string(servers)};
    endpoint_ = servers_.urls().front().substr(std::string_view("nats://").size());
  }

 protected:
  Status Begin(std::size_t) override { return {}; }

 private:
  record::NatsServers servers_;
};

std::unique_ptr<BusUnderTest> Make(Setup setup, std::size_t receivers) {
  switch (setup) {
    case Setup::kEntente:
      return std::make_unique<EntenteBroker>(std::string(kRelay));
    case Setup::kEntenteTls:
      return std::make_unique<EntenteBroker>(std::string(kRelay), true);
    case Setup::kEntenteDurable:
      return std::make_unique<EntenteBroker>("bus: {mode: durable}\n");
    case Setup::kEntenteOnJetStream3:
      return std::make_unique<EntenteOnJetStream>();
    case Setup::kEntenteTak:
      return std::make_unique<EntenteTak>(receivers);
    case Setup::kEntenteRun:
      return std::make_unique<EntenteRun>(receivers);
    case Setup::kNats:
    case Setup::kNatsTls:
      return std::make_unique<Nats>(setup == Setup::kNatsTls);
    case Setup::kJetStream:
      return std::make_unique<JetStream>(1);
    case Setup::kJetStream3:
      return std::make_unique<JetStream>(3);
  }
  return nullptr;
}

bool NeedsNats(Setup setup) {
  return setup >= Setup::kNats || setup == Setup::kEntenteOnJetStream3;
}

}  // namespace

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

void BusUnderTest::Write(const std::string& file, const std::string& text) const {
  std::ofstream(folder_ + "/" + file) << text;
}

std::vector<std::string> BusUnderTest::LoadArguments(const std::string& end) const {
  std::vector<std::string> arguments = {"--bus", name_, "--endpoint", EndpointFor(end)};
  arguments.insert(arguments.end(), more_arguments_.begin(), more_arguments_.end());
  return arguments;
}

Result<std::unique_ptr<BusUnderTest>> BusUnderTest::Start(Setup setup, std::size_t receivers) {
  if (NeedsNats(setup) && std::string_view(ENTENTE_NATS_SERVER).empty()) {
    return Fail(ErrorCode::kNotFound, "nats-server is not installed", {}, "scripts/setup test");
  }
  std::unique_ptr<BusUnderTest> bus = Make(setup, receivers);
  if (Status begun = bus->Begin(receivers); !begun) return std::unexpected(begun.error());
  return bus;
}

}  // namespace entente::performance
