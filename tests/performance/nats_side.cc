// SPDX-License-Identifier: Apache-2.0
// Both ends on NATS' own C client.

#include <fmt/format.h>
#include <nats/nats.h>

#include <cstdlib>
#include <thread>

#include "tests/performance/load_side.h"

namespace entente::performance {
namespace {

constexpr auto kSubject = "load";
constexpr std::int64_t kDrainTimeoutMs = 10'000;
constexpr std::int64_t kPendingAtJetStream = 4000;

void Need(natsStatus status, const char* what) {
  if (status == NATS_OK) return;
  fmt::print(stderr, "bus_load: {}: {}\n", what, natsStatus_GetText(status));
  std::exit(1);
}

class NatsConnection {
 public:
  NatsConnection(const BusAddress& address, bool send_at_once, const char* name) {
    natsOptions* options = nullptr;
    Need(natsOptions_Create(&options), "options");
    Need(natsOptions_SetURL(options, fmt::format("nats://{}", address.endpoint).c_str()), "url");
    Need(natsOptions_SetSendAsap(options, send_at_once), "send asap");
    if (!address.certificates.empty()) {
      const std::string& folder = address.certificates;
      Need(natsOptions_SetSecure(options, true), "TLS");
      Need(natsOptions_LoadCATrustedCertificates(options, (folder + "/ca.pem").c_str()), "the CA's certificate");
      Need(natsOptions_LoadCertificatesChain(options, fmt::format("{}/{}.pem", folder, name).c_str(),
                                             fmt::format("{}/{}.key", folder, name).c_str()),
           "certificate and key");
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
  NatsSender(const BusAddress& address, bool send_at_once) : connection_(address, send_at_once, "sender") {}

  bool Send(std::uint64_t, ByteView envelope) override {
    Need(natsConnection_Publish(connection_.get(), kSubject, envelope.data(), static_cast<int>(envelope.size())), "publish");
    return true;
  }
  void Flush() override {}  // the library's own thread does
  void Wait(std::chrono::nanoseconds at_most) override { std::this_thread::sleep_for(at_most); }
  void Drain() override { Need(natsConnection_FlushTimeout(connection_.get(), kDrainTimeoutMs), "flush"); }

 private:
  NatsConnection connection_;
};

// Acknowledged by the stream, asynchronously.
class JetStreamSender final : public Sender {
 public:
  JetStreamSender(const BusAddress& address, Board& board) : connection_(address, false, "sender") {
    jsOptions options;
    jsOptions_Init(&options);
    options.PublishAsync.MaxPending = kPendingAtJetStream;
    options.PublishAsync.AckHandler = &OnAcknowledged;
    options.PublishAsync.AckHandlerClosure = &board;
    Need(natsConnection_JetStream(&context_, connection_.get(), &options), "JetStream");
  }
  ~JetStreamSender() override { jsCtx_Destroy(context_); }
  JetStreamSender(const JetStreamSender&) = delete;
  JetStreamSender& operator=(const JetStreamSender&) = delete;

  bool Send(std::uint64_t, ByteView envelope) override {
    Need(js_PublishAsync(context_, kSubject, envelope.data(), static_cast<int>(envelope.size()), nullptr), "publish");
    return true;
  }
  void Flush() override {}
  void Wait(std::chrono::nanoseconds at_most) override { std::this_thread::sleep_for(at_most); }
  void Drain() override { Need(js_PublishAsyncComplete(context_, nullptr), "acknowledgements"); }

 private:
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
  const NatsConnection connection(address, true, fmt::format("r{}", place).c_str());
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
  while (board.stop.load(std::memory_order_relaxed) < 2) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  natsSubscription_Destroy(subscription);
}

}  // namespace entente::performance
