// SPDX-License-Identifier: Apache-2.0
#include "harness/exercise/words.h"

#include <algorithm>
#include <numeric>

namespace entente::harness {
namespace {

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Length of what all value names of an enumeration begin with, "FAMILY_": the zero value is FAMILY_UNSPECIFIED.
std::size_t PrefixLength(const google::protobuf::EnumDescriptor& words) {
  constexpr std::string_view kZero = "UNSPECIFIED";
  const std::string& zero = words.value(0)->name();
  return zero.ends_with(kZero) ? zero.size() - kZero.size() : 0;
}

// Insertions, removals, substitutions and exchanges of neighbours; letter case aside.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(above.begin(), above.end(), 0U);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = Lower(a[i - 1]) == Lower(b[j - 1]);
      row[j] = std::min({above[j - 1] + (same ? 0 : 1), above[j] + 1, row[j - 1] + 1});
      const bool exchanged = i > 1 && j > 1 && Lower(a[i - 1]) == Lower(b[j - 2]) && Lower(a[i - 2]) == Lower(b[j - 1]);
      if (exchanged) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(above);
    above.swap(row);
  }
  return above.back();
}

}  // namespace

std::string WordOf(const google::protobuf::EnumDescriptor& words, int value) {
  const auto* found = words.FindValueByNumber(value);
  if (found == nullptr) return {};
  std::string word = found->name().substr(PrefixLength(words));
  const bool capitals = words.name() == "Precedence";
  for (char& c : word) c = c == '_' ? '-' : (capitals ? c : Lower(c));
  return word;
}

std::vector<std::string> WordsOf(const google::protobuf::EnumDescriptor& words) {
  std::vector<std::string> all;
  for (int i = 0; i < words.value_count(); ++i) {
    if (words.value(i)->number() != 0) all.push_back(WordOf(words, words.value(i)->number()));
  }
  return all;
}

std::optional<int> ParseWord(const google::protobuf::EnumDescriptor& words, std::string_view text) {
  for (int i = 0; i < words.value_count(); ++i) {
    const int number = words.value(i)->number();
    if (number != 0 && WordOf(words, number) == text) return number;
  }
  return std::nullopt;
}

std::string_view Nearest(std::string_view text, const std::vector<std::string>& candidates) {
  constexpr std::size_t kLongestCompared = 64;
  if (text.size() > kLongestCompared) return {};
  std::string_view nearest;
  std::size_t best = std::max<std::size_t>(1, text.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = EditDistance(text, candidate);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace entente::harness
