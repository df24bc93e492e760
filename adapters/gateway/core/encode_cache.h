// SPDX-License-Identifier: Apache-2.0
#pragma once

// One message is encoded once for all nodes that take it in the same form with equal options, however many they are. The oldest
// entries make room for new ones.

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "adapters/gateway/core/rendering.h"

namespace entente::gateway {

class EncodeCache {
 public:
  static constexpr std::size_t kEntries = 4096;
  static constexpr std::size_t kOctets = 16UL * 1024 * 1024;  // of encoded units and what the record says of them

  explicit EncodeCache(std::size_t entries = kEntries, std::size_t octets = kOctets)
      : entry_limit_(entries), octet_limit_(octets) {}

  // `recipe`: adapter, form and options fingerprint. The message is told apart by its id, which never changes its content.
  std::shared_ptr<Rendering> Encode(const adapter::Codec& codec, const v1::Envelope& message, std::string_view recipe,
                                    const adapter::EncodeContext& context);

  [[nodiscard]] std::size_t size() const { return index_.size(); }
  [[nodiscard]] std::size_t octets() const { return octets_; }
  [[nodiscard]] std::uint64_t hits() const { return hits_; }

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<Rendering> rendering;
    std::size_t octets = 0;
  };
  using Order = std::list<Entry>;  // the most recently used first

  void MakeRoom();

  std::size_t entry_limit_;
  std::size_t octet_limit_;
  std::size_t octets_ = 0;
  std::uint64_t hits_ = 0;
  Order order_;
  std::unordered_map<std::string_view, Order::iterator> index_;  // views into Entry::key
};

}  // namespace entente::gateway
