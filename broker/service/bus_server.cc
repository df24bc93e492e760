// SPDX-License-Identifier: Apache-2.0
#include "broker/service/bus_server.h"

#include <fmt/format.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <list>
#include <map>
#include <set>

#include "base/io/grpc_lifetime.h"
#include "base/io/log.h"
#include "broker/certificates/credentials.h"
#include "broker/core/appended_event.h"
#include "broker/core/publish_quota.h"
#include "broker/service/admission.h"
#include "broker/service/explain_call.h"
#include "broker/service/handshake_refusals.h"
#include "broker/service/health_service.h"
#include "broker/service/identity_gate.h"
#include "broker/service/listen_address.h"
#include "broker/service/node_stream.h"
#include "broker/service/server_loop.h"
#include "broker/service/wakeup.h"

namespace entente::broker {
namespace {

// Streams that have not said hello yet; more: the peer that has most of them loses its oldest.
constexpr std::size_t kStreamsWithoutHello = 64;
// Streams beside one per node: those without hello, and those that are on their way out. More: cut without a word.
constexpr std::size_t kStreamsBesideNodes = 512;
// Of reflection, whose calls are answered on threads of their own; more: refused. They never touch the queue of the streams.
constexpr int kReflectionThreads = 4;
// Whoever is over its rate is looked at again after this, at the latest.
constexpr Duration kLongestPause = std::chrono::milliseconds(100);
// gRPC refuses larger messages before we see them; slightly above our own limit, so that ours gives the reason.
constexpr int kReceiveHeadroomOctets = 64 * 1024;

int Milliseconds(Duration duration) {
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(duration).count());
}

// Without TLS anybody who reaches the port can read and write the exercise.
Status CheckAddress(const BusServerConfig& config) {
  if (config.tls || IsLoopback(config.address)) return {};
  if (!config.insecure_any_interface) {
    return Fail(ErrorCode::kPermissionDenied, "without TLS the broker listens on loopback only", config.address,
                "give it a certificate (--tls-certificate), listen on 127.0.0.1, or say --insecure-any-interface if anybody who "
                "reaches the port may read and write the exercise");
  }
  spdlog::warn("INSECURE: listening on {} without TLS: anybody who reaches the port can read and write the exercise",
               config.address);
  return {};
}

// As seldom as refusals are recorded, whatever peers do. Control characters would let one write lines of its own into our log.
void LogRefusal(const v1::PeerRefused& refused) {
  std::string line = fmt::format("refused {}{}{}: {}", refused.peer().empty() ? "a peer" : refused.peer(),
                                 refused.identity().empty() ? "" : " with the certificate of " + refused.identity(),
                                 refused.node().empty() ? "" : " as " + refused.node(), refused.reason());
  std::ranges::replace_if(line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; }, ' ');
  spdlog::warn("{}", line);
}

void Configure(grpc::ServerBuilder& builder, const BusServerConfig& config) {
  builder.SetMaxReceiveMessageSize(static_cast<int>(config.relay.limits.frame_octets) + kReceiveHeadroomOctets);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // else a taken port would be shared in silence
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, Milliseconds(config.keep_alive));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, Milliseconds(config.keep_alive_timeout));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, Milliseconds(config.keep_alive) / 2);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, static_cast<int>(config.relay.limits.nodes + kStreamsBesideNodes));
}

void ConfigureReflection(grpc::ServerBuilder& builder) {
  builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, 1);
  grpc::ResourceQuota quota("reflection");
  quota.SetMaxThreads(kReflectionThreads);
  builder.SetResourceQuota(quota);
}

}  // namespace

class BusServer::Impl final : public NodeStream::Host {
 public:
  Impl(BusServerConfig config, const ReleaseGuard& guard, const Clock& clock, EventSink sink, AppendEvent append)
      : config_(std::move(config)),
        clock_(clock),
        append_(std::move(append)),
        admission_([this](v1::RecordEvent& event) {
          LogRefusal(event.peer_refused());
          relay_.Witness(event);
        }),
        quota_(config_.stream_limits, config_.policy),
        relay_(config_.relay, guard, std::move(sink)) {}

  Status Start() {
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    const auto credentials = MakeCredentials();
    if (!credentials) return std::unexpected(credentials.error());
    if (config_.restore) {
      if (Status restored = config_.restore(relay_); !restored) return restored;
    }
    grpc::ServerBuilder builder;
    Configure(builder, config_);
    ConfigureReflection(builder);
    int bound = 0;
    const std::string endpoint = config_.address + ":" + std::to_string(config_.port);
    builder.AddListeningPort(endpoint, *credentials, &bound);
    builder.RegisterService(&service_);
    builder.RegisterService(&health_service_);
    loop_ = std::make_unique<ServerLoop>(builder.AddCompletionQueue());
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || bound == 0) {
      server_.reset();
      return Fail(ErrorCode::kAlreadyExists, "cannot listen there: the port is taken, or the address is not one of this machine",
                  endpoint, "choose another port (0: any free one), or stop the process that listens there");
    }
    port_ = static_cast<std::uint16_t>(bound);
    explain_ = std::make_unique<ExplainCall>(service_, *loop_, relay_);
    explain_->Await();
    health_ = std::make_unique<HealthCalls>(health_service_, *loop_);
    health_->Await();
    AwaitStream();
    check_ = std::make_unique<Wakeup>(*loop_, [this] { CheckPeers(); });
    check_->In(config_.check_every);
    resume_ = std::make_unique<Wakeup>(*loop_, [this] { Resume(); });
    loop_->Run([this] { AfterRound(); });
    return {};
  }

  void Stop(std::string_view reason) {
    if (server_ == nullptr) return;
    Post([this, text = std::string(reason)](Relay& relay) {
      closing_ = true;
      check_->Stop();
      resume_->Stop();
      relay.CloseAll(text);
      for (const auto& stream : streams_) stream->TurnAway(text);
    });
    {
      std::unique_lock lock(mutex_);
      drained_.wait_for(lock, config_.drain, [this] { return is_drained_; });
    }
    server_->Shutdown(std::chrono::system_clock::now());
    loop_->Close();
    server_.reset();
  }

  void Post(std::function<void(Relay&)> work) {
    loop_->Post([this, work = std::move(work)] { work(relay_); });
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const std::string& address() const { return config_.address; }

 private:
  Result<std::shared_ptr<grpc::ServerCredentials>> MakeCredentials() {
    if (!config_.tls) return grpc::InsecureServerCredentials();
    auto check = CertificateCheck::Open(*config_.tls);
    if (!check) return std::unexpected(check.error());
    gate_ = std::make_unique<IdentityGate>(*check, IdentityBook(config_.policy));
    return MakeServerCredentials(*config_.tls, *check, clock_,
                                 [refusals = handshake_refusals_](const Error& why) { refusals->Add(why.Text()); });
  }

  void CheckPeers() {
    const Now now = clock_.Read();
    for (const std::string& reason : handshake_refusals_->Take()) admission_.Refused({}, {}, reason, now);
    CloseUntrusted(now);
    CutStalled(now);
    check_->In(config_.check_every);
  }

  // Nobody else waits for it, but its queue and what gRPC holds of it should not lie there for ever.
  void CutStalled(Now now) {
    std::vector<NodeStream*> stalled;
    for (const auto& [node, stream] : by_node_) {
      if (stream->WriteWaits(now.instant) > config_.stalled_after) stalled.push_back(stream);
    }
    for (NodeStream* stream : stalled) {
      constexpr std::string_view kReason = "the peer takes nothing: a write has waited for too long";
      OnRefused(*stream, stream->node(), kReason);
      stream->Cut(kReason);
    }
  }

  // Who is attached although the certificate has expired or was revoked since must go.
  void CloseUntrusted(Now now) {
    if (!gate_->TrustChanged() && now.utc < next_expiry_) return;
    next_expiry_ = UtcTime::max();
    for (const auto& [node, stream] : by_node_) {
      const auto peer = gate_->Ask(stream->context(), now.utc);
      if (peer) {
        next_expiry_ = std::min(next_expiry_, peer->valid_until);
        continue;
      }
      OnRefused(*stream, node, peer.error().Text());
      relay_.Close(node, peer.error().Text());
    }
  }

  void AwaitStream() {
    streams_.push_back(std::make_unique<NodeStream>(service_, *loop_, *this, config_.hello_within));
    streams_.back()->AwaitCall();
  }

  bool OnCall(NodeStream&) override {
    if (!loop_->open()) return false;
    const bool room = streams_.size() <= config_.relay.limits.nodes + kStreamsBesideNodes;
    AwaitStream();
    MakeRoom();
    return room && !closing_;
  }

  // For those who say hello at once, however many do not.
  void MakeRoom() {
    const auto waiting = std::ranges::count_if(streams_, [](const auto& stream) { return stream->awaits_hello(); });
    if (static_cast<std::size_t>(waiting) <= kStreamsWithoutHello) return;
    std::map<std::string, std::vector<NodeStream*>> of_peer;
    for (const auto& stream : streams_) {
      if (stream->awaits_hello()) of_peer[stream->peer()].push_back(stream.get());
    }
    std::ranges::max_element(of_peer, {}, [](const auto& peer) { return peer.second.size(); })->second.front()->GiveWay();
  }

  void OnRefused(const NodeStream& stream, std::string_view node, std::string_view reason) override {
    const Now now = clock_.Read();
    const auto peer = gate_->Ask(stream.context(), now.utc);
    admission_.Refused(peer ? *peer : StreamPeer{.address = stream.peer()}, node, reason, now);
  }

  Result<Attached> Attach(NodeStream& stream, const v1::Hello& hello) override {
    const Now now = clock_.Read();
    if (Status may = admission_.MayAttach(hello.node(), now.instant); !may) return std::unexpected(may.error());
    const auto peer = gate_->Ask(stream.context(), now.utc);
    if (!peer) return std::unexpected(peer.error());
    const bool again = by_node_.contains(hello.node());
    if (Status may = quota_.MayAttach(hello.node(), again); !may) return std::unexpected(may.error());
    auto attached = relay_.Attach(hello, *peer, now);
    if (!attached) return attached;
    quota_.Attached(hello.node());
    identities_[hello.node()] = peer->identity;
    admission_.Attached(hello.node(), now.instant);
    next_expiry_ = std::min(next_expiry_, peer->valid_until);
    NodeStream*& current = by_node_[hello.node()];
    if (attached->superseded) current->Abandon();
    current = &stream;
    return attached;
  }

  void OnFrame(NodeStream& stream, const SharedSlice& frame) override {
    record_events_.clear();
    const Now now = clock_.Read();
    const std::uint64_t before = Judged();
    // On an error the relay has a goodbye with its text ready: the next frame written is the last.
    static_cast<void>(relay_.OnFrame(stream.node(), frame, now, append_ ? &record_events_ : nullptr));
    quota_.Published(stream.node(), Judged() - before, frame.size(), now.instant);
    for (std::string& event : record_events_) {
      if (const Status may = MayAppend(stream, event); !may) {
        OnRefused(stream, stream.node(), may.error().Text());
        return relay_.Close(stream.node(), may.error().Text());
      }
      append_(stream.node(), std::move(event));
    }
  }

  // Without TLS nothing is proven, and everything is allowed.
  Status MayAppend(const NodeStream& stream, const std::string& octets) {
    if (!gate_->asks()) return {};
    v1::RecordEvent event;
    if (!event.ParseFromString(octets)) {
      return Fail(ErrorCode::kDataLoss, "an event for the record that is none", "node " + stream.node(),
                  "send octets of entente.v1.RecordEvent");
    }
    return CheckAppended(event, identities_[stream.node()]);
  }

  // Messages that the relay has had before it, whatever it made of them.
  [[nodiscard]] std::uint64_t Judged() const {
    const RelayCounters& counters = relay_.counters();
    return counters.accepted + counters.refused + counters.duplicates;
  }

  bool WantsFrames(const NodeStream& stream) override {
    if (!relay_.WantsFrames(stream.node())) return false;
    const bool has_room = quota_.HasRoom(stream.node(), [this](std::string_view node) { return relay_.UnrecordedOctets(node); });
    const Duration pause = has_room ? quota_.Pause(stream.node(), clock_.Read().instant) : kLongestPause;
    if (pause == Duration::zero()) return true;
    paused_.insert(stream.node());
    resume_->In(std::min(pause, kLongestPause));
    return false;
  }

  // Those that are still over their rate pause again.
  void Resume() {
    for (const std::string& node : std::exchange(paused_, {})) {
      if (const auto stream = by_node_.find(node); stream != by_node_.end()) stream->second->Pump();
    }
  }

  std::optional<OutboundFrame> NextFrame(NodeStream& stream) override { return relay_.NextFrame(stream.node(), clock_.Read()); }

  void Detach(NodeStream& stream, std::string_view reason) override {
    by_node_.erase(stream.node());
    quota_.Detached(stream.node());
    identities_.erase(stream.node());
    relay_.Detach(stream.node(), reason, clock_.Read());
  }

  void OnOver() override { ++ending_; }

  // What is ready goes out before anybody else is told of the round.
  void AfterRound() {
    PumpReady();
    if (config_.after_round) {
      config_.after_round(relay_);
      PumpReady();
    }
    health_->Report(!closing_ && !relay_.refuses_messages());
    if (ending_ > 0) ending_ -= std::erase_if(streams_, [](const std::unique_ptr<NodeStream>& stream) { return stream->over(); });
    if (closing_) TellDrained();
  }

  void PumpReady() {
    for (const std::string_view node : relay_.TakeReady()) {
      if (const auto stream = by_node_.find(node); stream != by_node_.end()) stream->second->Pump();
    }
  }

  void TellDrained() {
    if (!health_->quiet()) return;
    if (std::ranges::any_of(streams_, &NodeStream::has_call, [](const auto& s) -> const NodeStream& { return *s; })) return;
    const std::lock_guard lock(mutex_);
    is_drained_ = true;
    drained_.notify_all();
  }

  const GrpcLifetime grpc_;
  const BusServerConfig config_;
  const Clock& clock_;
  const AppendEvent append_;
  std::uint16_t port_ = 0;
  BusService service_;
  HealthService health_service_;
  std::unique_ptr<ServerLoop> loop_;
  std::unique_ptr<grpc::Server> server_;

  // The polling thread's alone.
  Admission admission_;
  PublishQuota quota_;
  std::set<std::string> paused_;  // not read from: over their limits
  Relay relay_;
  std::unique_ptr<IdentityGate> gate_ = std::make_unique<IdentityGate>(nullptr, IdentityBook{});
  const std::shared_ptr<HandshakeRefusals> handshake_refusals_ = std::make_shared<HandshakeRefusals>();
  std::unique_ptr<Wakeup> check_;
  std::unique_ptr<Wakeup> resume_;
  UtcTime next_expiry_ = UtcTime::max();
  std::unique_ptr<ExplainCall> explain_;
  std::unique_ptr<HealthCalls> health_;
  std::list<std::unique_ptr<NodeStream>> streams_;
  std::size_t ending_ = 0;  // of them
  std::map<std::string, NodeStream*, std::less<>> by_node_;
  std::map<std::string, Identity> identities_;  // of whom is attached
  std::vector<std::string> record_events_;
  bool closing_ = false;

  std::mutex mutex_;
  std::condition_variable drained_;
  bool is_drained_ = false;
};

Result<std::unique_ptr<BusServer>> BusServer::Start(BusServerConfig config, const ReleaseGuard& guard, const Clock& clock,
                                                    EventSink sink, AppendEvent append) {
  if (const Status allowed = CheckAddress(config); !allowed) return std::unexpected(allowed.error());
  auto impl = std::make_unique<Impl>(std::move(config), guard, clock, std::move(sink), std::move(append));
  if (Status started = impl->Start(); !started) return std::unexpected(started.error());
  return std::unique_ptr<BusServer>(new BusServer(std::move(impl)));
}

BusServer::BusServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
BusServer::~BusServer() {
  impl_->Stop("broker stops");
}

std::uint16_t BusServer::port() const {
  return impl_->port();
}
std::string BusServer::endpoint() const {
  return impl_->address() + ":" + std::to_string(impl_->port());
}
void BusServer::Post(std::function<void(Relay&)> work) {
  impl_->Post(std::move(work));
}
void BusServer::Stop(std::string_view reason) {
  impl_->Stop(reason);
}

}  // namespace entente::broker
