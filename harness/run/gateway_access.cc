// SPDX-License-Identifier: Apache-2.0
#include "harness/run/gateway_access.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <asio/post.hpp>
#include <utility>

#include "adapters/gateway/io/file_replay.h"
#include "base/invariant.h"
#include "base/io/log.h"
#include "harness/exercise/quantity.h"

namespace entente::harness {
namespace {

std::string HostOr(const std::string& host, std::string_view otherwise) {
  return host.empty() ? std::string(otherwise) : host;
}

std::optional<gateway::TlsFiles> TlsFilesOf(const PreparedRun& plan, const v1::NodePlan& node) {
  if (!node.has_tls()) return std::nullopt;
  const auto path = [&](const std::string& file) { return file.empty() ? std::filesystem::path{} : plan.PathOf(file); };
  return gateway::TlsFiles{.certificate = path(node.tls().certificate()),
                           .key = path(node.tls().key()),
                           .authority = path(node.tls().authority()),
                           .require_peer_certificate = node.tls().require_peer_certificate(),
                           .peer_name = {}};
}

}  // namespace

AccessEndpoint AccessEndpointOf(const v1::NodePlan& plan) {
  if (plan.has_dial() && plan.transport() != adapter::TransportName(adapter::TransportKind::kUdp)) {
    return {gateway::TransportRole::kDial, plan.dial(), {}};
  }
  return {gateway::TransportRole::kListen, plan.listen(), plan.dial()};
}

gateway::TransportConfig TransportConfigOf(const PreparedRun& plan, const v1::NodePlan& node, const NodeSetup& setup,
                                           const AccessEndpoint& endpoint) {
  gateway::TransportConfig config;
  config.kind = setup.transport;
  config.role = endpoint.role;
  config.port = static_cast<std::uint16_t>(endpoint.at.port());
  if (setup.transport == adapter::TransportKind::kUdpMulticast) {
    config.group = endpoint.at.host();
  } else {
    config.host = HostOr(endpoint.at.host(), "127.0.0.1");
  }
  config.peer_host = endpoint.peer.host();
  config.peer_port = static_cast<std::uint16_t>(endpoint.peer.port());
  if (setup.transport == adapter::TransportKind::kTls) config.tls = TlsFilesOf(plan, node);
  return config;
}

v1::Endpoint EndpointOf(std::string_view bound) {
  const auto endpoint = ParseEndpoint(bound);
  ENTENTE_INVARIANT(endpoint.has_value());
  return *endpoint;
}

GatewayAccess::GatewayAccess(asio::io_context& context, const Clock& clock, const PreparedRun& plan, std::size_t index,
                             gateway::GatewayShared& shared, std::uint64_t incarnation)
    : context_(context),
      clock_(clock),
      plan_(plan),
      node_(plan.exercise.nodes(static_cast<int>(index))),
      setup_(plan.setups[index]),
      attached_({&setup_, &node_, &plan.exercise.policy(), incarnation, plan.exercise.seed()}, shared, clock),
      face_(&attached_.access()) {}

Status GatewayAccess::Start(const AccessEndpoint& endpoint, const BrokerWays& brokers) {
  const std::string where = fmt::format("{}", fmt::join(brokers.endpoints, ", "));
  stream_ = std::make_unique<broker::BusStream>(
      broker::BusStreamConfig{.endpoint = brokers.endpoints.front(),
                              .credentials = brokers.credentials,
                              .others = {brokers.endpoints.begin() + 1, brokers.endpoints.end()},
                              .hosts = brokers.hosts,
                              .on_closed = [this, where](const std::string& reason) { OnBusClosed(where, reason); }},
      attached_.client(), clock_, [this](std::function<void()> work) { asio::post(context_, std::move(work)); });
  attached_.SetOnOutgoing([this] { FlushSoon(); });
  stream_->Start();
  if (node_.has_replay()) return {};
  transport_ = gateway::MakeTransport(context_, clock_, TransportConfigOf(plan_, node_, setup_, endpoint), *face_);
  return Named(transport_->Start());
}

// Attempts go on; the same reason is said once.
void GatewayAccess::OnBusClosed(const std::string& broker_endpoint, const std::string& reason) {
  if (std::exchange(bus_trouble_, reason) != reason) spdlog::warn("{}: broker {}: {}", node_.node(), broker_endpoint, reason);
}

Status GatewayAccess::StartReplay() {
  if (!node_.has_replay()) return {};
  const auto pace = gateway::PaceOf(node_.replay());
  if (!pace) return Named(std::unexpected(pace.error()));
  transport_ = gateway::MakeFileReplay(context_, clock_, {plan_.PathOf(node_.replay().file()), *pace, alter_}, *setup_.adapter,
                                       attached_.access());
  return Named(transport_->Start());
}

void GatewayAccess::Stop(std::string_view reason, Now now) {
  attached_.access().Close(reason, now);
  if (transport_) transport_->Stop();
  if (stream_) stream_->Stop();
  attached_.SetOnOutgoing({});
}

void GatewayAccess::ProbeClock(Now now) {
  attached_.client().ProbeClock(now);
  if (stream_) stream_->Flush();
}

bool GatewayAccess::Forward(std::string event) {
  const bool taken = attached_.client().AppendEvent(std::move(event));
  FlushSoon();
  return taken;
}

void GatewayAccess::FlushSoon() {
  if (!stream_ || std::exchange(flush_due_, true)) return;
  asio::post(context_, [this] {
    flush_due_ = false;
    stream_->Flush();
  });
}

Status GatewayAccess::Named(Status status) const {
  if (status) return status;
  Error error = status.error();
  error.where = fmt::format("node {}{}{}", node_.node(), error.where.empty() ? "" : ", ", error.where);
  return std::unexpected(std::move(error));
}

}  // namespace entente::harness
