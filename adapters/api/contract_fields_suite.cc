// SPDX-License-Identifier: Apache-2.0
// The contract suite's tests of meaning: what was said against what is understood, the capability profile and the loss ledger.
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "adapters/api/contract_suite.h"
#include "adapters/api/fields.h"

namespace entente::adapter {
namespace {

std::string Name(v1::Field field) {
  return v1::Field_Name(field);
}

// The last message of the sample's family that came through; nullptr when there is none.
const DecodedMessage* LastOfFamily(const RecordingSink& sink, v1::Family family) {
  const auto found = std::ranges::find_if(sink.messages.rbegin(), sink.messages.rend(),
                                          [&](const auto& message) { return message.decoded.envelope.family() == family; });
  return found == sink.messages.rend() ? nullptr : &found->decoded;
}

bool MayGoMissing(Carriage carriage) {
  return carriage == Carriage::kNone || carriage == Carriage::kExtension || carriage == Carriage::kLimited;
}

// The said value of a field that is a number; std::nullopt of others.
std::optional<double> NumberOf(const v1::Envelope& message, v1::Field field) {
  const v1::Track& track = message.track();
  switch (field) {
    case v1::FIELD_ALTITUDE:
      return message.has_alert() ? message.alert().altitude().metres() : track.altitude().metres();
    case v1::FIELD_HORIZONTAL_ACCURACY:
      return track.horizontal_accuracy_m();
    case v1::FIELD_VERTICAL_ACCURACY:
      return track.vertical_accuracy_m();
    case v1::FIELD_COURSE:
      return track.course_deg();
    case v1::FIELD_HEADING:
      return track.attitude().heading_deg();
    case v1::FIELD_SPEED:
      return track.speed_mps();
    case v1::FIELD_VERTICAL_RATE:
      return track.vertical_rate_mps();
    case v1::FIELD_RATE_OF_TURN:
      return track.rate_of_turn_dps();
    default:
      return std::nullopt;
  }
}

bool OutOfRange(const v1::Envelope& message, const FieldCapability& capability) {
  const auto number = NumberOf(message, capability.field);
  return number && (*number < capability.minimum || *number > capability.maximum);
}

// A difference that the profile allows: within the resolution, a value beyond the range, or a smaller vocabulary.
bool MayDiffer(const FieldComparison& comparison, const FieldCapability& capability, const v1::Envelope& said) {
  if (comparison.error <= capability.resolution * (1 + 1e-9)) return true;
  if (OutOfRange(said, capability)) return true;
  return std::isinf(comparison.error) && MayGoMissing(capability.carriage);
}

// Why the comparison is not what profile and ledger promised; empty: it is.
std::string BrokenPromise(const FieldComparison& comparison, const FieldCapability& capability, const LossLedger::Entry* entry,
                          const v1::Envelope& said) {
  const bool ledger_admits_loss = entry != nullptr && entry->outcome != v1::LEDGER_OUTCOME_KEPT;
  switch (comparison.verdict) {
    case FieldVerdict::kKept:
    case FieldVerdict::kInvented:
      return {};
    case FieldVerdict::kMissing:
      if (!MayGoMissing(capability.carriage)) return "the profile promises it, but it is missing";
      if (capability.carriage != Carriage::kNone && !ledger_admits_loss) return "missing, and the ledger does not say so";
      return {};
    case FieldVerdict::kDiffers:
      if (comparison.error <= capability.resolution * (1 + 1e-9)) return {};
      if (MayDiffer(comparison, capability, said)) return ledger_admits_loss ? "" : "differs, and the ledger does not say so";
      return "differs by " + std::to_string(comparison.error) + ", but the resolution is " + std::to_string(capability.resolution);
  }
  return {};
}

// Why the ledger is untrue about the comparison; empty: it is true.
std::string UntrueLedger(const FieldComparison& comparison, const FieldCapability& capability, const LossLedger::Entry& entry) {
  const double tolerance = std::max(capability.resolution, 1e-6);
  if (entry.outcome == v1::LEDGER_OUTCOME_KEPT) {
    if (comparison.verdict == FieldVerdict::kMissing) return "said to be kept, but missing";
    if (comparison.verdict == FieldVerdict::kDiffers && comparison.error > tolerance) return "said to be kept, but differs";
  }
  if (entry.outcome == v1::LEDGER_OUTCOME_APPROXIMATED && comparison.verdict == FieldVerdict::kDiffers) {
    const double admitted = std::max(entry.error * (1 + 1e-6) + 1e-6, tolerance);
    if (comparison.error > admitted) {
      return "said to be off by " + std::to_string(entry.error) + ", but is by " + std::to_string(comparison.error);
    }
  }
  return {};
}

}  // namespace

TEST_P(AdapterContract, ProfileIsWellFormed) {
  ASSERT_FALSE(form().capability.families.empty());
  for (const FamilyCapability& family : form().capability.families) {
    std::map<v1::Field, int> seen;
    for (const FieldCapability& field : family.fields) {
      SCOPED_TRACE(v1::Family_Name(family.family) + ' ' + Name(field.field));
      EXPECT_EQ(++seen[field.field], 1) << "listed twice";
      EXPECT_LE(field.minimum, field.maximum);
      EXPECT_GE(field.resolution, 0);
    }
  }
}

TEST_P(AdapterContract, SaysEveryFamilyOfItsProfileAndNoOther) {
  std::map<v1::Family, int> said;
  for (const Sample& sample : SampleMessages(ContractTime())) {
    const auto pair = MakePair();
    const SendResult result = pair->SendFromNode(sample.message);
    const FamilyCapability* family = form().capability.Find(sample.message.family());
    if (result.outcome == v1::SEND_OUTCOME_SENT) {
      ++said[sample.message.family()];
      EXPECT_TRUE(family != nullptr && family->encodes) << sample.name << ": said, but not in the profile";
      EXPECT_FALSE(result.units.empty()) << sample.name;
    } else {
      EXPECT_FALSE(result.reason.empty()) << sample.name << ": not said, and no reason given";
    }
  }
  for (const FamilyCapability& family : form().capability.families) {
    // Opaque units and liveness are the protocol's own: no sample can stand for every protocol.
    if (!family.encodes || family.family == v1::FAMILY_OPAQUE || family.family == v1::FAMILY_LIVENESS ||
        family.family == v1::FAMILY_PROTOCOL_ERROR) {
      continue;
    }
    EXPECT_GT(said[family.family], 0) << v1::Family_Name(family.family) << " is in the profile, but no sample of it can be said";
  }
}

TEST_P(AdapterContract, KeepsWhatItsProfilePromises) {
  for (const Sample& sample : SampleMessages(ContractTime())) {
    const FamilyCapability* family = form().capability.Find(sample.message.family());
    if (family == nullptr || !family->decodes || !family->encodes) continue;
    SCOPED_TRACE(sample.name);
    const auto pair = MakePair();
    if (pair->SendFromNode(sample.message).outcome != v1::SEND_OUTCOME_SENT) continue;
    const LossLedger ledger = pair->ledger();
    pair->Exchange();
    const DecodedMessage* understood = LastOfFamily(pair->gateway_sink, sample.message.family());
    ASSERT_NE(understood, nullptr) << "said, but not understood";
    for (const FieldComparison& comparison : Compare(sample.message, understood->envelope)) {
      const FieldCapability capability = form().capability.Find(sample.message.family(), comparison.field);
      EXPECT_EQ(BrokenPromise(comparison, capability, ledger.Find(comparison.field), sample.message), "") << Name(comparison.field);
    }
  }
}

TEST_P(AdapterContract, LedgerIsTrueAndWhole) {
  for (const Sample& sample : SampleMessages(ContractTime())) {
    SCOPED_TRACE(sample.name);
    const auto pair = MakePair();
    if (pair->SendFromNode(sample.message).outcome != v1::SEND_OUTCOME_SENT) continue;
    const LossLedger ledger = pair->ledger();
    std::map<v1::Field, int> entries;
    for (const LossLedger::Entry& entry : ledger.entries()) EXPECT_EQ(++entries[entry.field], 1) << Name(entry.field) << " twice";
    for (const FieldComparison& said : Compare(sample.message, sample.message)) {
      EXPECT_TRUE(entries.contains(said.field)) << Name(said.field) << " is in the message, but not in the ledger";
    }
    pair->Exchange();
    const DecodedMessage* understood = LastOfFamily(pair->gateway_sink, sample.message.family());
    if (understood == nullptr) continue;
    for (const FieldComparison& comparison : Compare(sample.message, understood->envelope)) {
      const LossLedger::Entry* entry = ledger.Find(comparison.field);
      if (entry == nullptr) continue;
      const FieldCapability capability = form().capability.Find(sample.message.family(), comparison.field);
      EXPECT_EQ(UntrueLedger(comparison, capability, *entry), "") << Name(comparison.field);
    }
  }
}

TEST_P(AdapterContract, DecodedMessagesAreWellFormed) {
  for (const Sample& sample : SampleMessages(ContractTime())) {
    SCOPED_TRACE(sample.name);
    const auto pair = MakePair();
    if (pair->SendFromNode(sample.message).outcome != v1::SEND_OUTCOME_SENT) continue;
    pair->Exchange();
    for (const auto& message : pair->gateway_sink.messages) {
      const v1::Envelope& envelope = message.decoded.envelope;
      EXPECT_NE(envelope.family(), v1::FAMILY_UNSPECIFIED);
      EXPECT_NE(envelope.body_case(), v1::Envelope::BODY_NOT_SET);
      EXPECT_TRUE(envelope.id().origin().empty() && envelope.id().sequence() == 0) << "the gateway gives ids";
      if (envelope.has_track()) {
        EXPECT_FALSE(envelope.native_id().value().empty());
        EXPECT_LE(std::abs(envelope.track().position().latitude_deg()), 90);
        EXPECT_LE(std::abs(envelope.track().position().longitude_deg()), 180);
        EXPECT_TRUE(!envelope.track().has_course_deg() ||
                    (envelope.track().course_deg() >= 0 && envelope.track().course_deg() < 360));
      }
      // A field said to be unknown has no value, and the ledger of decoding names each field once.
      std::map<v1::Field, int> entries;
      for (const LossLedger::Entry& entry : message.decoded.ledger.entries())
        EXPECT_EQ(++entries[entry.field], 1) << Name(entry.field);
    }
  }
}

TEST_P(AdapterContract, EncodingIsPureAndRepeatsExactly) {
  for (const Sample& sample : SampleMessages(ContractTime())) {
    const NodeOptions options = NodeOptions::Defaults(info().node_options);
    HashedObjectIds ids;
    const auto first = info().codec->Encode(sample.message, {form().name, options, ids});
    const auto second = info().codec->Encode(sample.message, {form().name, options, ids});
    ASSERT_EQ(first.has_value(), second.has_value()) << sample.name;
    if (!first) continue;
    ASSERT_EQ(first->units.size(), second->units.size());
    for (std::size_t i = 0; i < first->units.size(); ++i) EXPECT_EQ(*first->units[i], *second->units[i]) << sample.name;
    EXPECT_EQ(first->ledger, second->ledger) << sample.name;
  }
}

TEST_P(AdapterContract, OptionsHaveValidDefaultsAndDistinctFingerprints) {
  const NodeOptions defaults = NodeOptions::Defaults(info().node_options);
  EXPECT_EQ(defaults.Fingerprint(), NodeOptions::Defaults(info().node_options).Fingerprint());
  for (const NodeOption& option : info().node_options) {
    SCOPED_TRACE(option.name);
    EXPECT_FALSE(option.description.empty());
    NodeOptions options = defaults;
    EXPECT_TRUE(options.Set(info().node_options, option.name, option.default_text).has_value());
    EXPECT_EQ(options, defaults);
    for (const std::string_view choice : option.choices) {
      NodeOptions chosen = defaults;
      EXPECT_TRUE(chosen.Set(info().node_options, option.name, choice).has_value());
      EXPECT_EQ(chosen.Fingerprint() == defaults.Fingerprint(), choice == option.default_text);
    }
  }
}

TEST_P(AdapterContract, DescribesItself) {
  EXPECT_FALSE(info().name.empty());
  EXPECT_FALSE(info().standard.empty());
  EXPECT_FALSE(info().transports.empty());
  EXPECT_NE(info().codec, nullptr);
  EXPECT_NE(info().make_session, nullptr);
  EXPECT_GT(info().unit_limit_octets, 0U);
  EXPECT_GE(info().damage_rules.size(), 6U);
  EXPECT_EQ(info().FindForm(form().name), &form());
  const bool offered =
      std::ranges::any_of(info().transports, [&](const auto& offer) { return CarrierOf(offer.kind) == form().carrier; });
  EXPECT_TRUE(offered) << "no transport carries this form";
}

}  // namespace entente::adapter
