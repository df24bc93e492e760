// SPDX-License-Identifier: Apache-2.0
#include "harness/links/chain.h"

#include <algorithm>
#include <map>

#include "base/invariant.h"

namespace entente::harness {

ImpairmentSpec SpecOf(std::string_view kind, std::initializer_list<std::pair<std::string_view, SettingValue>> settings) {
  const ImpairmentKind* const found = FindImpairmentKind(kind);
  ENTENTE_INVARIANT(found != nullptr);
  ImpairmentSpec spec{found, Settings::Defaults(found->parameters), std::string(kind)};
  for (const auto& [name, value] : settings) spec.settings.Set(name, value);
  return spec;
}

Chain InPlace(Chain base, const Chain& over) {
  for (const ImpairmentSpec& spec : over) {
    const auto same = std::ranges::find(base, spec.kind, &ImpairmentSpec::kind);
    if (same != base.end()) {
      *same = spec;
    } else {
      base.push_back(spec);
    }
  }
  return base;
}

void NameRules(Chain& chain, std::string_view prefix) {
  std::map<const ImpairmentKind*, int> seen;
  for (ImpairmentSpec& spec : chain) {
    const int count = ++seen[spec.kind];
    spec.rule = prefix.empty() ? std::string() : std::string(prefix) + '/';
    spec.rule += spec.kind->name;
    if (count > 1) spec.rule += '#' + std::to_string(count);
  }
}

}  // namespace entente::harness
