// SPDX-License-Identifier: Apache-2.0
#include "broker/record/event_batch.h"

#include <google/protobuf/io/coded_stream.h>

#include <cstring>

#include "base/byte_reader.h"

namespace entente::record {
namespace {

using google::protobuf::io::CodedOutputStream;

constexpr std::uint8_t Tag(int field, int wire_type) {
  return static_cast<std::uint8_t>(field << 3 | wire_type);
}
constexpr int kVarint = 0;
constexpr int kFixed64 = 1;
constexpr int kLength = 2;
constexpr std::uint8_t kEventTag = Tag(1, kLength);
// RecordEvent's, two octets each: the fields' numbers are above 15.
constexpr std::uint32_t kAcceptedTag = v1::RecordEvent::kMessageAcceptedFieldNumber << 3 | kLength;
constexpr std::uint32_t kEgressedTag = v1::RecordEvent::kMessageEgressedFieldNumber << 3 | kLength;
constexpr std::uint32_t kRoutedTag = v1::RecordEvent::kMessageRoutedFieldNumber << 3 | kLength;

std::size_t VarintOctets(std::uint64_t value) {
  return CodedOutputStream::VarintSize64(value);
}
std::size_t OctetsOf(std::string_view text) {
  return text.empty() ? 0 : 1 + VarintOctets(text.size()) + text.size();
}
std::size_t FixedOctets(std::uint64_t value) {
  return value == 0 ? 0 : 1 + sizeof(value);
}
std::size_t NumberOctets(std::uint64_t value) {
  return value == 0 ? 0 : 1 + VarintOctets(value);
}

}  // namespace

// Fields of proto3: what is zero or empty is not written.
class EventBatch::FieldWriter {
 public:
  explicit FieldWriter(std::uint8_t* at) : at_(at) {}

  void Begin(std::uint32_t tag, std::size_t length) {
    at_ = CodedOutputStream::WriteVarint32ToArray(tag, at_);
    at_ = CodedOutputStream::WriteVarint32ToArray(static_cast<std::uint32_t>(length), at_);
  }
  void Text(int field, std::string_view text) {
    if (text.empty()) return;
    Begin(Tag(field, kLength), text.size());
    Octets(text);
  }
  void Octets(std::string_view octets) {
    std::memcpy(at_, octets.data(), octets.size());
    at_ += octets.size();
  }
  void Fixed(int field, std::uint64_t value) {
    if (value == 0) return;
    *at_++ = Tag(field, kFixed64);
    at_ = CodedOutputStream::WriteLittleEndian64ToArray(value, at_);
  }
  void Number(int field, std::uint64_t value) {
    if (value == 0) return;
    *at_++ = Tag(field, kVarint);
    at_ = CodedOutputStream::WriteVarint64ToArray(value, at_);
  }

 private:
  std::uint8_t* at_;
};

namespace {

// entente.v1.MessageId.
struct Id {
  std::string_view origin;
  std::uint64_t incarnation;
  std::uint64_t precedence;
  std::uint64_t sequence;

  [[nodiscard]] std::size_t Octets() const {
    return OctetsOf(origin) + FixedOctets(incarnation) + NumberOctets(precedence) + NumberOctets(sequence);
  }
  template <typename FieldWriter>
  void Write(FieldWriter& out, int field) const {
    out.Begin(Tag(field, kLength), Octets());
    out.Text(v1::MessageId::kOriginFieldNumber, origin);
    out.Fixed(v1::MessageId::kIncarnationFieldNumber, incarnation);
    out.Number(v1::MessageId::kPrecedenceFieldNumber, precedence);
    out.Number(v1::MessageId::kSequenceFieldNumber, sequence);
  }
};

std::size_t OctetsOf(const RoutedNode& decision) {
  return OctetsOf(decision.node) + (decision.released ? 2 : 0) + OctetsOf(decision.reason) + NumberOctets(decision.first_delivery);
}

// A field of this length with its framing, where the tag takes one octet.
std::size_t Framed(std::size_t length) {
  return 1 + VarintOctets(length) + length;
}

}  // namespace

EventBatch::EventBatch(std::span<const v1::RecordEvent> events) {
  for (const v1::RecordEvent& event : events) Add(event);
}

std::uint8_t* EventBatch::Extend(std::size_t by) {
  const std::size_t before = octets_.size();
  octets_.resize(before + by);
  return octets_.data() + before;
}

void EventBatch::Add(const v1::RecordEvent& event) {
  const std::size_t length = event.ByteSizeLong();
  std::uint8_t* at = Extend(1 + VarintOctets(length) + length);
  *at++ = kEventTag;
  at = CodedOutputStream::WriteVarint32ToArray(static_cast<std::uint32_t>(length), at);
  event.SerializeWithCachedSizesToArray(at);
  ++events_;
}

void EventBatch::Add(const AcceptedMessage& message, std::string_view writer) {
  const Id id{message.origin, message.incarnation, static_cast<std::uint64_t>(message.precedence), message.sequence};
  const std::string_view envelope = AsText(message.envelope);
  FieldWriter out = Begin(message.utc_ns, writer, kAcceptedTag, Framed(id.Octets()) + OctetsOf(envelope));
  id.Write(out, v1::MessageAccepted::kIdFieldNumber);
  out.Text(v1::MessageAccepted::kEnvelopeFieldNumber, envelope);
}

void EventBatch::Add(const RoutedRun& run, std::string_view writer) {
  const Id first{run.origin, run.incarnation, static_cast<std::uint64_t>(run.precedence), run.first_sequence};
  std::size_t decisions = 0;
  for (const RoutedNode& decision : run.decisions) decisions += Framed(OctetsOf(decision));
  FieldWriter out = Begin(run.utc_ns, writer, kRoutedTag, Framed(first.Octets()) + NumberOctets(run.count) + decisions);
  first.Write(out, v1::MessageRouted::kFirstFieldNumber);
  out.Number(v1::MessageRouted::kCountFieldNumber, run.count);
  for (const RoutedNode& decision : run.decisions) {
    out.Begin(Tag(v1::MessageRouted::kDecisionsFieldNumber, kLength), OctetsOf(decision));
    out.Text(v1::RouteDecision::kNodeFieldNumber, decision.node);
    out.Number(v1::RouteDecision::kReleasedFieldNumber, decision.released ? 1 : 0);
    out.Text(v1::RouteDecision::kReasonFieldNumber, decision.reason);
    out.Number(v1::RouteDecision::kFirstDeliveryFieldNumber, decision.first_delivery);
  }
}

void EventBatch::Add(const EgressedMessage& message, std::string_view writer) {
  const Id id{message.origin, message.incarnation, static_cast<std::uint64_t>(message.precedence), message.sequence};
  const auto outcome = static_cast<std::uint64_t>(message.outcome);
  FieldWriter out = Begin(message.utc_ns, writer, kEgressedTag,
                          Framed(id.Octets()) + OctetsOf(message.node) + NumberOctets(outcome) + OctetsOf(message.reason) +
                              NumberOctets(message.first_unit) + message.rendering.size());
  id.Write(out, v1::MessageEgressed::kIdFieldNumber);
  out.Text(v1::MessageEgressed::kNodeFieldNumber, message.node);
  out.Number(v1::MessageEgressed::kOutcomeFieldNumber, outcome);
  out.Text(v1::MessageEgressed::kReasonFieldNumber, message.reason);
  out.Number(v1::MessageEgressed::kFirstUnitFieldNumber, message.first_unit);
  out.Octets(message.rendering);
}

void EventBatch::AddOctets(std::string_view event) {
  FieldWriter out(Extend(Framed(event.size())));
  out.Begin(kEventTag, event.size());
  out.Octets(event);
  ++events_;
}

// An event up to where its own message of `length` begins.
EventBatch::FieldWriter EventBatch::Begin(std::int64_t utc_ns, std::string_view writer, std::uint32_t tag, std::size_t length) {
  const auto time = static_cast<std::uint64_t>(utc_ns);
  const std::size_t event = FixedOctets(time) + OctetsOf(writer) + VarintOctets(tag) + VarintOctets(length) + length;
  FieldWriter out(Extend(Framed(event)));
  out.Begin(kEventTag, event);
  out.Fixed(v1::RecordEvent::kUtcNsFieldNumber, time);
  out.Text(v1::RecordEvent::kWriterFieldNumber, writer);
  out.Begin(tag, length);
  ++events_;
  return out;
}

void EventBatch::Add(const EventBatch& later) {
  octets_.insert(octets_.end(), later.octets_.begin(), later.octets_.end());
  events_ += later.events_;
}

void EventBatch::Clear() {
  octets_.clear();
  events_ = 0;
}

std::string EventOctets(const EgressedMessage& message, std::string_view writer) {
  EventBatch batch;
  batch.Add(message, writer);
  ByteReader in(batch.octets());
  in.U8();
  return std::string(AsText(in.Take(in.Varint())));
}

ByteView TakeEventOctets(ByteView& octets) {
  ByteReader in(octets);
  in.U8();
  const std::size_t length = in.Varint();
  const std::size_t whole = octets.size() - in.remaining() + length;
  const ByteView event = octets.first(whole);
  octets = octets.subspan(whole);
  return event;
}

}  // namespace entente::record
