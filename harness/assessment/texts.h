// SPDX-License-Identifier: Apache-2.0
#pragma once

// Texts that repeat (reasons, labels, forms), kept once and spoken of by number.

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace entente::harness {

using TextId = std::uint32_t;
inline constexpr TextId kNoText = 0;

class Texts {
 public:
  // More different texts than this become kTooMany.
  static constexpr std::size_t kDifferentTexts = 65'536;
  static constexpr std::string_view kTooMany = "(too many different texts)";

  Texts() { Intern({}); }
  Texts(const Texts&) = delete;
  Texts& operator=(const Texts&) = delete;

  TextId Intern(std::string_view text) {
    const auto found = ids_.find(text);
    if (found != ids_.end()) return found->second;
    if (texts_.size() >= kDifferentTexts && text != kTooMany) return Intern(kTooMany);
    const auto id = static_cast<TextId>(texts_.size());
    ids_.emplace(texts_.emplace_back(text), id);
    return id;
  }
  [[nodiscard]] const std::string& At(TextId id) const { return texts_[id]; }

 private:
  std::deque<std::string> texts_;  // never moves, so that the views below stay
  std::unordered_map<std::string_view, TextId> ids_;
};

}  // namespace entente::harness
