// SPDX-License-Identifier: Apache-2.0
// Whatever a broker sends, a client stays within its bounds, gets no more receipts than it published, and writes frames that are
// some.

#include <algorithm>
#include <utility>

#include "base/invariant.h"
#include "broker/core/bus_client.h"
#include "broker/core/test_frames.h"

namespace entente::broker {
namespace {

constexpr v1::Precedence kPrecedences[] = {v1::PRECEDENCE_ROUTINE, v1::PRECEDENCE_PRIORITY, v1::PRECEDENCE_IMMEDIATE,
                                           v1::PRECEDENCE_FLASH};
constexpr Now kNow{};

// Publishes once welcomed, acknowledges every second delivery.
class Node final : public BusClientSink {
 public:
  void Hear(ByteView frame) {
    if (!client_.connected()) client_.OnConnected(kNow);
    Write();
    if (!client_.OnFrame(frame, kNow) || std::exchange(goodbye_, false)) client_.OnDisconnected("closed", kNow);
    Write();
    ENTENTE_INVARIANT(published_ == receipts_ + client_.outstanding());
  }

 private:
  void OnWelcome(const v1::Welcome& welcome, Now) override {
    if (!welcome.resumed()) std::ranges::fill(received_, 0);
    ++sequence_;
    for (const v1::Precedence precedence : kPrecedences) {
      v1::MessageId id;
      id.set_origin("DEU/a");
      id.set_incarnation(7);
      id.set_precedence(precedence);
      id.set_sequence(sequence_);
      if (client_.Publish(id, Share({1, 2, 3}))) ++published_;
    }
  }
  void OnDelivery(v1::Precedence precedence, std::uint64_t delivery, ByteView, Now) override {
    ENTENTE_INVARIANT(delivery > received_[precedence]);
    received_[precedence] = delivery;
    if (++deliveries_ % 2 == 0) client_.Acknowledge(precedence, delivery);
  }
  void OnReceipt(v1::Precedence, std::uint64_t, std::string_view) override { ++receipts_; }
  void OnGoodbye(std::string_view) override { goodbye_ = true; }
  void OnWritable() override {}

  void Write() {
    constexpr int kMostFrames = 100;
    for (int frames = 0; const auto frame = client_.NextFrame(kNow); ++frames) {
      v1::ClientFrame parsed;
      ENTENTE_INVARIANT(frames < kMostFrames && parsed.ParseFromArray(frame->data(), static_cast<int>(frame->size())));
    }
  }

  BusClient client_{{.node = "DEU/a", .incarnation = 7, .subscriptions = {v1::Subscription()}}, *this};
  bool goodbye_ = false;
  std::uint64_t sequence_ = 0;
  std::size_t published_ = 0;
  std::size_t receipts_ = 0;
  std::size_t deliveries_ = 0;
  std::uint64_t received_[v1::Precedence_ARRAYSIZE] = {};
};

}  // namespace
}  // namespace entente::broker

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  entente::broker::Node node;
  for (const entente::ByteView frame : entente::broker::testing::CutIntoFrames({data, size})) node.Hear(frame);
  return 0;
}
