// SPDX-License-Identifier: Apache-2.0
#include "tests/performance/load_envelope.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <time.h>

#include <algorithm>
#include <cstring>

#include "base/invariant.h"

namespace entente::performance {
namespace {

constexpr std::int64_t kTimeMark = 0x1122334455667788;
constexpr std::size_t kSequenceOctets = 5;

void PutSequence(std::uint8_t* at, std::uint64_t sequence) {
  for (std::size_t i = 0; i < kSequenceOctets; ++i) {
    at[i] = static_cast<std::uint8_t>((sequence >> (7 * i) & 0x7F) | (i + 1 < kSequenceOctets ? 0x80 : 0));
  }
}

std::size_t Find(const Bytes& octets, const void* mark, std::size_t size) {
  const auto* at = static_cast<const std::uint8_t*>(mark);
  const auto found = std::ranges::search(octets, std::span(at, size));
  ENTENTE_INVARIANT(!found.empty());
  return static_cast<std::size_t>(found.begin() - octets.begin());
}

std::size_t SequencePlace(const Bytes& octets) {
  std::array<std::uint8_t, kSequenceOctets> mark{};
  PutSequence(mark.data(), kFirstSequence);
  return Find(octets, mark.data(), mark.size());
}

// A sequence written by PutSequence.
std::uint64_t SequenceAt(const std::uint8_t* at) {
  std::uint64_t sequence = 0;
  for (std::size_t i = 0; i < kSequenceOctets; ++i) sequence |= std::uint64_t{at[i] & 0x7FU} << (7 * i);
  return sequence;
}

v1::Envelope Track(bool to_all) {
  v1::Envelope envelope;
  v1::MessageId& id = *envelope.mutable_id();
  id.set_origin(std::string(kOrigin));
  id.set_incarnation(kIncarnation);
  id.set_precedence(v1::PRECEDENCE_ROUTINE);
  id.set_sequence(kFirstSequence);
  envelope.set_family(v1::FAMILY_TRACK);
  v1::Label& label = *envelope.mutable_label();
  label.set_policy("EXERCISE");
  label.set_classification("RESTRICTED");
  label.set_origin(v1::LABEL_ORIGIN_CARRIED);
  v1::LabelCategory& releasable = *label.add_categories();
  releasable.set_tag("Releasable To");
  releasable.set_type(v1::CATEGORY_TYPE_PERMISSIVE);
  releasable.add_values(to_all ? "EVERYBODY" : "FIRSTHALF");
  envelope.set_object_id("unit-17");
  envelope.mutable_times()->mutable_sent()->set_utc_ns(kTimeMark);
  v1::Track& track = *envelope.mutable_track();
  track.mutable_position()->set_latitude_deg(53.865);
  track.mutable_position()->set_longitude_deg(8.7);
  track.set_course_deg(114.5);
  track.set_speed_mps(8.25);
  std::string callsign = "ADLER ";
  track.set_callsign(callsign);
  while (envelope.ByteSizeLong() < kEnvelopeOctets) track.set_callsign(callsign += '6');
  return envelope;
}

}  // namespace

std::string ReceiverName(std::size_t index) {
  return fmt::format("{}/r{}", kNations[index % kNations.size()], index);
}

std::string LoadExercise(std::string_view bus_section, std::size_t receivers_with_access) {
  constexpr std::string_view kAccess = "{protocol: cot, external: true, listen: \"127.0.0.1:0\", label: RESTRICTED rel EVERYBODY}";
  std::string nations;
  for (std::size_t i = 0; i < kNations.size(); ++i) {
    const std::string nodes = i < receivers_with_access ? fmt::format(", nodes: {{r{}: {}}}", i, kAccess) : "";
    nations += fmt::format("  {}: {{clearance: RESTRICTED{}}}\n", kNations[i], nodes);
  }
  return fmt::format(
      "version: 1\nname: bus-benchmark\nduration: 1 h\n{}"
      "policy:\n  name: EXERCISE\n  classifications: [UNCLASSIFIED, RESTRICTED]\n"
      "  communities:\n    EVERYBODY: [DEU, {}]\n    FIRSTHALF: [DEU, {}]\n"
      "nations:\n  DEU: {{clearance: RESTRICTED, nodes: {{sender: {}}}}}\n{}",
      bus_section, fmt::join(kNations, ", "), fmt::join(std::span(kNations).first(kNations.size() / 2), ", "), kAccess, nations);
}

CertificateFiles FilesOf(const std::string& folder, std::string name) {
  std::ranges::replace(name, '/', '-');
  return {fmt::format("{}/{}.pem", folder, name), fmt::format("{}/{}.key", folder, name), folder + "/authority.pem"};
}

LoadEnvelope::LoadEnvelope(LabelSet labels) : templates_{Make(true), Make(labels == LabelSet::kUniform)} {}

LoadEnvelope::Template LoadEnvelope::Make(bool to_all) {
  Template made{.octets = ToBytes(Track(to_all).SerializeAsString())};
  ENTENTE_INVARIANT(made.octets.size() == kEnvelopeOctets);
  made.sequence_at = SequencePlace(made.octets);
  made.time_at = Find(made.octets, &kTimeMark, sizeof(kTimeMark));
  return made;
}

ByteView LoadEnvelope::Patch(std::uint64_t sequence, std::int64_t sent_ns) {
  Template& chosen = templates_[(sequence - kFirstSequence) % 2];
  PutSequence(chosen.octets.data() + chosen.sequence_at, sequence);
  std::memcpy(chosen.octets.data() + chosen.time_at, &sent_ns, sizeof(sent_ns));
  return chosen.octets;
}

std::int64_t SentNs(ByteView envelope) {
  static const std::size_t time_at = [] {
    const Bytes octets = ToBytes(Track(true).SerializeAsString());
    return Find(octets, &kTimeMark, sizeof(kTimeMark));
  }();
  std::int64_t sent_ns = 0;
  if (envelope.size() == kEnvelopeOctets) std::memcpy(&sent_ns, envelope.data() + time_at, sizeof(sent_ns));
  return sent_ns;
}

void SampleAcknowledgement(Board& board, std::int64_t sent_ns) {
  if (board.sampling.load(std::memory_order_relaxed) != 0) board.acknowledgement.Add(MonotonicNs() - sent_ns);
}

void Receiver::OnEnvelope(ByteView envelope) {
  static const std::size_t sequence_at = SequencePlace(ToBytes(Track(true).SerializeAsString()));
  std::uint64_t sequence = 0;
  if (look_ == Look::kParse) {
    if (parsed_.ParseFromArray(envelope.data(), static_cast<int>(envelope.size()))) sequence = parsed_.id().sequence();
    if (samples_ && board_.sampling.load(std::memory_order_relaxed) != 0) {
      board_.delivery.Add(MonotonicNs() - parsed_.times().sent().utc_ns());
    }
  } else if (envelope.size() == kEnvelopeOctets) {
    sequence = SequenceAt(envelope.data() + sequence_at);
  }
  OnSequence(sequence);
}

void Receiver::OnSequence(std::uint64_t sequence) {
  if (sequence != next_) place_.gaps.fetch_add(1, std::memory_order_relaxed);
  next_ = sequence + step_;
  place_.last_sequence.store(sequence, std::memory_order_relaxed);
  place_.received.store(++received_, std::memory_order_release);
  board_.CountedOne();
}

std::int64_t MonotonicNs() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace entente::performance
