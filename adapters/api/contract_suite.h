// SPDX-License-Identifier: Apache-2.0
#pragma once

// What every adapter owes, whatever its protocol: the tests of contract_suite.cc run over every adapter and form of this build.
// This is their bench: two sessions that talk to each other in memory, under a virtual clock.

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <vector>

#include "adapters/api/adapter_info.h"
#include "adapters/api/recording_sink.h"
#include "adapters/api/sample_messages.h"

namespace entente::adapter {

struct ContractCase {
  const AdapterInfo* info = nullptr;
  const Form* form = nullptr;
};

// Every form of every registered adapter.
std::vector<ContractCase> ContractCases();
// "cot_tak_v1": what test names show.
std::string CaseName(const ContractCase& contract_case);

inline void PrintTo(const ContractCase& contract_case, std::ostream* out) {
  *out << CaseName(contract_case);
}

// A node's session and a gateway's, connected; negotiated to the wished form where the protocol negotiates.
class SessionPair {
 public:
  explicit SessionPair(const ContractCase& contract_case);

  // Moves everything that either side has to say to the other, until both are silent.
  void Exchange();
  // Exchanges and passes deadlines until the node speaks the wished form; false when it does not within ten minutes.
  bool Negotiate();
  // Encodes and sends from the node's side. The result is UNSUPPORTED when the codec cannot say it.
  SendResult SendFromNode(const v1::Envelope& message);
  // What the node would write now, a datagram or a stream's octets per unit.
  std::vector<Bytes> TakeNodeOutput();
  void ReceiveAtGateway(ByteView octets) { gateway_->Receive(octets, clock_.Read(), gateway_sink); }
  void Advance(Duration by) { clock_.Advance(by); }

  [[nodiscard]] Session& node() { return *node_; }
  [[nodiscard]] Session& gateway() { return *gateway_; }
  [[nodiscard]] Now now() const { return clock_.Read(); }
  [[nodiscard]] const LossLedger& ledger() const { return ledger_; }  // of the last SendFromNode

  RecordingSink node_sink;
  RecordingSink gateway_sink;

 private:
  bool MoveOutput(Session& from, Session& to, RecordingSink& sink);
  void PassNextDeadline();

  ContractCase case_;
  VirtualClock clock_;
  HashedObjectIds node_ids_;
  HashedObjectIds gateway_ids_;
  NodeOptions options_;
  std::unique_ptr<Session> node_;
  std::unique_ptr<Session> gateway_;
  LossLedger ledger_;
};

class AdapterContract : public testing::TestWithParam<ContractCase> {
 protected:
  [[nodiscard]] const AdapterInfo& info() const { return *GetParam().info; }
  [[nodiscard]] const Form& form() const { return *GetParam().form; }
  [[nodiscard]] bool IsStream() const { return form().carrier == Carrier::kStream; }
  // A pair that has negotiated and whose sinks are empty.
  [[nodiscard]] std::unique_ptr<SessionPair> MakePair() const;
  // The wire units of each sample that the protocol can say, each by a fresh node session.
  [[nodiscard]] std::vector<Bytes> SampleUnits() const;
};

// The time of every contract test: 2026-03-14T15:09:26.5Z.
UtcTime ContractTime();

}  // namespace entente::adapter
