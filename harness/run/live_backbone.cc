// SPDX-License-Identifier: Apache-2.0
#include "harness/run/live_backbone.h"

#include <fmt/format.h>

#include <utility>

#include "harness/exercise/quantity.h"
#include "harness/run/node_setup.h"

namespace entente::harness {

LiveBackbone::LiveBackbone(asio::io_context& context, const Clock& clock, std::string_view node, std::uint64_t seed, Chain chain,
                           EventSink record)
    : context_(context),
      clock_(clock),
      name_(BackboneNameOf(node)),
      seed_(seed),
      chain_(std::move(chain)),
      record_(std::move(record)) {}

Result<BrokerWays> LiveBackbone::Start(const BrokerWays& brokers) {
  BrokerWays ways{.endpoints = {}, .hosts = {}, .credentials = brokers.credentials};
  for (const std::string& broker : brokers.endpoints) {
    const auto target = ParseEndpoint(broker);
    if (!target) {
      return Fail(ErrorCode::kInvalidArgument, fmt::format("\"{}\" is not an endpoint", broker), name_,
                  "write it like 127.0.0.1:7400");
    }
    ways_.push_back(std::make_unique<LiveLink>(context_, clock_, name_, LinkCarrier::kStream, seed_, chain_, record_));
    const auto facing_gateway = ways_.back()->StartStream({}, *target, true);
    if (!facing_gateway) return std::unexpected(facing_gateway.error());
    ways.endpoints.push_back(fmt::format("{}:{}", facing_gateway->host(), facing_gateway->port()));
    ways.hosts.push_back(target->host());
  }
  return ways;
}

void LiveBackbone::StartFault(const LinkFault& fault, Instant now) {
  for (auto& way : ways_) way->StartFault(fault, now);
}

std::string LiveBackbone::EndFault(std::string_view id, Instant now) {
  std::string found;
  for (auto& way : ways_) {
    std::string of_way = way->EndFault(id, now);
    if (found.empty()) found = std::move(of_way);
  }
  return found;
}

void LiveBackbone::WhenProbed(std::string_view fault, Instant now, LiveLink::OnLinkProbed told) {
  struct Awaited {
    std::size_t ways;
    v1::LinkProbe worst;
  };
  const auto awaited = std::make_shared<Awaited>(ways_.size());
  for (auto& way : ways_) {
    way->WhenProbed(fault, now, [awaited, told](const v1::LinkProbe& found) {
      if (awaited->worst.link().empty() || !found.restored()) awaited->worst = found;
      if (--awaited->ways == 0) told(awaited->worst);
    });
  }
}

void LiveBackbone::SetRunning(bool running, Instant now) {
  for (auto& way : ways_) way->SetRunning(running, now);
}

void LiveBackbone::Stop() {
  for (auto& way : ways_) way->Stop();
}

}  // namespace entente::harness
