// SPDX-License-Identifier: Apache-2.0
// Both ends on Entente's own client library.

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

#include "base/io/system_clock.h"
#include "broker/certificates/credentials.h"
#include "broker/client/bus_stream.h"
#include "tests/performance/load_side.h"

namespace entente::performance {
namespace {

constexpr auto kAcknowledgeWithin = std::chrono::milliseconds(5);

// A node on the bus, seen from the thread that runs it.
class Node : public broker::BusClientSink {
 public:
  Node(const BusAddress& address, const std::string& node, broker::BusClientConfig config)
      : client_(std::move(config), *this),
        stream_({.endpoint = address.endpoint, .credentials = CredentialsOf(address, node)}, client_, clock_) {
    stream_.Start();
  }

  void Run(std::chrono::nanoseconds at_most) { stream_.Poll(at_most); }
  [[nodiscard]] bool welcomed() const { return client_.welcomed(); }

  void OnWelcome(const v1::Welcome&, Now) override {}
  void OnDelivery(v1::Precedence, std::uint64_t, ByteView, Now) override {}
  void OnReceipt(v1::Precedence, std::uint64_t, std::string_view) override {}
  void OnGoodbye(std::string_view reason) override { fmt::print(stderr, "goodbye: {}\n", reason); }
  void OnWritable() override {}

 private:
  [[nodiscard]] std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(const BusAddress& address, const std::string& node) const {
    if (address.certificates.empty()) return nullptr;
    const CertificateFiles files = FilesOf(address.certificates, node);
    const broker::TlsFiles tls{.certificate = files.certificate, .key = files.key, .authority = files.authority, .revoked = {}};
    auto credentials = broker::MakeChannelCredentials(tls, {}, clock_);
    if (credentials) return *credentials;
    fmt::print(stderr, "bus_load: {}\n", credentials.error().Text());
    std::exit(1);
  }

 protected:
  SystemClock clock_;
  broker::BusClient client_;
  broker::BusStream stream_;
};

class SendingNode final : public Node, public Sender {
 public:
  SendingNode(const BusAddress& address, Board& board)
      : Node(address, std::string(kOrigin), {.node = std::string(kOrigin), .incarnation = kIncarnation}), board_(board) {
    id_.set_origin(std::string(kOrigin));
    id_.set_incarnation(kIncarnation);
    id_.set_precedence(v1::PRECEDENCE_ROUTINE);
    while (!welcomed()) Run(std::chrono::milliseconds(100));
  }

  bool Send(std::uint64_t sequence, ByteView envelope) override {
    id_.set_sequence(sequence);
    if (!client_.Publish(id_, Share(ToBytes(envelope)))) return false;
    sent_ns_[sequence % kRemembered] = SentNs(envelope);
    return true;
  }
  // Looks for the end of what is in flight once a frame's worth waits for it.
  void Flush() override {
    stream_.Flush();
    if (client_.FullFrameWaits()) Run({});
  }
  void Wait(std::chrono::nanoseconds at_most) override { Run(at_most); }
  void Drain() override {
    stream_.Flush();
    while (client_.outstanding() > 0) Run(std::chrono::milliseconds(1));
  }

  void OnReceipt(v1::Precedence, std::uint64_t sequence, std::string_view refused) override {
    ++(refused.empty() ? acknowledged_ : refused_);
    SampleAcknowledgement(board_, sent_ns_[sequence % kRemembered]);
    board_.acknowledged.store(acknowledged_, std::memory_order_relaxed);
    board_.refused.store(refused_, std::memory_order_relaxed);
    board_.CountedOne();
  }

 private:
  // More than the client lets be outstanding.
  static constexpr std::size_t kRemembered = std::size_t{1} << 17;

  Board& board_;
  v1::MessageId id_;
  std::vector<std::int64_t> sent_ns_ = std::vector<std::int64_t>(kRemembered);
  std::uint64_t acknowledged_ = 0;
  std::uint64_t refused_ = 0;
};

class ReceivingNode final : public Node {
 public:
  ReceivingNode(const BusAddress& address, std::size_t place, Receiver& receiver)
      : Node(address, ReceiverName(place),
             {.node = ReceiverName(place), .subscriptions = {v1::Subscription()}, .acknowledge_within = kAcknowledgeWithin}),
        receiver_(receiver) {}

  void OnWelcome(const v1::Welcome&, Now) override { receiver_.Ready(); }
  void OnDelivery(v1::Precedence precedence, std::uint64_t delivery, ByteView envelope, Now) override {
    receiver_.OnEnvelope(envelope);
    client_.Acknowledge(precedence, delivery);
  }

 private:
  Receiver& receiver_;
};

}  // namespace

std::unique_ptr<Sender> ConnectEntenteSender(const BusAddress& address, Board& board) {
  return std::make_unique<SendingNode>(address, board);
}

void ReceiveFromEntente(const BusAddress& address, Board& board, std::size_t place, Receiver& receiver) {
  ReceivingNode node(address, place, receiver);
  while (board.stop.Get() < 2) node.Run(std::chrono::milliseconds(20));
}

}  // namespace entente::performance
