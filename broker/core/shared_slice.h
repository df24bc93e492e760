// SPDX-License-Identifier: Apache-2.0
#pragma once

// A part of an immutable, reference-counted buffer: how envelopes travel through the relay without a copy. Parts keep the whole
// buffer alive. The owner may be a vector, or whatever the transport received into.

#include <algorithm>
#include <memory>
#include <span>
#include <utility>

#include "base/bytes.h"

namespace entente::broker {

class SharedSlice {
 public:
  SharedSlice() = default;
  // `view` lies in what `owner` keeps alive.
  SharedSlice(std::shared_ptr<const void> owner, ByteView view) : owner_(std::move(owner)), view_(view) {}
  explicit SharedSlice(SharedBytes octets) : view_(*octets) { owner_ = std::move(octets); }
  explicit SharedSlice(Bytes octets) : SharedSlice(Share(std::move(octets))) {}

  // A copy of the parts, one behind the other, of `octets` together: octets and their count in one allocation.
  static SharedSlice Joined(std::span<const ByteView> parts, std::size_t octets) {
    const auto copy = std::make_shared_for_overwrite<std::uint8_t[]>(octets);
    std::uint8_t* at = copy.get();
    for (const ByteView part : parts) at = std::ranges::copy(part, at).out;
    return {{copy, copy.get()}, {copy.get(), octets}};
  }

  [[nodiscard]] ByteView view() const { return view_; }
  [[nodiscard]] std::size_t size() const { return view_.size(); }
  // The same buffer, another window; `part` lies within view().
  [[nodiscard]] SharedSlice Part(ByteView part) const { return {owner_, part}; }
  // By what follows it in the buffer.
  void Extend(std::size_t octets) { view_ = {view_.data(), view_.size() + octets}; }
  [[nodiscard]] const std::shared_ptr<const void>& owner() const { return owner_; }

 private:
  std::shared_ptr<const void> owner_;
  ByteView view_;
};

}  // namespace entente::broker
