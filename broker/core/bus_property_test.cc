// SPDX-License-Identifier: Apache-2.0
// Laws of the whole bus: clients and relay together, whatever the order of publishing, acknowledging and broken streams.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <deque>
#include <map>
#include <memory>

#include "base/node_id.h"
#include "broker/core/bus_client.h"
#include "broker/core/relay_rig_test.h"

namespace entente::broker {
namespace {

using namespace testing;

// A client joined to the relay by two queues of frames that lose everything on their way when the stream breaks.
class Station : public BusClientSink {
 public:
  Station(RelayRig& rig, std::string node)
      : rig_(rig),
        node_(std::move(node)),
        client_({.node = node_,
                 .incarnation = kIncarnation,
                 .subscriptions = {v1::Subscription()},
                 .credit_octets = 600,
                 .limits = {.outstanding_messages = 64, .frame_envelopes = 3}},
                *this) {}

  void Publish(v1::Precedence precedence, std::string_view classification) {
    v1::Envelope envelope = TestTrack(node_, kIncarnation, precedence, sequences_[precedence] + 1);
    *envelope.mutable_label() = TestLabel(classification);
    if (!client_.Publish(envelope.id(), Share(Octets(envelope)))) return;
    ++sequences_[precedence];
    published_[precedence].push_back({ToText(envelope.id()), std::string(classification)});
  }
  void Connect() {
    if (client_.connected()) return;
    client_.OnConnected(rig_.now());
  }
  void Break() {
    if (!client_.connected()) return;
    to_relay_.clear();
    to_client_.clear();
    client_.OnDisconnected("broken", rig_.now());
    rig_->Detach(node_, "broken", rig_.now());
  }
  // One frame each way at most; false when nothing moved.
  bool Step() {
    if (const auto frame = client_.NextFrame(rig_.now())) to_relay_.push_back(*frame);
    const bool up = TakeUp();
    if (const auto frame = rig_->NextFrame(node_, rig_.now())) to_client_.push_back(frame->Flatten());
    const bool down = !to_client_.empty();
    if (down) {
      RC_ASSERT(client_.OnFrame(to_client_.front(), rig_.now()).has_value());
      to_client_.pop_front();
    }
    return up || down;
  }
  void AcknowledgeAll() {
    for (const auto& [precedence, delivery] : seen_up_to_) client_.Acknowledge(precedence, delivery);
  }

  void OnWelcome(const v1::Welcome&, Now) override {}
  void OnDelivery(v1::Precedence precedence, std::uint64_t delivery, ByteView octets, Now) override {
    v1::Envelope envelope;
    RC_ASSERT(envelope.ParseFromArray(octets.data(), static_cast<int>(octets.size())));
    got_[envelope.id().origin()][precedence].push_back(ToText(envelope.id()));
    seen_up_to_[precedence] = delivery;
  }
  void OnReceipt(v1::Precedence, std::uint64_t, std::string_view refused) override { RC_ASSERT(refused.empty()); }
  void OnGoodbye(std::string_view reason) override { RC_FAIL("goodbye: " + std::string(reason)); }
  void OnWritable() override {}

  struct Sent {
    std::string id;
    std::string classification;
  };
  std::map<v1::Precedence, std::vector<Sent>> published_;
  std::map<std::string, std::map<v1::Precedence, std::vector<std::string>>> got_;
  [[nodiscard]] const std::string& node() const { return node_; }
  [[nodiscard]] std::size_t outstanding() const { return client_.outstanding(); }

 private:
  bool TakeUp() {
    if (to_relay_.empty()) return false;
    const Bytes frame = to_relay_.front();
    to_relay_.pop_front();
    v1::ClientFrame parsed;
    RC_ASSERT(parsed.ParseFromArray(frame.data(), static_cast<int>(frame.size())));
    if (parsed.has_hello()) {
      RC_ASSERT(rig_->Attach(parsed.hello(), {}, rig_.now()).has_value());
    } else {
      RC_ASSERT(rig_->OnFrame(node_, SharedSlice(frame), rig_.now()).has_value());
    }
    return true;
  }

  RelayRig& rig_;
  std::string node_;
  BusClient client_;
  std::map<v1::Precedence, std::uint64_t> sequences_;
  std::map<v1::Precedence, std::uint64_t> seen_up_to_;
  std::deque<Bytes> to_relay_;
  std::deque<Bytes> to_client_;
};

void Settle(std::vector<std::unique_ptr<Station>>& stations) {
  for (auto& station : stations) station->Connect();
  for (bool moved = true; moved;) {
    moved = false;
    for (auto& station : stations) {
      station->AcknowledgeAll();
      moved = station->Step() || moved;
    }
  }
}

void Act(Station& station) {
  switch (*rc::gen::inRange(0, 8)) {
    case 0:
    case 1:
    case 2:
      return station.Publish(*rc::gen::element(v1::PRECEDENCE_ROUTINE, v1::PRECEDENCE_IMMEDIATE, v1::PRECEDENCE_FLASH),
                             *rc::gen::element<std::string>("UNCLASSIFIED", "SECRET"));
    case 3:
      return station.AcknowledgeAll();
    case 4:
      return station.Break();
    case 5:
      return station.Connect();
    default:
      station.Step();
  }
}

TEST(BusPropertyTest, EachReleasedMessageArrivesExactlyOnceInOrderPerPrecedence) {
  EXPECT_TRUE(rc::check([] {
    RelayRig rig;
    std::vector<std::unique_ptr<Station>> stations;
    for (const char* node : {"DEU/brigade", "FRA/hq", "FIN/post"}) stations.push_back(std::make_unique<Station>(rig, node));
    Settle(stations);
    const int actions = *rc::gen::inRange(0, 150);
    for (int i = 0; i < actions; ++i) Act(*stations[*rc::gen::inRange<std::size_t>(0, stations.size())]);
    Settle(stations);
    const PolicyGuard guard(TestPolicy());
    for (const auto& from : stations) {
      RC_ASSERT(from->outstanding() == 0U);
      for (const auto& to : stations) {
        if (from == to) continue;
        for (const auto& [precedence, sent] : from->published_) {
          std::vector<std::string> due;
          for (const Station::Sent& message : sent) {
            const v1::Label label = TestLabel(message.classification);
            if (guard.Decide(&label, NationOf(from->node()), NationOf(to->node())).released) due.push_back(message.id);
          }
          RC_ASSERT(to->got_[from->node()][precedence] == due);
        }
      }
      RC_ASSERT(from->got_.count(from->node()) == 0U);
    }
    RC_ASSERT(rig.Drops().empty());
  }));
}

// Random frames, given to a relay with a cache of this size: what it did, as text.
std::string Trace(std::size_t cache_entries, const std::vector<Bytes>& frames) {
  RelayRig rig({.route_cache_entries = cache_entries});
  rig.Attach("DEU/brigade");
  v1::Hello tracks = HelloOf("FRA/hq");
  tracks.mutable_subscriptions(0)->add_families(v1::FAMILY_TRACK);
  rig.Attach(tracks);
  v1::Hello addressed = HelloOf("NOR/hq");
  addressed.mutable_subscriptions(0)->set_addressed_to_me(true);
  rig.Attach(addressed);
  std::string trace;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (i == frames.size() / 2) rig.Attach("FIN/post");  // subscriptions change midway
    static_cast<void>(rig->OnFrame("DEU/brigade", SharedSlice(frames[i]), rig.now()));
    for (const char* node : {"DEU/brigade", "FRA/hq", "NOR/hq", "FIN/post"}) {
      while (const auto frame = rig->NextFrame(node, rig.now())) trace += ToText(frame->Flatten());
    }
  }
  for (const v1::RecordEvent& event : rig.events()) trace += event.SerializeAsString();
  return trace;
}

TEST(BusPropertyTest, CachedDecisionsEqualUncachedOnes) {
  EXPECT_TRUE(rc::check([] {
    std::vector<Bytes> frames;
    std::uint64_t sequence = 0;
    const int count = *rc::gen::inRange(1, 20);
    for (int i = 0; i < count; ++i) {
      Bytes frame;
      const int envelopes = *rc::gen::inRange(1, 6);
      for (int j = 0; j < envelopes; ++j) {
        v1::Envelope envelope = Routine("DEU/brigade", ++sequence);
        *envelope.mutable_label() = TestLabel(*rc::gen::element<std::string>("UNCLASSIFIED", "RESTRICTED", "SECRET", "COSMIC"));
        if (*rc::gen::inRange(0, 4) == 0) envelope.clear_label();
        if (*rc::gen::inRange(0, 3) == 0) envelope.set_family(v1::FAMILY_CHAT);
        if (*rc::gen::inRange(0, 3) == 0) envelope.add_addressees()->set_node("NOR");
        AppendRecord(frame, Octets(envelope));
      }
      frames.push_back(std::move(frame));
    }
    const std::string uncached = Trace(0, frames);
    RC_ASSERT(Trace(4096, frames) == uncached);
    RC_ASSERT(Trace(2, frames) == uncached);
  }));
}

}  // namespace
}  // namespace entente::broker
