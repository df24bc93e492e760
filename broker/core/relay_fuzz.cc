// SPDX-License-Identifier: Apache-2.0
// Whatever an attached node sends, the relay stays within its limits, and another node's message still arrives.

#include "base/invariant.h"
#include "broker/core/relay.h"
#include "broker/core/test_envelope.h"
#include "broker/core/test_frames.h"

namespace entente::broker {
namespace {

constexpr std::size_t kQueueOctets = 4096;
constexpr std::uint64_t kIncarnation = 7;
constexpr Now kNow{};

class Rig {
 public:
  Rig() {
    Attach("DEU/honest");
    Attach("FRA/honest");
  }

  // The liar attaches anew once it was sent away.
  void Lie(ByteView frame) {
    if (!relay_.IsAttached("NOR/liar")) Attach("NOR/liar");
    static_cast<void>(relay_.OnFrame("NOR/liar", SharedSlice(ToBytes(frame)), kNow));
    if (TakeAll("NOR/liar")) relay_.Detach("NOR/liar", "goodbye", kNow);
    for (const char* node : {"DEU/honest", "FRA/honest", "NOR/liar"}) ENTENTE_INVARIANT(relay_.QueuedOctets(node) <= kQueueOctets);
    TakeAll("FRA/honest");
  }

  void HonestNodesAreServed() {
    v1::ClientFrame frame;
    frame.add_envelope(testing::TestTrack("DEU/honest", kIncarnation, v1::PRECEDENCE_FLASH, 1).SerializeAsString());
    const std::uint64_t routed = relay_.counters().routed;
    ENTENTE_INVARIANT(relay_.OnFrame("DEU/honest", SharedSlice(testing::Octets(frame)), kNow).has_value());
    ENTENTE_INVARIANT(relay_.counters().routed > routed);
  }

 private:
  void Attach(const char* node) {
    v1::Hello hello;
    hello.set_version(1);
    hello.set_node(node);
    hello.set_incarnation(kIncarnation);
    hello.add_subscriptions();
    hello.set_credit_octets(1 << 16);
    ENTENTE_INVARIANT(relay_.Attach(hello, {}, kNow).has_value());
    TakeAll(node);
  }
  // True: the last frame was among them.
  bool TakeAll(std::string_view node) {
    bool last = false;
    while (const auto frame = relay_.NextFrame(node, kNow)) {
      v1::BrokerFrame parsed;
      const Bytes octets = frame->Flatten();
      ENTENTE_INVARIANT(parsed.ParseFromArray(octets.data(), static_cast<int>(octets.size())));
      last = frame->last;
    }
    relay_.TakeReady();
    return last;
  }

  PolicyGuard guard_{testing::TestPolicy()};
  Relay relay_{{.exercise = "fuzz", .limits = {.queue_octets = kQueueOctets, .unacknowledged_octets = kQueueOctets}},
               guard_,
               [](const v1::RecordEvent&) {}};
};

}  // namespace
}  // namespace entente::broker

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  entente::broker::Rig rig;
  for (const entente::ByteView frame : entente::broker::testing::CutIntoFrames({data, size})) rig.Lie(frame);
  rig.HonestNodesAreServed();
  return 0;
}
