// SPDX-License-Identifier: Apache-2.0
// `entente run --broker` towards a broker elsewhere that wants certificates (mutual TLS 1.3).

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/io/files.h"
#include "broker/record/jetstream/test_nats_servers.h"
#include "tests/cli/bus_processes.h"
#include "tests/cli/program.h"
#include "tests/whole/simulated_whole.h"

namespace entente::program {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr std::string_view kExpected = "expectations: { nothing-is-lost: { families: track, delivery: { at-least: 100 % } } }";

class SharedTls : public ::testing::Test {
 protected:
  void SetUp() override {
    if (std::string_view(ENTENTE_NATS_SERVER).empty()) GTEST_SKIP() << "nats-server is not installed";
    servers_ = std::make_unique<record::NatsServers>(record::NatsServersOptions{.program = ENTENTE_NATS_SERVER});
    std::string text =
        whole::SmallExercise(fmt::format("bus: {{ jetstream: {{ servers: [{}] }} }}\n{}", servers_->urls().front(), kExpected));
    text.replace(text.find("nations:"), 8,
                 "  identities:\n    EXCON/harness: { role: excon, speaks-for: [DEU/*, FRA/*] }\nnations:");
    exercise_ = scratch_.File("tls.yaml", text);
    MakeCertificates("certificates");
    broker_ = std::make_unique<BrokerProcess>(
        scratch_, exercise_, std::vector<std::string>{"--name", "broker-1"} + TlsOptions("EXCON-broker"), "broker.log");
    ASSERT_NE(broker_->port(), 0);
  }

  // Of an authority of their own.
  void MakeCertificates(const std::string& folder) {
    const Outcome made = RunEntente(scratch_, {"certs", "--folder", folder, "--exercise", exercise_});
    ASSERT_EQ(made.exit_code, 0) << made.err;
  }

  Outcome Run(const std::vector<std::string>& options) {
    return RunEntente(
        scratch_,
        std::vector<std::string>{"run", exercise_, "--duration", "3", "--quiet", "--broker", broker_->endpoint()} + options);
  }

  Scratch scratch_;
  std::unique_ptr<record::NatsServers> servers_;
  std::string exercise_;
  std::unique_ptr<BrokerProcess> broker_;
};

TEST_F(SharedTls, ARunWithACertificateOfTheBrokersAuthorityPasses) {
  const Outcome outcome = Run(TlsOptions("EXCON-harness") + std::vector<std::string>{"--broker-identity", "EXCON/broker"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("pass  nothing-is-lost"));
  EXPECT_EQ(broker_->process().Terminate(), 0);
}

TEST_F(SharedTls, ARunOfAnotherAuthorityIsAnErrorOfTheHarnessThatSaysWhy) {
  MakeCertificates("elsewhere");
  const Outcome outcome = Run(TlsOptions("EXCON-harness", "elsewhere"));
  EXPECT_EQ(outcome.exit_code, 4) << outcome.out;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("certificate of entente://EXCON/broker"), HasSubstr("unable to get local issuer"),
                                 HasSubstr("both sides need certificates of an authority that the other one trusts")));
}

// Its own files are right, and yet the broker is not who it should be.
TEST_F(SharedTls, ABrokerOfAnotherNameIsNotSpokenTo) {
  const Outcome outcome = Run(TlsOptions("EXCON-harness") + std::vector<std::string>{"--broker-identity", "EXCON/other"});
  EXPECT_EQ(outcome.exit_code, 4) << outcome.out;
  EXPECT_THAT(outcome.err, HasSubstr("EXCON/other"));
}

TEST_F(SharedTls, ARevokedRunIsRefusedByTheBroker) {
  broker_.reset();
  const Outcome revoked = RunEntente(scratch_, {"certs", "revoke", "EXCON/harness", "--folder", "certificates"});
  ASSERT_EQ(revoked.exit_code, 0) << revoked.err;
  broker_ = std::make_unique<BrokerProcess>(
      scratch_, exercise_, std::vector<std::string>{"--name", "broker-1"} + TlsOptions("EXCON-broker"), "broker.log");
  ASSERT_NE(broker_->port(), 0);
  const Outcome outcome = Run(TlsOptions("EXCON-harness"));
  EXPECT_EQ(outcome.exit_code, 4) << outcome.out;
  EXPECT_THAT(outcome.err, HasSubstr("if the broker refused this certificate, its log and record say why"));
  const auto log = ReadFile(scratch_.path() / "broker.log");
  ASSERT_TRUE(log);
  EXPECT_THAT(ToText(*log), HasSubstr("revoked"));
}

TEST_F(SharedTls, FilesThatAreMissingAreTheOperatorsErrorAndTakeNoTime) {
  const Outcome two = Run({"--tls-certificate", "certificates/EXCON-harness.pem", "--tls-key", "certificates/EXCON-harness.key"});
  EXPECT_EQ(two.exit_code, 2) << two.out;
  EXPECT_THAT(two.err, HasSubstr("--tls-authority"));
}

}  // namespace
}  // namespace entente::program
