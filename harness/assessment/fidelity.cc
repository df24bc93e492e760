// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/fidelity.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "proto/value_name.h"

namespace entente::harness {
namespace {

using adapter::Carriage;
using adapter::FieldVerdict;

// Binary floating point of canonical values: far below any protocol's resolution.
constexpr double kRounding = 1e-6;

struct Carriers {
  const adapter::FieldCapability& from;
  const adapter::FieldCapability& to;
  bool limited = false;  // one of them has a smaller vocabulary or range
  bool both = false;     // both have a place for it
};

const adapter::FieldCapability& CapabilityOf(const adapter::Form* form, v1::Family family, v1::Field field) {
  static constexpr adapter::FieldCapability kNothing;
  const adapter::FamilyCapability* const spoken = form == nullptr ? nullptr : form->capability.Find(family);
  if (spoken == nullptr) return kNothing;
  const auto found = std::ranges::find(spoken->fields, field, &adapter::FieldCapability::field);
  return found == spoken->fields.end() ? kNothing : *found;
}

Carriers CarriersOf(v1::Field field, const Translation& translation) {
  Carriers carriers{CapabilityOf(translation.from, translation.family, field),
                    CapabilityOf(translation.to, translation.family, field)};
  const auto carries = [&](const adapter::FieldCapability& capability) {
    // A free extension is read only by the same protocol form.
    return capability.carriage > Carriage::kExtension ||
           (capability.carriage == Carriage::kExtension && translation.from == translation.to);
  };
  carriers.both = carries(carriers.from) && carries(carriers.to);
  carriers.limited = carriers.from.carriage == Carriage::kLimited || carriers.to.carriage == Carriage::kLimited;
  return carriers;
}

FieldFate JudgeDifference(double error, double allowed, const Carriers& carriers, bool in_ledger) {
  if (error <= allowed) return FieldFate::kApproximated;
  if (!carriers.both) return FieldFate::kInvented;  // one side cannot carry it: the receiver's value is its own
  if (carriers.limited && (std::isinf(error) || in_ledger)) return FieldFate::kApproximated;
  return FieldFate::kWrong;
}

}  // namespace

std::vector<v1::Field> LostBy(const google::protobuf::RepeatedPtrField<v1::LedgerEntry>& ledger) {
  std::vector<v1::Field> lost;
  for (const v1::LedgerEntry& entry : ledger) {
    if (adapter::IsLost(entry.outcome())) lost.push_back(entry.field());
  }
  return lost;
}

std::string LostFields(std::span<const v1::Field> lost, std::string_view already) {
  std::string fields(already);
  for (const v1::Field field : lost) {
    const char octet = static_cast<char>(field);
    if (!fields.contains(octet)) fields.push_back(octet);
  }
  std::ranges::sort(fields);
  return fields;
}

FieldJudgement JudgeField(const adapter::FieldComparison& comparison, const Translation& translation) {
  if (comparison.field == v1::FIELD_UNSPECIFIED) {  // another family was understood
    const adapter::FamilyCapability* family =
        translation.to == nullptr ? nullptr : translation.to->capability.Find(translation.family);
    return {family != nullptr && family->decodes ? FieldFate::kWrong : FieldFate::kDropped, 0};
  }
  const Carriers carriers = CarriersOf(comparison.field, translation);
  const bool in_ledger = translation.lost_fields.contains(static_cast<char>(comparison.field));
  const double allowed = carriers.from.resolution + carriers.to.resolution + kRounding;
  switch (comparison.verdict) {
    case FieldVerdict::kKept:
      return {FieldFate::kKept, allowed};
    case FieldVerdict::kDiffers:
      return {JudgeDifference(comparison.error, allowed, carriers, in_ledger), allowed};
    case FieldVerdict::kMissing:
      return {!carriers.both || (carriers.limited && in_ledger) ? FieldFate::kDropped : FieldFate::kWrong, allowed};
    case FieldVerdict::kInvented:
      return {FieldFate::kInvented, allowed};
  }
  return {FieldFate::kWrong, allowed};
}

std::uint64_t FidelityBook::Add(const Message& message, MessageIndex index, NodeIndex to, const v1::Envelope& said,
                                const v1::Envelope& understood, const Translation& translation) {
  FidelityKey key{message.origin, to, message.family, message.precedence};
  ByField& by_field = by_field_[key];
  std::uint64_t wrong = 0;
  for (const adapter::FieldComparison& comparison : adapter::Compare(said, understood)) {
    const FieldJudgement judgement = JudgeField(comparison, translation);
    FidelityCount*& known = by_field[static_cast<std::size_t>(comparison.field)];
    if (known == nullptr) {
      key.field = comparison.field;
      known = &counts_[key];
    }
    FidelityCount& count = *known;
    ++count.counts[static_cast<std::size_t>(judgement.fate)];
    count.allowed_error = std::max(count.allowed_error, judgement.allowed_error);
    if (judgement.fate != FieldFate::kInvented && std::isfinite(comparison.error)) {
      count.worst_error = std::max(count.worst_error, comparison.error);
    }
    if (judgement.fate != FieldFate::kWrong) continue;
    ++wrong;
    if (count.example != kNoMessage) continue;
    count.example = index;
    count.example_error = comparison.error;
    count.example_verdict = comparison.verdict;
  }
  return wrong;
}

void FidelityBook::TakeBackFamily(const Message& message, NodeIndex to, const Translation& translation) {
  const auto found = counts_.find({message.origin, to, message.family, message.precedence, v1::FIELD_UNSPECIFIED});
  if (found == counts_.end()) return;
  const FieldJudgement judgement = JudgeField({v1::FIELD_UNSPECIFIED, FieldVerdict::kDiffers, 0}, translation);
  std::uint64_t& count = found->second.counts[static_cast<std::size_t>(judgement.fate)];
  if (count > 0) --count;
}

std::string FieldName(v1::Field field) {
  return field == v1::FIELD_UNSPECIFIED ? "family" : ValueName(field);
}

std::string DescribeWrong(v1::Field field, const FidelityCount& count) {
  if (field == v1::FIELD_UNSPECIFIED) return "it was understood as another family";
  if (count.example_verdict == FieldVerdict::kMissing) return fmt::format("{} did not arrive", FieldName(field));
  if (std::isinf(count.example_error)) return fmt::format("{} arrived as another value", FieldName(field));
  return fmt::format("{} is off by {:.6g}, where {:.6g} is allowed", FieldName(field), count.example_error, count.allowed_error);
}

std::string_view FieldFateName(FieldFate fate) {
  constexpr std::array<std::string_view, kFieldFates> kNames = {"kept", "approximated", "dropped as declared", "invented", "wrong"};
  return kNames[static_cast<std::size_t>(fate)];
}

}  // namespace entente::harness
