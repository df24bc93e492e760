// SPDX-License-Identifier: Apache-2.0
#pragma once

// A node's backbone link in a live run: real TCP proxies between its gateway and the brokers, with the link's conditions and faults
// on the octets of the gRPC stream, inside of TLS or not. One way to each broker that the gateway may go to; every fault acts on
// all of them. Lives on the gateway's io_context.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run/gateway_access.h"
#include "harness/run/live_link.h"

namespace entente::harness {

class LiveBackbone {
 public:
  // References outlive it.
  LiveBackbone(asio::io_context& context, const Clock& clock, std::string_view node, std::uint64_t seed, Chain chain,
               EventSink record);

  // Opens the ways. What to dial in place of these brokers. Errors: an endpoint that is none.
  Result<BrokerWays> Start(const BrokerWays& brokers);

  void StartFault(const LinkFault& fault, Instant now);
  // As of a link: of the first way, and a probe through each.
  std::string EndFault(std::string_view id, Instant now);
  // Of the way that stands worst, once all are measured.
  void WhenProbed(std::string_view fault, Instant now, LiveLink::OnLinkProbed told);
  void SetRunning(bool running, Instant now);
  void Stop();

  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  asio::io_context& context_;
  const Clock& clock_;
  std::string name_;
  std::uint64_t seed_;
  Chain chain_;
  EventSink record_;
  std::vector<std::unique_ptr<LiveLink>> ways_;
};

}  // namespace entente::harness
