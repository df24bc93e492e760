// SPDX-License-Identifier: Apache-2.0
#pragma once

// What became of each message at each recipient, from what the fold knows at the time of asking. Where a unit was sent and not
// received, it looks for the reason: the link's own decision, an outage, a connection that was down.

#include <cstdint>
#include <string>
#include <unordered_map>

#include "harness/assessment/fate.h"
#include "harness/assessment/fold_state.h"

namespace entente::harness {

struct FateWithReason {
  Fate fate = Fate::kUnexplained;
  std::string reason;       // empty when understood
  bool on_purpose = false;  // kept back by a fault or by what a link is made to do: no sign of how its ends are
};

// Whether the recipient counts for the message: subscribed by plan and addressed, or decided upon by the broker.
bool IsPair(const FoldState& state, const Message& message, NodeIndex to);
// Of a delivery that was withheld.
std::string WhyWithheld(const FoldState& state, const Delivery& delivery);

class FateJudge {
 public:
  // The state outlives this and does not change.
  explicit FateJudge(const FoldState& state);

  [[nodiscard]] FateWithReason Of(MessageIndex index, NodeIndex to) const;

 private:
  using Losses = std::unordered_map<std::uint64_t, TextId>;  // (message, recipient or kNoNode) to the link's rule

  void ExplainLosses();
  [[nodiscard]] FateWithReason BeforeBroker(MessageIndex index, const Message& message) const;
  [[nodiscard]] FateWithReason NotReceived(MessageIndex index, const Message& message) const;
  [[nodiscard]] FateWithReason AtBroker(const Message& message, NodeIndex to) const;
  [[nodiscard]] FateWithReason AtGateway(const Message& message, const Delivery& delivery) const;
  [[nodiscard]] FateWithReason OnLastLink(MessageIndex index, const Message& message, const Delivery& delivery) const;
  // Empty when nothing that the link was made to do explains it.
  [[nodiscard]] std::string WhyLinkLost(MessageIndex index, NodeIndex link, v1::Direction direction, std::int64_t sent_ns) const;
  [[nodiscard]] std::string WhyDown(NodeIndex node, std::int64_t at_ns) const;
  [[nodiscard]] bool Young(const Message& message, NodeIndex to, std::int64_t last_step_ns) const;
  [[nodiscard]] std::string Text(TextId id, std::string_view otherwise) const;

  const FoldState& state_;
  Losses losses_;
};

}  // namespace entente::harness
