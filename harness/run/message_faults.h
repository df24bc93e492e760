// SPDX-License-Identifier: Apache-2.0
#pragma once

// Faults of messages at one node's access point: partitions between groups of nodes, and impairments of the messages that a fault
// selects. Each decision comes from a stream of chance of its own rule, keyed by the message's number (its sequence from its
// originator; on the way to the gateway, where it has none yet, its number among the node's of its precedence), and is recorded.
// Single-threaded.

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/gateway/core/message_stage.h"
#include "base/result.h"
#include "entente/v1/exercise.pb.h"
#include "harness/links/chain.h"

namespace entente::harness {

// What messages met at one access point that an ended fault would have acted on.
struct MessageProbe {
  std::size_t sent = 0;  // 0: the fault had nothing to do with it
  std::string met{};     // what still happens to one of them: "a track of FRA/hq to node: lost by jam/partition"; empty: nothing
};

class MessageFaults final : public gateway::MessageStage {
 public:
  struct Config {
    std::string node;      // whose access point it is
    std::string protocol;  // that it speaks
    std::uint64_t seed = 0;
  };
  using Record = std::function<void(v1::RecordEvent event, Now now)>;

  MessageFaults(Config config, Record record) : config_(std::move(config)), record_(std::move(record)) {}

  // A fault with `partition` or `messages`; others are no concern of this stage. Errors: as of ChainOf.
  Status StartFault(const v1::FaultPlan& fault, Now now);
  void EndFault(std::string_view id);

  // Sends messages like those that the fault is for through what acts now; nothing is recorded, and no number used up.
  [[nodiscard]] MessageProbe Probe(const v1::FaultPlan& fault, Now now) const;

  gateway::MessageFate Decide(const v1::Envelope& message, v1::Direction direction, Now now) override;

 private:
  struct Active {
    v1::FaultPlan fault;
    Chain chain;
    Instant since;
    // By direction, originator and precedence: what chance has been asked for so far.
    std::map<std::string, std::vector<std::unique_ptr<Impairment>>> streams;
  };
  // One message, as every rule sees it.
  struct Passing {
    const v1::Envelope& message;
    v1::Direction direction;
    std::uint64_t number;
    Now now;
  };

  [[nodiscard]] std::vector<v1::Envelope> MessagesFor(const v1::FaultPlan& fault) const;
  [[nodiscard]] bool Selects(const v1::FaultPlan& fault, const Passing& passing) const;
  [[nodiscard]] bool Parts(const v1::Partition& partition, const Passing& passing) const;
  void Impair(Active& active, const Passing& passing, gateway::MessageFate& fate);
  std::vector<std::unique_ptr<Impairment>>& StreamOf(Active& active, const Passing& passing);
  void Tell(const Passing& passing, const Decision& decision) const;

  Config config_;
  Record record_;
  std::vector<Active> active_;
  std::array<std::uint64_t, v1::Precedence_ARRAYSIZE> ingested_{};  // so far, whether a fault acts or not
};

}  // namespace entente::harness
