// SPDX-License-Identifier: Apache-2.0
#include "adapters/cot/label.h"

#include <fmt/format.h>

#include <algorithm>

#include "adapters/common/xml/xml_text.h"

namespace entente::cot {
namespace {

constexpr std::string_view kReleasableTo = "Releasable To";
constexpr std::string_view kCaveat = "Caveat";

// Calls `each` with every value that is not empty, trimmed.
template <typename Each>
void ForEachValue(std::string_view list, Each each) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find_first_of(",;"), list.size());
    if (const std::string_view value = xml::Trim(list.substr(0, end)); !value.empty()) each(value);
    list.remove_prefix(std::min(list.size(), end + 1));
  }
}

v1::LabelCategory& CategoryOf(v1::Label& label, std::string_view tag, v1::CategoryType type) {
  for (v1::LabelCategory& category : *label.mutable_categories()) {
    if (category.tag() == tag) return category;
  }
  v1::LabelCategory& category = *label.add_categories();
  category.set_tag(tag.data(), tag.size());
  category.set_type(type);
  return category;
}

void AppendValue(std::string& list, std::string_view value) {
  if (!list.empty()) list += ',';
  list += value;
}

}  // namespace

bool ReadLabel(const EventHead& head, std::string_view policy, v1::Envelope& envelope) {
  const bool classified = !head.access.empty() && head.access != "Undefined";
  if (!classified && head.caveat.empty() && head.releasable_to.empty()) return false;
  v1::Label& label = *envelope.mutable_label();
  label.set_policy(policy.data(), policy.size());
  if (classified) label.set_classification(head.access);
  label.set_origin(v1::LABEL_ORIGIN_CARRIED);
  ForEachValue(head.releasable_to, [&](std::string_view value) {
    CategoryOf(label, kReleasableTo, v1::CATEGORY_TYPE_PERMISSIVE).add_values(value.data(), value.size());
  });
  ForEachValue(head.caveat, [&](std::string_view value) {
    const std::size_t colon = value.find(':');
    const std::string_view tag = colon == std::string_view::npos ? kCaveat : xml::Trim(value.substr(0, colon));
    if (colon != std::string_view::npos) value = xml::Trim(value.substr(colon + 1));
    CategoryOf(label, tag, v1::CATEGORY_TYPE_RESTRICTIVE).add_values(value.data(), value.size());
  });
  return true;
}

void WriteLabel(const v1::Label& label, std::string_view policy, EventHead& head, adapter::LossLedger& ledger) {
  head.access = label.classification();
  bool type_lost = false;
  for (const v1::LabelCategory& category : label.categories()) {
    const bool releasable = category.tag() == kReleasableTo && category.type() == v1::CATEGORY_TYPE_PERMISSIVE;
    type_lost |= !releasable && category.type() != v1::CATEGORY_TYPE_RESTRICTIVE;
    for (const std::string& value : category.values()) {
      if (releasable) {
        AppendValue(head.releasable_to, value);
      } else {
        AppendValue(head.caveat, category.tag() == kCaveat ? value : fmt::format("{}:{}", category.tag(), value));
      }
    }
  }
  if (!label.classification().empty()) {
    if (label.policy() == policy && label.privacy_mark().empty()) {
      ledger.Kept(v1::FIELD_CLASSIFICATION);
    } else {
      ledger.Approximated(v1::FIELD_CLASSIFICATION, 0, "access has no place for the policy's name or a privacy mark");
    }
  }
  if (label.categories_size() > 0) {
    if (type_lost) {
      ledger.Approximated(v1::FIELD_RELEASABILITY, 0, "caveat has no place for a category's type; it reads as restrictive");
    } else {
      ledger.Kept(v1::FIELD_RELEASABILITY);
    }
  }
}

}  // namespace entente::cot
