// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/label_text.h"

#include <algorithm>
#include <sstream>

namespace entente::harness {

void SetReleasableTo(v1::Label& label, const std::string& nation) {
  auto* categories = label.mutable_categories();
  auto found = std::ranges::find(*categories, kReleasableTo, &v1::LabelCategory::tag);
  v1::LabelCategory* category = found == categories->end() ? categories->Add() : &*found;
  category->set_tag(std::string(kReleasableTo));
  category->set_type(v1::CATEGORY_TYPE_PERMISSIVE);
  category->add_values(nation);
}

std::optional<v1::Label> ParseLabel(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, ',', ' ');
  std::istringstream words(std::move(spaced));
  v1::Label label;
  bool releasable = false;
  for (std::string word; words >> word;) {
    if ((word == "rel" || word == "REL") && !releasable) {
      releasable = true;
    } else if (releasable) {
      SetReleasableTo(label, word);
    } else {
      *label.mutable_classification() += (label.classification().empty() ? "" : " ") + word;
    }
  }
  if (label.classification().empty() || (releasable && label.categories().empty())) return std::nullopt;
  label.set_origin(v1::LABEL_ORIGIN_DEFAULT);
  return label;
}

std::string LabelText(const v1::Label& label) {
  std::string text = label.classification();
  for (const auto& category : label.categories()) {
    text += category.tag() == kReleasableTo ? " rel" : " " + category.tag() + ":";
    for (const auto& value : category.values()) text += " " + value;
  }
  return text;
}

}  // namespace entente::harness
