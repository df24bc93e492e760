// SPDX-License-Identifier: Apache-2.0
#pragma once

// One AIS feed, as a stream or in datagrams: lines in, messages out. Lines that are no AIS sentence are refused, or, as other
// sentences of NMEA 0183, taken as the session's own business; the next line is read as if they were not there.

#include <deque>

#include "adapters/ais/assembler.h"
#include "adapters/ais/static_data.h"
#include "adapters/api/session.h"

namespace entente::ais {

// A longer line is refused and passed over. The standard allows 82 characters and as many of TAG blocks.
inline constexpr std::size_t kLineOctets = 512;
// Nine of the longest lines.
inline constexpr std::size_t kUnitOctets = 9 * kLineOctets;

class AisSession final : public adapter::Session {
 public:
  explicit AisSession(adapter::SessionConfig config);

  void Start(Now now, adapter::SessionSink& sink) override;
  void Receive(ByteView octets, Now now, adapter::SessionSink& sink) override;
  void End(Now now, adapter::SessionSink& sink) override;
  adapter::SendResult Send(const v1::Envelope& message, const adapter::Encoded& encoded, Now now) override;
  std::optional<adapter::Output> NextOutput() override;
  [[nodiscard]] std::optional<Instant> NextDeadline() const override;
  void OnDeadline(Now now, adapter::SessionSink& sink) override;
  [[nodiscard]] std::string_view form() const override { return config_.form; }
  [[nodiscard]] std::string_view closed_because() const override { return closed_because_; }

 private:
  void OnLine(ByteView line, Now now, adapter::SessionSink& sink);
  void KeepHalfLine(ByteView octets, adapter::SessionSink& sink);
  void Refuse(ByteView octets, adapter::DecodeError error, adapter::SessionSink& sink);
  void RefuseBroken(std::vector<Assembler::Broken> broken, adapter::SessionSink& sink);
  void Deliver(adapter::DecodedUnit unit, ByteView octets, Now now, adapter::SessionSink& sink);
  void DeliverPartA(adapter::DecodedMessage message, ByteView octets, Now now, adapter::SessionSink& sink);
  void DeliverPartB(adapter::DecodedMessage message, ByteView octets, adapter::SessionSink& sink);
  void DeliverHalf(HalfIdentities::Half half, adapter::SessionSink& sink);
  // Static data goes out when it is new to this peer, and again after six minutes.
  bool StaticDue(const SharedBytes& unit, Instant now);

  adapter::SessionConfig config_;
  Bytes half_line_;
  bool skipping_line_ = false;
  std::uint64_t received_ = 0;
  std::uint64_t sent_ = 0;
  Assembler assembler_;
  StaticMemory memory_;
  HalfIdentities halves_;
  std::map<std::string, Instant, std::less<>> static_sent_;
  std::deque<adapter::Output> output_;
  std::size_t output_octets_ = 0;
  std::string closed_because_;
};

}  // namespace entente::ais
