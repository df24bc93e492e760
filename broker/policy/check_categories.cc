// SPDX-License-Identifier: Apache-2.0
#include "broker/policy/contradictions.h"
#include "broker/policy/label_algebra.h"

namespace entente::broker {

void CheckValue(Contradictions& found, const std::string& where, std::string_view tag, const std::string& value) {
  if (tag == kReleasableTo) {
    auto known = found.NationsAndCommunities();
    if (Contains(known, value)) return;
    return found.Unknown(where, "\"Releasable To\" names \"" + value + "\", which is neither a nation nor a community here", value,
                         std::move(known));
  }
  const v1::CategoryPolicy* const declared = found.FindCategory(tag);
  if (declared == nullptr || declared->values().empty()) return;
  if (std::ranges::find(declared->values(), value) != declared->values().end()) return;
  found.Unknown(where, "\"" + value + "\" is no value of the category " + std::string(tag), value,
                {declared->values().begin(), declared->values().end()});
}

void CheckCategories(Contradictions& found) {
  std::set<std::string> seen;
  for (int i = 0; i < found.policy().categories_size(); ++i) {
    const v1::CategoryPolicy& category = found.policy().categories(i);
    if (category.tag().empty())
      found.Wrong(Contradictions::At("categories", i, "tag"), "a category has no tag", "name it or remove it");
    if (!seen.insert(category.tag()).second) {
      const bool conflict = found.FindCategory(category.tag())->type() != category.type();
      found.Twice(Contradictions::At("categories", i, "tag"),
                  "the category " + category.tag() + " is listed twice" + (conflict ? ", as being of different types" : ""),
                  "keep one entry with all its values");
    }
    const std::string type = Contradictions::At("categories", i, "type");
    if (category.type() == v1::CATEGORY_TYPE_UNSPECIFIED) {
      found.Wrong(type, "the category " + category.tag() + " has no type",
                  "say whether it is restrictive, permissive or informative");
    } else if (category.tag() == kReleasableTo && category.type() != v1::CATEGORY_TYPE_PERMISSIVE) {
      found.Wrong(type, "\"Releasable To\" is permissive by its meaning", "make it permissive, or give the category another tag");
    }
    std::set<std::string> values;
    for (const std::string& value : category.values()) {
      const std::string where = Contradictions::At("categories", i, "values");
      if (!values.insert(value).second) found.Twice(where, "the value " + value + " is listed twice", "keep one");
      if (category.tag() == kReleasableTo) CheckValue(found, where, kReleasableTo, value);
    }
  }
}

}  // namespace entente::broker
