// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/label_text.h"
#include "harness/exercise/quantity.h"
#include "harness/exercise/read_sections.h"

namespace entente::harness {
namespace {

v1::CategoryType CategoryTypeOf(const std::string& text) {
  if (text == "restrictive") return v1::CATEGORY_TYPE_RESTRICTIVE;
  return text == "permissive" ? v1::CATEGORY_TYPE_PERMISSIVE : v1::CATEGORY_TYPE_INFORMATIVE;
}

v1::Label ReadLabelMapping(const Section& section) {
  v1::Label label;
  label.set_policy(section.Text("policy"));
  label.set_classification(section.Text("classification"));
  label.set_privacy_mark(section.Text("privacy-mark"));
  for (const std::string& nation : section.Texts("releasable-to")) SetReleasableTo(label, nation);
  for (const auto& [tag, node] : section.Sub("categories").items()) {
    const Section values(node);
    auto* category = label.add_categories();
    category->set_tag(tag);
    category->set_type(CategoryTypeOf(values.Text("type")));
    for (const std::string& value : values.Texts("values")) category->add_values(value);
  }
  label.set_origin(v1::LABEL_ORIGIN_DEFAULT);
  return label;
}

v1::StreamLimits ReadLimits(const Section& section) {
  const auto natural = [&](std::string_view key) {
    return static_cast<std::uint64_t>(section.Value<std::int64_t>(key, &ParseInteger));
  };
  v1::StreamLimits limits;
  limits.set_messages_per_s(natural("messages-per-second"));
  limits.set_octets_per_s(natural("octets-per-second"));
  limits.set_outstanding_octets(natural("outstanding-octets"));
  limits.set_streams(static_cast<std::uint32_t>(natural("streams")));
  return limits;
}

void ReadIdentity(const std::string& name, const Section& section, v1::ExercisePolicy& policy) {
  auto* identity = policy.add_identities();
  identity->set_identity(name);
  identity->set_role(section.Word("role", v1::ROLE_NODE));
  for (const std::string& node : section.Texts("speaks-for")) identity->add_speaks_for(node);
}

void ReadValues(const Section& section, google::protobuf::RepeatedPtrField<v1::ValueMapping>& values) {
  for (const auto& [from, node] : section.items()) {
    v1::ValueMapping& value = *values.Add();
    value.set_from(from);
    value.set_to(section.Text(from));
  }
}

v1::PolicyMapping ReadMapping(const std::string& policy, const Section& section) {
  v1::PolicyMapping mapping;
  mapping.set_policy(policy);
  ReadValues(section.Sub("classifications"), *mapping.mutable_classifications());
  for (const auto& [tag, node] : section.Sub("categories").items()) {
    const Section rules(node);
    v1::CategoryMapping& category = *mapping.add_categories();
    category.set_from_tag(tag);
    category.set_to_tag(rules.Has("to") ? rules.Text("to") : tag);
    ReadValues(rules.Sub("values"), *category.mutable_values());
  }
  return mapping;
}

void ReadNation(const std::string& nation, const Section& section, v1::ExercisePolicy& policy) {
  auto* rules = policy.add_nations();
  rules->set_nation(nation);
  rules->set_clearance(section.Text("clearance"));
  for (const std::string& held : section.Texts("holds")) rules->add_restrictive_held(held);
  if (section.Has("limits")) *rules->mutable_limits() = ReadLimits(section.Sub("limits"));
  for (const auto& [name, node] : section.Sub("nodes").items()) {
    const Section plan(node);
    const YAML::Node label = plan.Has("label") ? plan.At("label") : section.At("label");
    if (!label.IsDefined() || label.IsNull()) continue;
    auto* node_policy = policy.add_nodes();
    node_policy->set_node(nation + '/' + name);
    *node_policy->mutable_default_label() = ReadLabel(label, policy.name());
  }
}

}  // namespace

v1::Label ReadLabel(const YAML::Node& node, const std::string& policy) {
  v1::Label label = node.IsScalar() ? ParseLabel(node.Scalar()).value_or(v1::Label{}) : ReadLabelMapping(Section(node));
  if (label.policy().empty()) label.set_policy(policy);
  return label;
}

v1::ExercisePolicy ReadPolicy(const Section& file) {
  const Section section = file.Sub("policy");
  v1::ExercisePolicy policy;
  policy.set_name(section.Has("name") ? section.Text("name") : "EXERCISE");
  for (const std::string& each : section.Texts("classifications")) policy.add_classifications(each);
  policy.set_unlabelled_egress_up_to(section.Text("unlabelled-egress-up-to"));
  const Section communities = section.Sub("communities");
  for (const auto& [name, nations] : communities.items()) {
    auto* community = policy.add_communities();
    community->set_name(name);
    for (const std::string& nation : communities.Texts(name)) community->add_nations(nation);
  }
  for (const auto& [tag, node] : section.Sub("categories").items()) {
    const Section rules(node);
    v1::CategoryPolicy& category = *policy.add_categories();
    category.set_tag(tag);
    category.set_type(CategoryTypeOf(rules.Text("type")));
    for (const std::string& value : rules.Texts("values")) category.add_values(value);
  }
  for (const auto& [name, node] : section.Sub("mappings").items()) *policy.add_mappings() = ReadMapping(name, Section(node));
  for (const std::string& node : section.Texts("unlabelled-egress-nodes")) policy.add_unlabelled_egress_nodes(node);
  for (const auto& [name, node] : section.Sub("identities").items()) ReadIdentity(name, Section(node), policy);
  for (const auto& [nation, node] : file.Sub("nations").items()) ReadNation(nation, Section(node), policy);
  return policy;
}

}  // namespace entente::harness
