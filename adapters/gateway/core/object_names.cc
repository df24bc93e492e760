// SPDX-License-Identifier: Apache-2.0
#include "adapters/gateway/core/object_names.h"

namespace entente::gateway {

void ObjectNames::Remember(std::string_view object_id) {
  if (object_id.empty()) return;
  if (const auto known = index_.find(object_id); known != index_.end()) {
    order_.splice(order_.begin(), order_, known->second);
    return;
  }
  order_.emplace_front(object_id);
  index_.emplace(order_.front(), order_.begin());
  if (order_.size() <= limit_) return;
  index_.erase(order_.back());
  order_.pop_back();
}

}  // namespace entente::gateway
