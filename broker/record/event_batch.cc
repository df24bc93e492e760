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
// RecordEvent.message_accepted, two octets: the field's number is above 15.
constexpr std::uint32_t kAcceptedTag = v1::RecordEvent::kMessageAcceptedFieldNumber << 3 | kLength;

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

// Fields of proto3: what is zero or empty is not written.
class FieldWriter {
 public:
  explicit FieldWriter(std::uint8_t* at) : at_(at) {}

  void Begin(std::uint32_t tag, std::size_t length) {
    at_ = CodedOutputStream::WriteVarint32ToArray(tag, at_);
    at_ = CodedOutputStream::WriteVarint32ToArray(static_cast<std::uint32_t>(length), at_);
  }
  void Text(int field, std::string_view text) {
    if (text.empty()) return;
    Begin(Tag(field, kLength), text.size());
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
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
  const auto utc_ns = static_cast<std::uint64_t>(message.utc_ns);
  const std::string_view envelope = AsText(message.envelope);
  const std::size_t id = OctetsOf(message.origin) + FixedOctets(message.incarnation) +
                         NumberOctets(static_cast<std::uint64_t>(message.precedence)) + NumberOctets(message.sequence);
  const std::size_t accepted = 1 + VarintOctets(id) + id + OctetsOf(envelope);
  const std::size_t event = FixedOctets(utc_ns) + OctetsOf(writer) + VarintOctets(kAcceptedTag) + VarintOctets(accepted) + accepted;

  FieldWriter out(Extend(1 + VarintOctets(event) + event));
  out.Begin(kEventTag, event);
  out.Fixed(v1::RecordEvent::kUtcNsFieldNumber, utc_ns);
  out.Text(v1::RecordEvent::kWriterFieldNumber, writer);
  out.Begin(kAcceptedTag, accepted);
  out.Begin(Tag(v1::MessageAccepted::kIdFieldNumber, kLength), id);
  out.Text(v1::MessageId::kOriginFieldNumber, message.origin);
  out.Fixed(v1::MessageId::kIncarnationFieldNumber, message.incarnation);
  out.Number(v1::MessageId::kPrecedenceFieldNumber, static_cast<std::uint64_t>(message.precedence));
  out.Number(v1::MessageId::kSequenceFieldNumber, message.sequence);
  out.Text(v1::MessageAccepted::kEnvelopeFieldNumber, envelope);
  ++events_;
}

void EventBatch::Add(const EventBatch& later) {
  octets_.insert(octets_.end(), later.octets_.begin(), later.octets_.end());
  events_ += later.events_;
}

void EventBatch::Clear() {
  octets_.clear();
  events_ = 0;
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
