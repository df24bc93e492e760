// SPDX-License-Identifier: Apache-2.0
#include "adapters/api/registry.h"
#include "harness/assessment/fold.h"

namespace entente::harness {

const adapter::Form* RegisteredForm(std::string_view protocol, std::string_view form) {
  const adapter::AdapterInfo* adapter = adapter::FindAdapter(protocol);
  if (adapter == nullptr) return nullptr;
  if (!form.empty()) return adapter->FindForm(form);
  return adapter->forms.empty() ? nullptr : &adapter->forms.front();
}

}  // namespace entente::harness
