// SPDX-License-Identifier: Apache-2.0
#pragma once

// Whether a nation should have understood a message, by the label that its author gave it and the policy of the exercise. Written
// apart from the broker's release guard on purpose, after ADatP-4774's rules of access: two who agree by sharing code prove
// nothing.

#include <optional>
#include <string>
#include <string_view>

#include "entente/v1/label.pb.h"
#include "entente/v1/policy.pb.h"

namespace entente::harness {

class LeakOracle {
 public:
  // `policy` outlives this.
  explicit LeakOracle(const v1::ExercisePolicy& policy) : policy_(policy) {}

  // std::nullopt: the nation may see it; else why not, in words.
  [[nodiscard]] std::optional<std::string> WhyNot(const v1::Label& label, std::string_view nation) const;
  // std::nullopt: may leave towards this node over a protocol without a place for a label.
  [[nodiscard]] std::optional<std::string> WhyNotUnlabelled(const v1::Label& label, std::string_view node) const;
  // What holds for a message that its author gave no label: the node's default; empty when there is none.
  [[nodiscard]] v1::Label LabelOf(const v1::Label& said, std::string_view node) const;

 private:
  [[nodiscard]] int Level(std::string_view classification) const;  // -1: not one of the policy's
  [[nodiscard]] const v1::NationPolicy* Find(std::string_view nation) const;
  [[nodiscard]] bool IsOrBelongsTo(std::string_view nation, std::string_view value) const;
  [[nodiscard]] bool IsMeant(std::string_view tag, std::string_view value, const v1::NationPolicy& nation) const;
  // What the label says in the words of the exercise's policy; in `why_not` what keeps it from being said there.
  [[nodiscard]] v1::Label Translated(const v1::Label& label, std::optional<std::string>& why_not) const;
  [[nodiscard]] std::optional<std::string> WhyNotDeclared(const v1::LabelCategory& category) const;
  [[nodiscard]] std::optional<std::string> WhyNotCategory(const v1::LabelCategory& category, const v1::NationPolicy& nation) const;

  const v1::ExercisePolicy& policy_;
};

// "EXERCISE RESTRICTED, Releasable To DEU FRA"; "no label" when empty.
std::string LabelMarking(const v1::Label& label);

}  // namespace entente::harness
