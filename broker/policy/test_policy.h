// SPDX-License-Identifier: Apache-2.0
#pragma once

// The policy and labels that the broker's tests share: three nations at three levels, one community, one restrictive value.

#include <initializer_list>
#include <string>
#include <string_view>

#include "entente/v1/policy.pb.h"

namespace entente::broker::testing {

inline v1::ExercisePolicy TestPolicy() {
  v1::ExercisePolicy policy;
  policy.set_name("EXERCISE");
  for (const char* level : {"UNCLASSIFIED", "RESTRICTED", "SECRET"}) policy.add_classifications(level);
  const auto nation = [&](const char* code, const char* clearance) {
    v1::NationPolicy& entry = *policy.add_nations();
    entry.set_nation(code);
    entry.set_clearance(clearance);
    return &entry;
  };
  nation("DEU", "SECRET")->add_restrictive_held("Caveat/BOHEMIA");
  nation("FRA", "SECRET");
  nation("NOR", "RESTRICTED");
  nation("FIN", "UNCLASSIFIED");
  v1::Community& community = *policy.add_communities();
  community.set_name("NORTH");
  community.add_nations("NOR");
  community.add_nations("FIN");
  policy.set_unlabelled_egress_up_to("RESTRICTED");
  return policy;
}

inline v1::Label TestLabel(std::string_view classification) {
  v1::Label label;
  label.set_policy("EXERCISE");
  label.set_classification(std::string(classification));
  return label;
}

inline v1::Label With(v1::Label label, std::string_view tag, v1::CategoryType type, std::initializer_list<const char*> values) {
  v1::LabelCategory& category = *label.add_categories();
  category.set_tag(std::string(tag));
  category.set_type(type);
  for (const char* value : values) category.add_values(value);
  return label;
}

inline v1::Label ReleasableTo(v1::Label label, std::initializer_list<const char*> values) {
  return With(std::move(label), "Releasable To", v1::CATEGORY_TYPE_PERMISSIVE, values);
}

}  // namespace entente::broker::testing
