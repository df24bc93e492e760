// SPDX-License-Identifier: Apache-2.0
#pragma once

// What was said against what was understood, field by field, judged by what both protocol forms declare that they can carry
// (adapters/api/capability.h). A field that both can carry and that did not arrive within both resolutions is wrong: a bug of ours
// or of the system under test. What a ledger says was dropped counts as declared only where the profile says that room is limited.

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "adapters/api/adapter_info.h"
#include "adapters/api/fields.h"
#include "entente/v1/record.pb.h"
#include "harness/assessment/assessment.h"
#include "harness/assessment/message_book.h"

namespace entente::harness {

// Fields that a ledger says were dropped or defaulted.
std::vector<v1::Field> LostBy(const google::protobuf::RepeatedPtrField<v1::LedgerEntry>& ledger);
// As one octet each, in order; joined for both legs.
std::string LostFields(std::span<const v1::Field> lost, std::string_view already = {});

// One translation, from the sender's form to the receiver's.
struct Translation {
  const adapter::Form* from = nullptr;  // nullptr: not known to this build
  const adapter::Form* to = nullptr;
  v1::Family family = v1::FAMILY_UNSPECIFIED;
  std::string_view lost_fields;
};

struct FieldJudgement {
  FieldFate fate = FieldFate::kKept;
  double allowed_error = 0;
};

FieldJudgement JudgeField(const adapter::FieldComparison& comparison, const Translation& translation);

struct FidelityKey {
  NodeIndex from = kNoNode;
  NodeIndex to = kNoNode;
  v1::Family family = v1::FAMILY_UNSPECIFIED;
  v1::Precedence precedence = v1::PRECEDENCE_UNSPECIFIED;
  v1::Field field = v1::FIELD_UNSPECIFIED;
  auto operator<=>(const FidelityKey&) const = default;
};

struct FidelityCount {
  std::array<std::uint64_t, kFieldFates> counts{};
  double worst_error = 0;
  double allowed_error = 0;
  MessageIndex example = kNoMessage;  // the first that went wrong
  double example_error = 0;
  adapter::FieldVerdict example_verdict = adapter::FieldVerdict::kKept;
};

class FidelityBook {
 public:
  FidelityBook() = default;
  FidelityBook(const FidelityBook&) = delete;
  FidelityBook& operator=(const FidelityBook&) = delete;

  // Returns how many fields were wrong.
  std::uint64_t Add(const Message& message, MessageIndex index, NodeIndex to, const v1::Envelope& said,
                    const v1::Envelope& understood, const Translation& translation);
  // The message was first taken for another family, and then for the right one after all.
  void TakeBackFamily(const Message& message, NodeIndex to, const Translation& translation);
  [[nodiscard]] const std::map<FidelityKey, FidelityCount>& counts() const { return counts_; }

 private:
  // Of one kind of message between two nodes, by field: in counts_; nullptr: none yet.
  using ByField = std::array<FidelityCount*, v1::Field_ARRAYSIZE>;

  std::map<FidelityKey, FidelityCount> counts_;
  std::map<FidelityKey, ByField> by_field_;  // so that a message is looked up once, not each of its fields
};

// "position", "standard identity", ...
std::string FieldName(v1::Field field);
// How the example went wrong: "position is 130.2 away, 10 allowed", "callsign did not arrive".
std::string DescribeWrong(v1::Field field, const FidelityCount& count);

}  // namespace entente::harness
