// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/session.h"

#include <algorithm>

#include "adapters/ais/codec.h"
#include "base/limits.h"

namespace entente::ais {
namespace {

using adapter::DecodeCode;
using adapter::DecodedMessage;
using adapter::DecodeError;
using adapter::SendResult;
using adapter::SessionSink;
using adapter::SessionState;

// Static data is repeated after this time: ITU-R M.1371-5 Annex 1, reporting intervals.
constexpr Duration kStaticInterval = std::chrono::minutes(6);
// More ships than that: their static data is sent again with each report until the oldest are forgotten.
constexpr std::size_t kMaxStaticSent = 8192;

bool IsBlank(ByteView line) {
  return std::ranges::all_of(line, [](std::uint8_t c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
}

}  // namespace

AisSession::AisSession(adapter::SessionConfig config) : config_(std::move(config)) {
  if (config_.form.empty()) config_.form = config_.carrier == adapter::Carrier::kStream ? "nmea" : "nmea-datagram";
}

void AisSession::Start(Now, SessionSink& sink) {
  sink.OnState(SessionState::kConnected, config_.form);
  // Nothing is negotiated, and a station may only listen.
  sink.OnState(SessionState::kActive, config_.form);
}

void AisSession::Receive(ByteView octets, Now now, SessionSink& sink) {
  if (!closed_because_.empty()) return;
  for (std::string_view rest = AsText(octets); !rest.empty();) {
    const std::string_view line = TakeLine(rest);
    if (!line.ends_with('\n')) {
      KeepHalfLine(AsBytes(line), sink);
    } else if (skipping_line_) {
      skipping_line_ = false;
    } else if (half_line_.empty()) {
      OnLine(AsBytes(line), now, sink);
    } else {
      KeepHalfLine(AsBytes(line), sink);
      if (skipping_line_) {
        skipping_line_ = false;
        continue;
      }
      const Bytes whole = std::exchange(half_line_, {});
      OnLine(whole, now, sink);
    }
  }
  if (config_.carrier == adapter::Carrier::kDatagram) {
    skipping_line_ = false;
    const Bytes last = std::exchange(half_line_, {});
    if (!last.empty()) OnLine(last, now, sink);
  }
}

void AisSession::End(Now now, SessionSink& sink) {
  if (!closed_because_.empty()) return;
  const Bytes last = std::exchange(half_line_, {});
  if (!last.empty()) OnLine(last, now, sink);
  std::vector<Assembler::Broken> broken;
  assembler_.GiveUpAll(broken);
  RefuseBroken(std::move(broken), sink);
  while (auto half = halves_.TakeExpired(std::nullopt)) DeliverHalf(*std::move(half), sink);
  closed_because_ = "the peer ended the stream";
  sink.OnState(SessionState::kClosed, closed_because_);
}

void AisSession::KeepHalfLine(ByteView octets, SessionSink& sink) {
  if (skipping_line_) return;
  const std::size_t room = kLineOctets - std::min(kLineOctets, half_line_.size());
  half_line_.insert(half_line_.end(), octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(std::min(room, octets.size())));
  if (octets.size() <= room) return;
  skipping_line_ = true;
  const Bytes begun = std::exchange(half_line_, {});
  Refuse(begun,
         {DecodeCode::kLimit, kLineOctets, "sentence", "IEC 61162-1, sentence length",
          "the line is longer than " + std::to_string(kLineOctets) + " octets; passed over up to its end"},
         sink);
}

void AisSession::OnLine(ByteView line, Now now, SessionSink& sink) {
  if (IsBlank(line)) return;
  if (line.size() > kLineOctets) {
    return Refuse(line.first(kLineOctets),
                  {DecodeCode::kLimit, kLineOctets, "sentence", "IEC 61162-1, sentence length",
                   "the line is longer than " + std::to_string(kLineOctets) + " octets; passed over up to its end"},
                  sink);
  }
  auto sentence = ParseSentence(WithoutLineEnd(AsText(line)));
  if (!sentence) return Refuse(line, std::move(sentence.error()), sink);
  if (!sentence->IsAis()) {
    sink.OnUnit({++received_, line, v1::UNIT_ROLE_CONTROL, sentence->address});
    return;
  }
  if (sentence->count > 1) {
    std::vector<Assembler::Broken> broken;
    const auto whole = assembler_.Add(*sentence, line, now.instant, broken);
    RefuseBroken(std::move(broken), sink);
    if (!whole) return;
    auto unit = TheCodec().Decode(*whole, {config_.form, config_.options, now});
    return unit ? Deliver(*std::move(unit), *whole, now, sink) : Refuse(*whole, std::move(unit.error()), sink);
  }
  auto unit = DecodeSentences({&*sentence, 1}, line, now);
  unit ? Deliver(*std::move(unit), line, now, sink) : Refuse(line, std::move(unit.error()), sink);
}

void AisSession::Refuse(ByteView octets, DecodeError error, SessionSink& sink) {
  sink.OnRefused({++received_, octets, std::move(error)});
}

void AisSession::RefuseBroken(std::vector<Assembler::Broken> broken, SessionSink& sink) {
  for (Assembler::Broken& group : broken) Refuse(group.octets, std::move(group.error), sink);
}

void AisSession::Deliver(adapter::DecodedUnit unit, ByteView octets, Now now, SessionSink& sink) {
  sink.OnUnit({++received_, octets, unit.role, unit.native_type});
  for (DecodedMessage& message : unit.messages) {
    message.findings.insert(message.findings.end(), unit.findings.begin(), unit.findings.end());
    if (message.envelope.has_identity()) memory_.Learn(message.envelope.identity());
    if (message.envelope.has_track()) memory_.Complete(message);
    if (unit.native_type == "24A") {
      DeliverPartA(std::move(message), octets, now, sink);
    } else if (unit.native_type == "24B") {
      DeliverPartB(std::move(message), octets, sink);
    } else {
      sink.OnMessage(std::move(message), {&octets, 1});
    }
  }
}

void AisSession::DeliverPartA(DecodedMessage message, ByteView octets, Now now, SessionSink& sink) {
  const std::uint32_t mmsi = message.envelope.identity().transponder_ids().mmsi();
  auto displaced = halves_.Hold(mmsi, {ToBytes(octets), std::move(message), now.instant});
  if (displaced) DeliverHalf(*std::move(displaced), sink);
}

void AisSession::DeliverPartB(DecodedMessage message, ByteView octets, SessionSink& sink) {
  const auto part_a = halves_.TakeFor(message.envelope.identity().transponder_ids().mmsi());
  if (!part_a) return sink.OnMessage(std::move(message), {&octets, 1});
  const std::array<ByteView, 2> units = {part_a->octets, octets};
  sink.OnMessage(Join(part_a->message, std::move(message)), units);
}

void AisSession::DeliverHalf(HalfIdentities::Half half, SessionSink& sink) {
  const ByteView octets = half.octets;
  sink.OnMessage(std::move(half.message), {&octets, 1});
}

bool AisSession::StaticDue(const SharedBytes& unit, Instant now) {
  // Without the TAG block, whose time differs each time.
  const std::string_view key = AsText(*unit).substr(AsText(*unit).find('!'));
  const auto known = static_sent_.find(key);
  if (known != static_sent_.end()) {
    if (now - known->second < kStaticInterval) return false;
    known->second = now;
    return true;
  }
  if (static_sent_.size() == kMaxStaticSent) {
    static_sent_.erase(std::ranges::min_element(static_sent_, {}, [](const auto& entry) { return entry.second; }));
  }
  static_sent_.emplace(key, now);
  return true;
}

SendResult AisSession::Send(const v1::Envelope& message, const adapter::Encoded& encoded, Now now) {
  if (!closed_because_.empty()) return {v1::SEND_OUTCOME_DROPPED, closed_because_, {}};
  std::size_t octets = 0;
  for (const SharedBytes& unit : encoded.units) octets += unit->size();
  if (output_octets_ + octets > limits::kLinkOutputOctets) return {v1::SEND_OUTCOME_DROPPED, "the output queue is full", {}};
  SendResult result;
  for (std::size_t i = 0; i < encoded.units.size(); ++i) {
    // Of a track's units the last is its position report; those before it are static data.
    const bool is_static = message.has_track() && i + 1 < encoded.units.size();
    if (is_static && !StaticDue(encoded.units[i], now.instant)) continue;
    result.units.push_back({++sent_, encoded.units[i]});
    output_.push_back({encoded.units[i], sent_});
    output_octets_ += encoded.units[i]->size();
  }
  return result;
}

std::optional<adapter::Output> AisSession::NextOutput() {
  if (output_.empty()) return std::nullopt;
  adapter::Output next = std::move(output_.front());
  output_.pop_front();
  output_octets_ -= next.octets->size();
  return next;
}

std::optional<Instant> AisSession::NextDeadline() const {
  const auto groups = assembler_.NextDeadline();
  const auto halves = halves_.NextDeadline();
  if (!groups || !halves) return groups ? groups : halves;
  return std::min(*groups, *halves);
}

void AisSession::OnDeadline(Now now, SessionSink& sink) {
  std::vector<Assembler::Broken> broken;
  assembler_.Expire(now.instant, broken);
  RefuseBroken(std::move(broken), sink);
  while (auto half = halves_.TakeExpired(now.instant)) DeliverHalf(*std::move(half), sink);
}

}  // namespace entente::ais
