// SPDX-License-Identifier: Apache-2.0
#pragma once

// How much nodes may publish: a rate for each stream and one for each nation, and how many nodes of a nation may be attached.
// Nothing is refused for being fast: whoever is over its rate is not read from until it is not, so that the back-pressure of its
// connection slows it down, and nobody else. Sans-clock; one thread.

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/token_bucket.h"
#include "entente/v1/policy.pb.h"

namespace entente::broker {

class PublishQuota {
 public:
  // `of_a_stream` holds for each node, the policy's limits for all nodes of a nation together. 0 is no limit.
  PublishQuota(v1::StreamLimits of_a_stream, const v1::ExercisePolicy& policy);

  // An error when the nation has its number of nodes attached. `again`: the node is attached already.
  [[nodiscard]] Status MayAttach(std::string_view node, bool again) const;
  void Attached(std::string_view node);
  void Detached(std::string_view node);

  void Published(std::string_view node, std::uint64_t messages, std::uint64_t octets, Instant now);
  // False: the node, or its nation, has published what the record does not have yet, and no more of it may wait.
  using OutstandingOf = std::function<std::size_t(std::string_view node)>;
  [[nodiscard]] bool HasRoom(std::string_view node, const OutstandingOf& octets_of) const;
  // How long to leave the node's next frame unread.
  [[nodiscard]] Duration Pause(std::string_view node, Instant now) const;

 private:
  struct Meter {
    explicit Meter(const v1::StreamLimits& limits);
    TokenBucket messages;
    TokenBucket octets;
  };
  struct Nation {
    explicit Nation(const v1::StreamLimits& limits)
        : meter(limits), outstanding_octets(limits.outstanding_octets()), streams(limits.streams()) {}
    Meter meter;
    std::uint64_t outstanding_octets;  // 0: any number
    std::uint32_t streams;             // 0: any number
    std::uint32_t attached = 0;
  };
  [[nodiscard]] const Nation* NationFor(std::string_view node) const;

  const v1::StreamLimits of_a_stream_;
  const bool has_rates_;                                // of anybody: else nothing is counted
  std::map<std::string, Nation, std::less<>> nations_;  // those with limits
  std::map<std::string, Meter, std::less<>> nodes_;     // attached
};

}  // namespace entente::broker
