// SPDX-License-Identifier: Apache-2.0
#pragma once

// A node's end of the bus as a state machine: hello, batched publish, receipts, credit, acknowledgement, resume. The gateway's core
// owns one per node; the gRPC shell (broker/client) or the simulated host moves its frames. One thread; sans-I/O.
//
// Life: OnConnected -> NextFrame gives the hello -> OnFrame with the welcome -> frames both ways -> OnDisconnected; then again from
// OnConnected for ever. What was published and has no receipt is kept and sent again after the next welcome, unless the broker says
// there that it has it. Its cursors are what was acknowledged; what comes again after a resume and is in hand already is filtered.
//
// The sink is called from within the calls of this class; it may call Publish, Acknowledge and AppendEvent. After any call, ask
// NextFrame until it gives nothing.

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/time.h"
#include "broker/core/clock_estimator.h"
#include "broker/core/frame.h"
#include "entente/v1/bus.pb.h"
#include "entente/v1/record.pb.h"

namespace entente::broker {

struct BusClientLimits {
  std::size_t outstanding_messages = 8192;  // published without a receipt; full: Publish gives false
  std::size_t outstanding_octets = 8 * 1024 * 1024;
  std::size_t event_octets = 4 * 1024 * 1024;  // record events not yet sent; full: AppendEvent gives false
  std::size_t frame_envelopes = 128;
  std::size_t frame_octets = 256 * 1024;  // one frame takes at most this, and at least one message
  std::size_t frame_events = 1024;
  std::size_t received_frame_octets = limits::kFrameOctets;
};

struct BusClientConfig {
  std::string node;
  std::uint64_t incarnation = 0;
  std::vector<v1::Subscription> subscriptions{};  // none: nothing is delivered
  std::uint64_t credit_octets = 1024 * 1024;      // deliveries that may be on their way, unacknowledged
  // Acknowledgements may wait so long for others, unless a quarter of the credit waits with them: one frame for many.
  Duration acknowledge_within{};
  BusClientLimits limits{};
  std::vector<v1::Cursor> cursors{};  // what an earlier process of this node acknowledged, where it kept that itself
};

class BusClientSink {
 public:
  virtual ~BusClientSink() = default;
  virtual void OnWelcome(const v1::Welcome& welcome, Now now) = 0;
  // `envelope` is valid during the call. Delivery numbers rise per precedence, with gaps where the broker dropped something.
  virtual void OnDelivery(v1::Precedence precedence, std::uint64_t delivery, ByteView envelope, Now now) = 0;
  // One call per message published. `refused` is empty: the broker has it.
  virtual void OnReceipt(v1::Precedence precedence, std::uint64_t sequence, std::string_view refused) = 0;
  virtual void OnGoodbye(std::string_view reason) = 0;
  // Publish gave false before, and would now take a message.
  virtual void OnWritable() = 0;
  // News of how far the broker's clock is from ours.
  virtual void OnClockEstimated(const ClockEstimate& /*estimate*/) {}
};

class BusClient {
 public:
  BusClient(BusClientConfig config, BusClientSink& sink);

  void OnConnected(Now now);
  // An error means that the peer broke the protocol: the caller closes the stream and calls OnDisconnected with its text.
  Status OnFrame(ByteView frame, Now now);
  void OnDisconnected(std::string_view reason, Now now);
  // The next frame to write, if any: call again once it has been written.
  std::optional<Bytes> NextFrame(Now now);

  // False: the bound of unreceipted messages is reached; OnWritable follows. Origin and incarnation are the configured ones, and
  // sequences rise per precedence from 1.
  bool Publish(const v1::MessageId& id, SharedBytes envelope);
  // Everything of this precedence up to this delivery is dealt with: its credit goes back to the broker.
  void Acknowledge(v1::Precedence precedence, std::uint64_t delivery);
  // False: the bound is reached and the event is lost; it is counted.
  bool AppendEvent(const v1::RecordEvent& event) { return AppendEvent(event.SerializeAsString()); }
  // Octets of one.
  bool AppendEvent(std::string event);
  // Asks for the broker's time with the next frame, when that is due: call it a few times a second where clocks may differ.
  void ProbeClock(Now now);
  // Says leave once everything published has been sent; the broker answers goodbye and forgets this node's queue.
  void Leave(std::string_view reason);

  [[nodiscard]] bool connected() const { return state_ != State::kDisconnected; }
  [[nodiscard]] bool welcomed() const { return state_ == State::kWelcomed; }
  // As many messages as one frame takes are unsent.
  [[nodiscard]] bool FullFrameWaits() const;
  // When NextFrame will have something that it keeps back now (BusClientConfig::acknowledge_within).
  [[nodiscard]] std::optional<Instant> NextDeadline() const;
  [[nodiscard]] std::size_t outstanding() const { return outstanding_messages_; }
  [[nodiscard]] std::uint64_t events_lost() const { return events_lost_; }
  [[nodiscard]] std::uint64_t duplicates() const { return duplicates_; }

 private:
  enum class State { kDisconnected, kHelloDue, kAwaitingWelcome, kWelcomed };
  struct Outgoing {
    std::uint64_t sequence;
    SharedBytes envelope;
  };
  struct Unacknowledged {
    std::uint64_t delivery;
    std::uint64_t octets;
  };
  // Of one precedence.
  struct Lane {
    std::deque<Outgoing> outgoing;  // without a receipt; the first `sent` of them went out on this stream
    std::size_t sent = 0;
    std::uint64_t last_published = 0;
    std::uint64_t received = 0;  // highest delivery handed to the sink
    std::uint64_t acknowledged = 0;
    bool acknowledgement_due = false;
    std::deque<Unacknowledged> unacknowledged;
  };

  Lane* LaneOf(v1::Precedence precedence);
  Status OnWelcome(const v1::BrokerFrame& control, Now now);
  void OnReceipt(const v1::Receipt& receipt);
  void AcceptUpTo(v1::Precedence precedence, std::uint64_t sequence);
  void Forget(Lane& lane, std::size_t index);
  Status Deliver(const v1::BrokerFrame& control, Now now);
  void StartAfresh();
  void OnClockProbe(const v1::ClockProbe& probe, Now now);
  void AppendHello(Bytes& frame);
  void AppendEnvelopes(Bytes& frame);
  void AddAcknowledgements(v1::ClientFrame& control, Now now);
  void AddEvents(v1::ClientFrame& control);
  [[nodiscard]] bool NothingToSend() const;
  [[nodiscard]] bool Full() const;
  void TellWritable();

  BusClientConfig config_;
  BusClientSink& sink_;
  State state_ = State::kDisconnected;
  bool was_welcomed_ = false;
  std::array<Lane, 4> lanes_;  // ROUTINE first
  std::size_t outstanding_messages_ = 0;
  std::size_t outstanding_octets_ = 0;
  bool writable_owed_ = false;
  std::uint64_t credit_due_ = 0;
  Instant acknowledged_at_{};  // the last frame with acknowledgements
  std::deque<std::string> events_;
  std::size_t event_octets_ = 0;
  std::uint64_t events_lost_ = 0;
  std::uint64_t duplicates_ = 0;
  std::optional<std::string> leaving_;
  bool left_ = false;
  FrameParts parts_;
  ClockEstimator clock_;
  bool probe_due_ = false;
};

}  // namespace entente::broker
