// SPDX-License-Identifier: Apache-2.0
#include "harness/control/control_server.h"

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <algorithm>
#include <condition_variable>
#include <list>
#include <mutex>

#include "base/io/grpc_lifetime.h"
#include "base/limits.h"
#include "broker/certificates/credentials.h"
#include "broker/service/admission.h"
#include "broker/service/handshake_refusals.h"
#include "broker/service/identity_gate.h"
#include "broker/service/listen_address.h"
#include "broker/service/wakeup.h"
#include "harness/control/access.h"
#include "harness/control/unary_method.h"
#include "harness/control/watch_stream.h"

namespace entente::harness {
namespace {

constexpr Duration kLookEvery = std::chrono::milliseconds(100);  // for news in the record, and refused handshakes
constexpr Duration kLastWords = std::chrono::seconds(2);         // how long Stop lets watchers read on
constexpr int kReceiveHeadroomOctets = 64 * 1024;
constexpr int kCallsOfAConnection = 128;

// Loopback only, but with TLS.
Status CheckAddress(const ControlServerConfig& config) {
  if (config.tls || broker::IsLoopback(config.address)) return {};
  return Fail(ErrorCode::kPermissionDenied, "without TLS live control listens on loopback only", config.address,
              "give it a certificate (--tls-certificate), or control it from this machine");
}

}  // namespace

class ControlServer::Impl final : public ControlHost, public WatchStream::Host {
 public:
  Impl(ControlServerConfig config, RunCommands& commands, record::Record& record, const Clock& clock, EventSink sink)
      : config_(std::move(config)), commands_(commands), record_(record), clock_(clock), admission_(std::move(sink)) {}

  Status Start() {
    const auto credentials = MakeCredentials();
    if (!credentials) return std::unexpected(credentials.error());
    grpc::ServerBuilder builder;
    builder.SetMaxReceiveMessageSize(static_cast<int>(limits::kEnvelopeOctets) + kReceiveHeadroomOctets);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // else a taken port would be shared in silence
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kCallsOfAConnection);
    int bound = 0;
    const std::string wanted = config_.address + ":" + std::to_string(config_.port);
    builder.AddListeningPort(wanted, *credentials, &bound);
    builder.RegisterService(&service_);
    loop_ = std::make_unique<broker::ServerLoop>(builder.AddCompletionQueue());
    watch_loop_ = std::make_unique<broker::ServerLoop>(builder.AddCompletionQueue());
    server_ = builder.BuildAndStart();
    if (server_ == nullptr || bound == 0) {
      server_.reset();
      return Fail(ErrorCode::kAlreadyExists, "cannot listen there: the port is taken, or the address is not one of this machine",
                  wanted, "choose another port for --control (0: any free one)");
    }
    endpoint_ = config_.address + ":" + std::to_string(bound);
    methods_ = std::make_unique<Methods>(service_, *loop_, *this);
    AwaitWatch();
    look_ = std::make_unique<broker::Wakeup>(*watch_loop_, [this] { Look(); });
    look_->In(kLookEvery);
    loop_->Run([] {});
    watch_loop_->Run([this] { Forget(); });
    return {};
  }

  void Stop() {
    if (server_ == nullptr) return;
    watch_loop_->Post([this] {
      closing_ = true;
      for (const auto& watch : watches_) watch->EndSoon();
    });
    {
      std::unique_lock lock(mutex_);
      all_told_.wait_for(lock, kLastWords, [this] { return is_all_told_; });
    }
    watch_loop_->Post([this] { look_->Stop(); });
    server_->Shutdown(std::chrono::system_clock::now());
    loop_->Close();
    watch_loop_->Close();
    server_.reset();
  }

  [[nodiscard]] const std::string& endpoint() const { return endpoint_; }

  // On either thread.
  Result<broker::StreamPeer> Admit(const grpc::ServerContext& context, const google::protobuf::Message& request) override {
    const Now now = clock_.Read();
    auto peer = gate_->Ask(context, now.utc);
    Status may = peer ? MayAsk(*peer, request) : Status(std::unexpected(peer.error()));
    if (may) return peer;
    RecordRefusal(peer ? *peer : broker::StreamPeer{.address = context.peer()}, may.error(), now);
    return std::unexpected(may.error());
  }
  RunCommands& commands() override { return commands_; }

  Result<broker::StreamPeer> OnWatch(const grpc::ServerContext& context, const v1::WatchRequest& request) override {
    const bool room = watches_.size() <= kWatchers;
    if (!closing_) AwaitWatch();
    auto peer = Admit(context, request);
    if (!peer || room) return peer;
    return Fail(ErrorCode::kExhausted, std::to_string(kWatchers) + " watch already", {}, "end one of them");
  }
  void OnRefusedWatch(const broker::StreamPeer& peer, const Error& why) override { RecordRefusal(peer, why, clock_.Read()); }
  record::Record& record() override { return record_; }

 private:
  void RecordRefusal(const broker::StreamPeer& peer, const Error& why, Now now) {
    const std::lock_guard lock(mutex_);
    admission_.Refused(peer, {}, why.Text(), now);
  }

  // One of each kind, for as long as the server serves.
  struct Methods {
    Methods(ControlService& service, broker::ServerLoop& loop, ControlHost& host)
        : status(service, &ControlService::RequestGetStatus, loop, host),
          list_faults(service, &ControlService::RequestListFaults, loop, host),
          list_kinds(service, &ControlService::RequestListFaultKinds, loop, host),
          observe(service, &ControlService::RequestObserve, loop, host),
          stop(service, &ControlService::RequestStop, loop, host),
          pause(service, &ControlService::RequestPause, loop, host),
          resume(service, &ControlService::RequestResume, loop, host),
          add_fault(service, &ControlService::RequestAddFault, loop, host),
          clear_faults(service, &ControlService::RequestClearFaults, loop, host),
          fire_inject(service, &ControlService::RequestFireInject, loop, host) {
      status.Await();
      list_faults.Await();
      list_kinds.Await();
      observe.Await();
      stop.Await();
      pause.Await();
      resume.Await();
      add_fault.Await();
      clear_faults.Await();
      fire_inject.Await();
    }

    UnaryMethod<v1::StatusRequest, v1::StatusReply> status;
    UnaryMethod<v1::ListFaultsRequest, v1::ListFaultsReply> list_faults;
    UnaryMethod<v1::ListFaultKindsRequest, v1::ListFaultKindsReply> list_kinds;
    UnaryMethod<v1::ObserveRequest, v1::ObserveReply> observe;
    UnaryMethod<v1::StopRequest, v1::StopReply> stop;
    UnaryMethod<v1::PauseRequest, v1::PauseReply> pause;
    UnaryMethod<v1::ResumeRequest, v1::ResumeReply> resume;
    UnaryMethod<v1::AddFaultRequest, v1::AddFaultReply> add_fault;
    UnaryMethod<v1::ClearFaultsRequest, v1::ClearFaultsReply> clear_faults;
    UnaryMethod<v1::FireInjectRequest, v1::FireInjectReply> fire_inject;
  };

  Result<std::shared_ptr<grpc::ServerCredentials>> MakeCredentials() {
    if (Status fits = CheckAddress(config_); !fits) return std::unexpected(fits.error());
    if (!config_.tls) return grpc::InsecureServerCredentials();
    auto check = broker::CertificateCheck::Open(*config_.tls);
    if (!check) return std::unexpected(check.error());
    gate_ = std::make_unique<broker::IdentityGate>(*check, broker::IdentityBook(config_.policy));
    return broker::MakeServerCredentials(*config_.tls, *check, clock_,
                                         [refusals = handshake_refusals_](const Error& why) { refusals->Add(why.Text()); });
  }

  void AwaitWatch() {
    watches_.push_back(std::make_unique<WatchStream>(service_, *watch_loop_, *this));
    watches_.back()->AwaitCall();
  }

  void Look() {
    for (const auto& watch : watches_) watch->Pump();
    const Now now = clock_.Read();
    for (const std::string& reason : handshake_refusals_->Take()) {
      const std::lock_guard lock(mutex_);
      admission_.Refused({}, {}, reason, now);
    }
    look_->In(kLookEvery);
  }

  void Forget() {
    std::erase_if(watches_, [](const auto& watch) { return watch->over(); });
    if (!closing_ || std::ranges::any_of(watches_, [](const auto& watch) { return watch->has_call(); })) return;
    {
      const std::lock_guard lock(mutex_);
      is_all_told_ = true;
    }
    all_told_.notify_one();
  }

  const GrpcLifetime grpc_;
  const ControlServerConfig config_;
  RunCommands& commands_;
  record::Record& record_;
  const Clock& clock_;
  std::unique_ptr<broker::IdentityGate> gate_ = std::make_unique<broker::IdentityGate>(nullptr, broker::IdentityBook());
  const std::shared_ptr<broker::HandshakeRefusals> handshake_refusals_ = std::make_shared<broker::HandshakeRefusals>();
  std::mutex mutex_;
  broker::Admission admission_;
  bool is_all_told_ = false;
  std::condition_variable all_told_;

  ControlService service_;
  std::unique_ptr<broker::ServerLoop> loop_;
  std::unique_ptr<broker::ServerLoop> watch_loop_;
  std::unique_ptr<grpc::Server> server_;
  std::string endpoint_;
  std::unique_ptr<Methods> methods_;
  std::list<std::unique_ptr<WatchStream>> watches_;  // of the watchers' thread
  std::unique_ptr<broker::Wakeup> look_;
  bool closing_ = false;
};

Result<std::unique_ptr<ControlServer>> ControlServer::Start(ControlServerConfig config, RunCommands& commands,
                                                            record::Record& record, const Clock& clock, EventSink sink) {
  auto impl = std::make_unique<Impl>(std::move(config), commands, record, clock, std::move(sink));
  if (Status started = impl->Start(); !started) return std::unexpected(started.error());
  return std::unique_ptr<ControlServer>(new ControlServer(std::move(impl)));
}

ControlServer::ControlServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

ControlServer::~ControlServer() {
  Stop();
}

std::string ControlServer::endpoint() const {
  return impl_->endpoint();
}

void ControlServer::Stop() {
  impl_->Stop();
}

}  // namespace entente::harness
