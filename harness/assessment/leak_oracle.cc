// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/leak_oracle.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace entente::harness {

namespace {

bool Holds(const v1::NationPolicy& nation, std::string_view tag, std::string_view value) {
  return std::ranges::find(nation.restrictive_held(), fmt::format("{}/{}", tag, value)) != nation.restrictive_held().end();
}

}  // namespace

int LeakOracle::Level(std::string_view classification) const {
  const auto& names = policy_.classifications();
  const auto found = std::ranges::find(names, classification);
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

const v1::NationPolicy* LeakOracle::Find(std::string_view nation) const {
  const auto found = std::ranges::find_if(policy_.nations(), [&](const auto& entry) { return entry.nation() == nation; });
  return found == policy_.nations().end() ? nullptr : &*found;
}

bool LeakOracle::IsOrBelongsTo(std::string_view nation, std::string_view value) const {
  return nation == value || std::ranges::any_of(policy_.communities(), [&](const v1::Community& community) {
           return community.name() == value && std::ranges::find(community.nations(), nation) != community.nations().end();
         });
}

// Releasability speaks of nations and communities; any other permissive category of what a nation holds.
bool LeakOracle::IsMeant(std::string_view tag, std::string_view value, const v1::NationPolicy& nation) const {
  return tag == "Releasable To" ? IsOrBelongsTo(nation.nation(), value) : Holds(nation, tag, value);
}

std::optional<std::string> LeakOracle::WhyNotCategory(const v1::LabelCategory& category, const v1::NationPolicy& nation) const {
  switch (category.type()) {
    case v1::CATEGORY_TYPE_INFORMATIVE:
      return std::nullopt;
    case v1::CATEGORY_TYPE_PERMISSIVE:
      if (std::ranges::any_of(category.values(), [&](const auto& value) { return IsMeant(category.tag(), value, nation); })) {
        return std::nullopt;
      }
      return fmt::format("{} is not among {} {}", nation.nation(), category.tag(), fmt::join(category.values(), " "));
    case v1::CATEGORY_TYPE_RESTRICTIVE:
      for (const std::string& value : category.values()) {
        if (!Holds(nation, category.tag(), value))
          return fmt::format("{} does not hold {}/{}", nation.nation(), category.tag(), value);
      }
      return std::nullopt;
    default:
      return fmt::format("the category {} does not say how it acts", category.tag());
  }
}

std::optional<std::string> LeakOracle::WhyNot(const v1::Label& label, std::string_view nation) const {
  if (label.classification().empty()) return "the message has no label";
  if (label.policy() != policy_.name()) return fmt::format("its label is of the policy {}, not {}", label.policy(), policy_.name());
  const v1::NationPolicy* reader = Find(nation);
  if (reader == nullptr) return fmt::format("the policy says nothing of {}", nation);
  const int level = Level(label.classification());
  if (level < 0) return fmt::format("{} is no classification of the policy", label.classification());
  if (level > Level(reader->clearance())) {
    return fmt::format("{} is cleared up to {}, below {}", nation, reader->clearance().empty() ? "nothing" : reader->clearance(),
                       label.classification());
  }
  for (const v1::LabelCategory& category : label.categories()) {
    if (auto why_not = WhyNotCategory(category, *reader)) return why_not;
  }
  return std::nullopt;
}

std::optional<std::string> LeakOracle::WhyNotUnlabelled(const v1::Label& label) const {
  const int level = Level(label.classification());
  if (level >= 0 && level <= Level(policy_.unlabelled_egress_up_to())) return std::nullopt;
  return fmt::format("without a label at most {} may go out, not {}",
                     policy_.unlabelled_egress_up_to().empty() ? "nothing" : policy_.unlabelled_egress_up_to(),
                     label.classification().empty() ? "what has no label" : label.classification());
}

v1::Label LeakOracle::LabelOf(const v1::Label& said, std::string_view node) const {
  if (!said.classification().empty()) return said;
  const auto found = std::ranges::find_if(policy_.nodes(), [&](const auto& entry) { return entry.node() == node; });
  return found == policy_.nodes().end() ? said : found->default_label();
}

std::string LabelMarking(const v1::Label& label) {
  if (label.classification().empty()) return "no label";
  std::string text = fmt::format("{} {}", label.policy(), label.classification());
  for (const v1::LabelCategory& category : label.categories()) {
    text += fmt::format(", {} {}", category.tag(), fmt::join(category.values(), " "));
  }
  return text;
}

}  // namespace entente::harness
