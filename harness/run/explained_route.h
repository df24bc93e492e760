// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where a message would go, hop by hop, and why not elsewhere, without sending it: what the sender's gateway makes of its label,
// whether the broker takes it, and for each node of the exercise its subscription, the release decision and whether its protocol
// can say it. The broker's part is decided by the code that a broker decides with (routing header, router, release guard), or was
// answered by a running one. Pure.

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "entente/v1/bus.pb.h"
#include "entente/v1/exercise.pb.h"

namespace entente::harness {

struct ExplainedStep {
  std::string hop;  // "access", "label", "broker"; "subscription", "release", "egress"
  bool passes = true;
  std::string why;

  bool operator==(const ExplainedStep&) const = default;
};

struct ExplainedRecipient {
  std::string node;
  bool gets = false;
  std::string why;  // the first step that does not pass; empty when it gets the message
  std::vector<ExplainedStep> steps;
};

struct ExplainedRoute {
  std::string from;
  std::string family;
  std::string precedence;
  std::string label;  // marking of the label that the broker sees
  std::vector<ExplainedStep> steps;
  bool accepted = false;                       // every step passes
  std::vector<ExplainedRecipient> recipients;  // in the order of the exercise

  [[nodiscard]] std::size_t recipients_who_get_it() const;
};

// A message that a node of the exercise says in its own protocol.
struct SaidMessage {
  std::string from;
  v1::Family family = v1::FAMILY_TRACK;
  v1::Precedence precedence = v1::PRECEDENCE_ROUTINE;
  std::optional<v1::Label> label = {};  // std::nullopt: the message carries none
  std::vector<std::string> to = {};     // nodes or nations
};

// What the sender's gateway would publish, and the steps up to there. Fails when the exercise has no such node.
struct Published {
  v1::Envelope envelope;
  std::vector<ExplainedStep> steps;
};
Result<Published> PublishedOf(const v1::Exercise& exercise, const SaidMessage& message);

// `reply` null: decided here, for every node of the exercise.
ExplainedRoute ExplainRoute(const v1::Exercise& exercise, const Published& message, const v1::ExplainReply* reply = nullptr);

}  // namespace entente::harness
