// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who may attach how often, and what is written down about those who may not: a peer that keeps knocking neither keeps the relay
// busy (each attachment without a cursor is shown the current picture) nor fills the record. One thread.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/token_bucket.h"
#include "broker/core/relay.h"
#include "proto/event_sink.h"

namespace entente::broker {

// Of one node: more are refused until time has passed.
inline constexpr TokenBucket::Rate kAttachments{.burst = 64, .per_second = 4};
// Recorded one by one, of all peers together; more are counted.
inline constexpr TokenBucket::Rate kRecordedRefusals{.burst = 256, .per_second = 8};

class Admission {
 public:
  // `sink` gets PeerRefused events: each of them, until there are too many; then now and then one that says how many there were.
  explicit Admission(EventSink sink) : sink_(std::move(sink)) {}

  // An error when the node attached too often of late.
  [[nodiscard]] Status MayAttach(const std::string& node, Instant now) const;
  void Attached(const std::string& node, Instant now);
  void Refused(const StreamPeer& peer, std::string_view node, std::string_view reason, Now now);

 private:
  const EventSink sink_;
  std::map<std::string, TokenBucket, std::less<>> attachments_;  // one per node that ever attached, which the relay bounds
  TokenBucket refusals_{kRecordedRefusals};
  std::uint64_t unsaid_ = 0;
};

}  // namespace entente::broker
