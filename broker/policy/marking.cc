// SPDX-License-Identifier: Apache-2.0
#include "broker/policy/marking.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "broker/policy/label_algebra.h"

namespace entente::broker {
namespace {

constexpr std::string_view kReleasableWord = "REL";
constexpr std::string_view kNextCategory = " - ";

// Control characters would let a peer write lines of its own into ours.
std::string Printable(std::string_view text) {
  std::string printable(text);
  std::ranges::replace_if(printable, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; }, ' ');
  return printable;
}

std::string Joined(const google::protobuf::RepeatedPtrField<std::string>& values) {
  std::string joined;
  for (const std::string& value : values) joined += (joined.empty() ? "" : ", ") + value;
  return joined.empty() ? "nobody" : joined;
}

bool IsReleasable(const v1::LabelCategory& category) {
  return category.tag() == kReleasableTo && category.type() == v1::CATEGORY_TYPE_PERMISSIVE;
}

std::string_view Trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

// Of the names, the longest that the text begins with, as whole words.
std::string_view Longest(std::string_view text, const std::vector<std::string_view>& names) {
  std::string_view longest;
  for (const std::string_view name : names) {
    const bool fits = text.starts_with(name) && (text.size() == name.size() || text[name.size()] == ' ');
    if (fits && name.size() > longest.size()) longest = name;
  }
  return longest;
}

std::vector<std::string_view> PolicyNames(const v1::ExercisePolicy& policy) {
  std::vector<std::string_view> names{policy.name()};
  for (const v1::PolicyMapping& mapping : policy.mappings()) names.push_back(mapping.policy());
  return names;
}

std::vector<std::string_view> Classifications(const v1::ExercisePolicy& policy, std::string_view name) {
  std::vector<std::string_view> names;
  if (name == policy.name()) names.assign(policy.classifications().begin(), policy.classifications().end());
  for (const v1::PolicyMapping& mapping : policy.mappings()) {
    if (mapping.policy() != name) continue;
    for (const v1::ValueMapping& value : mapping.classifications()) names.push_back(value.from());
  }
  return names;
}

std::string Listed(const std::vector<std::string_view>& names) {
  std::string listed;
  for (const std::string_view name : names) listed += (listed.empty() ? "" : ", ") + std::string(name);
  return listed;
}

void AddValues(std::string_view values, v1::LabelCategory& category) {
  while (!values.empty()) {
    const std::size_t end = std::min(values.find(','), values.size());
    if (const std::string_view value = Trim(values.substr(0, end)); !value.empty()) category.add_values(std::string(value));
    values.remove_prefix(std::min(end + 1, values.size()));
  }
}

v1::CategoryType DeclaredType(const v1::ExercisePolicy& policy, std::string_view tag) {
  const auto declared = std::ranges::find(policy.categories(), tag, &v1::CategoryPolicy::tag);
  return declared == policy.categories().end() ? v1::CATEGORY_TYPE_RESTRICTIVE : declared->type();
}

Status ParseCategory(std::string_view text, const v1::ExercisePolicy& policy, v1::Label& label) {
  const std::size_t colon = text.find(':');
  const std::string_view tag = Trim(text.substr(0, colon));
  v1::LabelCategory& category = *label.add_categories();
  if (colon != std::string_view::npos) AddValues(text.substr(colon + 1), category);
  if (tag.empty() || category.values().empty()) {
    return Fail(ErrorCode::kInvalidArgument, "\"" + std::string(text) + "\" is no category with values", "label",
                "write it as <tag>: <value>, <value>");
  }
  category.set_tag(std::string(tag));
  category.set_type(DeclaredType(policy, tag));
  return {};
}

Status ParseReleasable(std::string_view text, v1::Label& label) {
  if (text.empty()) return {};
  if (Longest(text, {kReleasableWord, "rel"}).empty()) {
    return Fail(ErrorCode::kInvalidArgument, "\"" + std::string(text) + "\" behind the classification is not understood", "label",
                "write REL and the nations, as in \"RESTRICTED REL DEU, FRA\"");
  }
  v1::LabelCategory& category = *label.add_categories();
  category.set_tag(std::string(kReleasableTo));
  category.set_type(v1::CATEGORY_TYPE_PERMISSIVE);
  AddValues(text.substr(kReleasableWord.size()), category);
  if (category.values_size() == 1 && category.values(0) == "nobody") category.clear_values();
  return {};
}

}  // namespace

std::string Marking(const v1::Label& label) {
  if (label.classification().empty()) return "no label";
  std::string marking = label.policy().empty() ? label.classification() : label.policy() + " " + label.classification();
  for (const v1::LabelCategory& category : label.categories()) {
    if (IsReleasable(category)) marking += " " + std::string(kReleasableWord) + " " + Joined(category.values());
  }
  for (const v1::LabelCategory& category : label.categories()) {
    if (!IsReleasable(category)) marking += std::string(kNextCategory) + category.tag() + ": " + Joined(category.values());
  }
  if (!label.privacy_mark().empty()) marking += " (" + label.privacy_mark() + ")";
  return Printable(marking);
}

Result<v1::Label> ParseMarking(std::string_view text, const v1::ExercisePolicy& policy) {
  v1::Label label;
  label.set_origin(v1::LABEL_ORIGIN_OPERATOR);
  label.set_policy(policy.name());
  const std::size_t head_end = std::min(text.find(kNextCategory), text.size());
  std::string_view head = Trim(text.substr(0, head_end));
  std::string_view classification = Longest(head, Classifications(policy, policy.name()));
  if (const std::string_view name = Longest(head, PolicyNames(policy)); classification.empty() && !name.empty()) {
    label.set_policy(std::string(name));
    head = Trim(head.substr(name.size()));
    classification = Longest(head, Classifications(policy, name));
  }
  if (classification.empty()) {
    return Fail(ErrorCode::kNotFound, "\"" + std::string(text) + "\" begins with no classification of " + label.policy(), "label",
                "known: " + Listed(Classifications(policy, label.policy())) + "; other policies: " + Listed(PolicyNames(policy)));
  }
  label.set_classification(std::string(classification));
  if (Status parsed = ParseReleasable(Trim(head.substr(classification.size())), label); !parsed)
    return std::unexpected(parsed.error());
  for (std::string_view rest = text.substr(head_end); !rest.empty();) {
    rest.remove_prefix(kNextCategory.size());
    const std::size_t end = std::min(rest.find(kNextCategory), rest.size());
    if (Status parsed = ParseCategory(Trim(rest.substr(0, end)), policy, label); !parsed) return std::unexpected(parsed.error());
    rest.remove_prefix(end);
  }
  return label;
}

}  // namespace entente::broker
