// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "adapters/api/contract_suite.h"
#include "adapters/api/registry.h"

namespace entente::adapter {

std::vector<ContractCase> ContractCases() {
  std::vector<ContractCase> cases;
  for (const AdapterInfo* info : Adapters()) {
    for (const Form& form : info->forms) cases.push_back({info, &form});
  }
  return cases;
}

std::string CaseName(const ContractCase& contract_case) {
  std::string name = std::string(contract_case.info->name) + '_' + std::string(contract_case.form->name);
  std::ranges::replace_if(name, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
}

UtcTime ContractTime() {
  return ParseUtc("2026-03-14T15:09:26.5Z")->time;
}

SessionPair::SessionPair(const ContractCase& contract_case)
    : case_(contract_case), clock_(ContractTime()), options_(NodeOptions::Defaults(contract_case.info->node_options)) {
  const auto make = [&](SessionRole role, ObjectIds& ids) {
    return case_.info->make_session({.role = role,
                                     .carrier = case_.form->carrier,
                                     .form = std::string(case_.form->name),
                                     .options = options_,
                                     .node = "DEU/brigade",
                                     .ids = &ids});
  };
  node_ = make(SessionRole::kNode, node_ids_);
  gateway_ = make(SessionRole::kGateway, gateway_ids_);
  gateway_->Start(clock_.Read(), gateway_sink);
  node_->Start(clock_.Read(), node_sink);
}

bool SessionPair::MoveOutput(Session& from, Session& to, RecordingSink& sink) {
  bool moved = false;
  while (const auto output = from.NextOutput()) {
    to.Receive(*output->octets, clock_.Read(), sink);
    moved = true;
  }
  return moved;
}

void SessionPair::Exchange() {
  constexpr int kRounds = 100;
  for (int round = 0; round < kRounds; ++round) {
    const bool to_gateway = MoveOutput(*node_, *gateway_, gateway_sink);
    const bool to_node = MoveOutput(*gateway_, *node_, node_sink);
    if (!to_gateway && !to_node) return;
  }
  ADD_FAILURE() << "the two sessions never stop answering each other";
}

void SessionPair::PassNextDeadline() {
  std::optional<Instant> next = node_->NextDeadline();
  const auto gateways = gateway_->NextDeadline();
  if (!next || (gateways && *gateways < *next)) next = gateways;
  if (!next) return;
  clock_.AdvanceTo(*next);
  const auto due = [&](const Session& session) {
    return session.NextDeadline() && *session.NextDeadline() <= clock_.Read().instant;
  };
  if (due(*node_)) node_->OnDeadline(clock_.Read(), node_sink);
  if (due(*gateway_)) gateway_->OnDeadline(clock_.Read(), gateway_sink);
}

bool SessionPair::Negotiate() {
  const Instant give_up = clock_.Read().instant + std::chrono::minutes(10);
  constexpr int kRounds = 1000;
  for (int round = 0; round < kRounds && clock_.Read().instant < give_up; ++round) {
    Exchange();
    if (node_->form() == case_.form->name && gateway_->form() == case_.form->name) return true;
    PassNextDeadline();
  }
  return false;
}

SendResult SessionPair::SendFromNode(const v1::Envelope& message) {
  auto encoded = case_.info->codec->Encode(message, {case_.form->name, options_, node_ids_});
  if (!encoded) return {v1::SEND_OUTCOME_UNSUPPORTED, encoded.error().reason, {}};
  ledger_ = encoded->ledger;
  return node_->Send(message, *encoded, clock_.Read());
}

std::vector<Bytes> SessionPair::TakeNodeOutput() {
  std::vector<Bytes> outputs;
  while (const auto output = node_->NextOutput()) outputs.push_back(*output->octets);
  return outputs;
}

std::unique_ptr<SessionPair> AdapterContract::MakePair() const {
  auto pair = std::make_unique<SessionPair>(GetParam());
  EXPECT_TRUE(pair->Negotiate()) << "the sessions speak " << pair->node().form() << " and " << pair->gateway().form();
  pair->node_sink = {};
  pair->gateway_sink = {};
  return pair;
}

std::vector<Bytes> AdapterContract::SampleUnits() const {
  std::vector<Bytes> units;
  for (const Sample& sample : SampleMessages(ContractTime())) {
    const auto pair = MakePair();
    if (pair->SendFromNode(sample.message).outcome != v1::SEND_OUTCOME_SENT) continue;
    std::ranges::move(pair->TakeNodeOutput(), std::back_inserter(units));
  }
  return units;
}

}  // namespace entente::adapter
