// SPDX-License-Identifier: Apache-2.0
// Both ends on NATS' own C client.

#include <fmt/format.h>
#include <nats/nats.h>

#include <cstdlib>

#include "tests/performance/load_side.h"

namespace entente::performance {
namespace {

constexpr auto kSubject = "load";
constexpr std::int64_t kDrainTimeoutMs = 10'000;
constexpr std::int64_t kPendingAtJetStream = 4000;
constexpr int kStreamAttempts = 100;
constexpr std::chrono::milliseconds kStreamRetry(100);

void Need(natsStatus status, const char* what) {
  if (status == NATS_OK) return;
  fmt::print(stderr, "bus_load: {}: {}\n", what, natsStatus_GetText(status));
  std::exit(1);
}

class NatsConnection {
 public:
  NatsConnection(const BusAddress& address, bool send_at_once, const std::string& node) {
    natsOptions* options = nullptr;
    Need(natsOptions_Create(&options), "options");
    Need(natsOptions_SetURL(options, fmt::format("nats://{}", address.endpoint).c_str()), "url");
    Need(natsOptions_SetSendAsap(options, send_at_once), "send asap");
    if (!address.certificates.empty()) {
      const CertificateFiles files = FilesOf(address.certificates, node);
      Need(natsOptions_SetSecure(options, true), "TLS");
      Need(natsOptions_LoadCATrustedCertificates(options, files.authority.c_str()), "the authority's certificate");
      Need(natsOptions_LoadCertificatesChain(options, files.certificate.c_str(), files.key.c_str()), "certificate and key");
    }
    Need(natsConnection_Connect(&connection_, options), "connect");
    natsOptions_Destroy(options);
  }
  ~NatsConnection() { natsConnection_Destroy(connection_); }
  NatsConnection(const NatsConnection&) = delete;
  NatsConnection& operator=(const NatsConnection&) = delete;
  [[nodiscard]] natsConnection* get() const { return connection_; }

 private:
  natsConnection* connection_ = nullptr;
};

class NatsSender final : public Sender {
 public:
  NatsSender(const BusAddress& address, bool send_at_once) : connection_(address, send_at_once, std::string(kOrigin)) {}

  bool Send(std::uint64_t, ByteView envelope) override {
    Need(natsConnection_Publish(connection_.get(), kSubject, envelope.data(), static_cast<int>(envelope.size())), "publish");
    return true;
  }
  void Flush() override {}  // the library's own thread does
  void Drain() override { Need(natsConnection_FlushTimeout(connection_.get(), kDrainTimeoutMs), "flush"); }

 private:
  NatsConnection connection_;
};

// Acknowledged by the stream, asynchronously.
class JetStreamSender final : public Sender {
 public:
  JetStreamSender(const BusAddress& address, Board& board) : connection_(address, false, std::string(kOrigin)) {
    jsOptions options;
    jsOptions_Init(&options);
    options.PublishAsync.MaxPending = kPendingAtJetStream;
    options.PublishAsync.AckHandler = &OnAcknowledged;
    options.PublishAsync.AckHandlerClosure = &board;
    Need(natsConnection_JetStream(&context_, connection_.get(), &options), "JetStream");
    AddStream(address.replicas);
  }
  ~JetStreamSender() override { jsCtx_Destroy(context_); }
  JetStreamSender(const JetStreamSender&) = delete;
  JetStreamSender& operator=(const JetStreamSender&) = delete;

  bool Send(std::uint64_t, ByteView envelope) override {
    Need(js_PublishAsync(context_, kSubject, envelope.data(), static_cast<int>(envelope.size()), nullptr), "publish");
    return true;
  }
  void Flush() override {}
  void Drain() override { Need(js_PublishAsyncComplete(context_, nullptr), "acknowledgements"); }

 private:
  // A cluster may still be choosing its leader.
  void AddStream(int replicas) {
    const char* subjects[] = {kSubject};
    jsStreamConfig stream;
    jsStreamConfig_Init(&stream);
    stream.Name = kSubject;
    stream.Subjects = subjects;
    stream.SubjectsLen = 1;
    stream.Storage = js_FileStorage;
    stream.Replicas = replicas;
    natsStatus status = NATS_TIMEOUT;
    for (int attempt = 0; attempt < kStreamAttempts && status != NATS_OK; ++attempt) {
      jsStreamInfo* info = nullptr;
      status = js_AddStream(&info, context_, &stream, nullptr, nullptr);
      jsStreamInfo_Destroy(info);
      if (status != NATS_OK) Wait(kStreamRetry);
    }
    Need(status, "stream");
  }

  // On a thread of the library, one at a time.
  static void OnAcknowledged(jsCtx*, natsMsg* message, jsPubAck* acknowledgement, jsPubAckErr*, void* closure) {
    Board& board = *static_cast<Board*>(closure);
    if (acknowledgement == nullptr) {
      board.refused.fetch_add(1, std::memory_order_relaxed);
    } else {
      board.acknowledged.fetch_add(1, std::memory_order_relaxed);
      const auto* octets = reinterpret_cast<const std::uint8_t*>(natsMsg_GetData(message));
      SampleAcknowledgement(board, SentNs({octets, static_cast<std::size_t>(natsMsg_GetDataLength(message))}));
    }
    board.CountedOne();
    natsMsg_Destroy(message);
  }

  NatsConnection connection_;
  jsCtx* context_ = nullptr;
};

}  // namespace

std::unique_ptr<Sender> ConnectNatsSender(const BusAddress& address, Board&, bool send_at_once) {
  return std::make_unique<NatsSender>(address, send_at_once);
}

std::unique_ptr<Sender> ConnectJetStreamSender(const BusAddress& address, Board& board) {
  return std::make_unique<JetStreamSender>(address, board);
}

void ReceiveFromNats(const BusAddress& address, Board& board, std::size_t place, Receiver& receiver) {
  const NatsConnection connection(address, true, ReceiverName(place));
  natsSubscription* subscription = nullptr;
  const auto on_message = [](natsConnection*, natsSubscription*, natsMsg* message, void* closure) {
    const auto* octets = reinterpret_cast<const std::uint8_t*>(natsMsg_GetData(message));
    static_cast<Receiver*>(closure)->OnEnvelope({octets, static_cast<std::size_t>(natsMsg_GetDataLength(message))});
    natsMsg_Destroy(message);
  };
  Need(natsConnection_Subscribe(&subscription, connection.get(), kSubject, on_message, &receiver), "subscribe");
  Need(natsSubscription_SetPendingLimits(subscription, -1, -1), "pending limits");
  Need(natsConnection_FlushTimeout(connection.get(), kDrainTimeoutMs), "flush");
  receiver.Ready();
  board.stop.AwaitAtLeast(2);
  natsSubscription_Destroy(subscription);
}

}  // namespace entente::performance
