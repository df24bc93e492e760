// SPDX-License-Identifier: Apache-2.0
#include "harness/assessment/leak_oracle.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace entente::harness {

namespace {

bool Holds(const v1::NationPolicy& nation, std::string_view tag, std::string_view value) {
  return std::ranges::find(nation.restrictive_held(), fmt::format("{}/{}", tag, value)) != nation.restrictive_held().end();
}

// Every meaning that a table gives to a word; a table that gives it two is no help.
std::set<std::string> Meanings(const google::protobuf::RepeatedPtrField<v1::ValueMapping>& table, const std::string& word) {
  std::set<std::string> meanings;
  for (const v1::ValueMapping& row : table) {
    if (row.from() == word) meanings.insert(row.to());
  }
  return meanings;
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

v1::Label LeakOracle::Translated(const v1::Label& label, std::optional<std::string>& why_not) const {
  if (label.policy() == policy_.name()) return label;
  const v1::PolicyMapping* dictionary = nullptr;
  for (const v1::PolicyMapping& each : policy_.mappings()) {
    if (each.policy() != label.policy()) continue;
    if (dictionary != nullptr) why_not = fmt::format("the policy {} is mapped twice", label.policy());
    dictionary = &each;
  }
  v1::Label translated;
  if (dictionary == nullptr) {
    why_not = fmt::format("its label is of the policy {}, not {}", label.policy(), policy_.name());
    return translated;
  }
  translated.set_policy(policy_.name());
  const auto levels = Meanings(dictionary->classifications(), label.classification());
  if (levels.size() == 1) {
    translated.set_classification(*levels.begin());
  } else {
    why_not = fmt::format("the policy does not say what {} {} is here", label.policy(), label.classification());
  }
  for (const v1::LabelCategory& category : label.categories()) {
    const auto known = [&](const v1::CategoryMapping& each) { return each.from_tag() == category.tag(); };
    const auto entry = std::ranges::find_if(dictionary->categories(), known);
    if (std::ranges::count_if(dictionary->categories(), known) != 1) {
      why_not = fmt::format("the policy does not say what the category {} of {} is here", category.tag(), label.policy());
      continue;
    }
    v1::LabelCategory& said = *translated.add_categories();
    said.set_tag(entry->to_tag());
    said.set_type(category.type());
    for (const std::string& value : category.values()) {
      const auto meanings = Meanings(entry->values(), value);
      if (meanings.size() > 1) why_not = fmt::format("the policy maps {}/{} to two values", category.tag(), value);
      said.add_values(meanings.empty() ? value : *meanings.begin());
    }
  }
  return translated;
}

std::optional<std::string> LeakOracle::WhyNotDeclared(const v1::LabelCategory& category) const {
  if (policy_.categories().empty()) return std::nullopt;
  const auto of_tag = [&](const v1::CategoryPolicy& each) { return each.tag() == category.tag(); };
  if (std::ranges::count_if(policy_.categories(), of_tag) != 1) {
    return fmt::format("the policy does not know the category {}", category.tag());
  }
  const v1::CategoryPolicy& declared = *std::ranges::find_if(policy_.categories(), of_tag);
  if (declared.type() != category.type()) return fmt::format("the category {} acts otherwise in the policy", category.tag());
  for (const std::string& value : category.values()) {
    if (declared.values().empty() || std::ranges::find(declared.values(), value) != declared.values().end()) continue;
    return fmt::format("the policy does not know {}/{}", category.tag(), value);
  }
  return std::nullopt;
}

std::optional<std::string> LeakOracle::WhyNot(const v1::Label& given, std::string_view nation) const {
  if (given.classification().empty()) return "the message has no label";
  std::optional<std::string> untranslated;
  const v1::Label label = Translated(given, untranslated);
  if (untranslated) return untranslated;
  for (const v1::LabelCategory& category : label.categories()) {
    if (auto why_not = WhyNotDeclared(category)) return why_not;
  }
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

std::optional<std::string> LeakOracle::WhyNotUnlabelled(const v1::Label& given, std::string_view node) const {
  const auto& nodes = policy_.unlabelled_egress_nodes();
  if (!nodes.empty() && std::ranges::find(nodes, node) == nodes.end()) {
    return fmt::format("{} is not among the nodes to which messages may go without a label", node);
  }
  std::optional<std::string> untranslated;
  const v1::Label label = Translated(given, untranslated);
  if (untranslated) return untranslated;
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
