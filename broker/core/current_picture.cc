// SPDX-License-Identifier: Apache-2.0
#include "broker/core/current_picture.h"

namespace entente::broker {

void CurrentPicture::Update(std::string_view object_id, ByteView record) {
  if (const auto known = index_.find(object_id); known != index_.end()) {
    objects_.splice(objects_.end(), objects_, known->second);
    octets_ -= objects_.back().record.size();
    objects_.back().record.assign(record.begin(), record.end());
  } else {
    objects_.push_back({std::string(object_id), ToBytes(record)});
    index_.emplace(objects_.back().id, std::prev(objects_.end()));
  }
  octets_ += record.size();
  while (objects_.size() > object_limit_ || octets_ > octet_limit_) ForgetOldest();
}

void CurrentPicture::ForgetOldest() {
  octets_ -= objects_.front().record.size();
  index_.erase(objects_.front().id);
  objects_.pop_front();
}

std::vector<ByteView> CurrentPicture::Records() const {
  std::vector<ByteView> records;
  records.reserve(objects_.size());
  for (const Object& object : objects_) records.emplace_back(object.record);
  return records;
}

}  // namespace entente::broker
