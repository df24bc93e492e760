// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/assembler.h"

#include <algorithm>

namespace entente::ais {
namespace {

std::string KeyOf(const Sentence& sentence) {
  std::string key(sentence.tag.source);
  key += '\n';
  if (!sentence.tag.group.empty()) {
    key += 'g';
    key += sentence.tag.group;
  } else {
    key += sentence.address;
    key += sentence.channel;
    key += std::to_string(sentence.sequence);
  }
  key += '/';
  return key + std::to_string(sentence.count);
}

Bytes Join(std::span<const Bytes> lines) {
  Bytes joined;
  for (const Bytes& line : lines) joined.insert(joined.end(), line.begin(), line.end());
  return joined;
}

}  // namespace

std::optional<Bytes> Assembler::Add(const Sentence& sentence, ByteView line, Instant now, std::vector<Broken>& broken) {
  const std::string key = KeyOf(sentence);
  auto group = groups_.find(key);
  if (group != groups_.end() && !group->second.lines[sentence.index - 1].empty()) {
    if (std::ranges::equal(group->second.lines[sentence.index - 1], line)) return std::nullopt;  // heard twice
    GiveUp(group, "another message with the same identifier began", broken);
    group = groups_.end();
  }
  if (group == groups_.end()) {
    if (groups_.size() == kMaxGroups) GiveUp(Oldest(), "more than " + std::to_string(kMaxGroups) + " unfinished messages", broken);
    group = groups_.emplace(key, Group{sentence.count, 0, now, {}}).first;
  }
  group->second.lines[sentence.index - 1] = ToBytes(line);
  if (++group->second.held < sentence.count) return std::nullopt;
  Bytes whole = Join(group->second.lines);
  groups_.erase(group);
  return whole;
}

void Assembler::Expire(Instant now, std::vector<Broken>& broken) {
  for (auto group = groups_.begin(); group != groups_.end();) {
    const auto next = std::next(group);
    if (group->second.since + kTimeout <= now) GiveUp(group, "the rest did not come within 10 s", broken);
    group = next;
  }
}

void Assembler::GiveUpAll(std::vector<Broken>& broken) {
  while (!groups_.empty()) GiveUp(Oldest(), "the stream ended", broken);
}

std::optional<Instant> Assembler::NextDeadline() const {
  if (groups_.empty()) return std::nullopt;
  const auto oldest = std::ranges::min_element(groups_, {}, [](const auto& entry) { return entry.second.since; });
  return oldest->second.since + kTimeout;
}

void Assembler::GiveUp(Groups::iterator group, std::string why, std::vector<Broken>& broken) {
  Bytes octets = Join(group->second.lines);
  const std::size_t size = octets.size();
  broken.push_back(
      {std::move(octets),
       {adapter::DecodeCode::kTruncated, size, "sentence number", "IEC 61162-1, VDM sentence",
        std::to_string(group->second.held) + " of " + std::to_string(group->second.count) + " sentences, and " + std::move(why)}});
  groups_.erase(group);
}

Assembler::Groups::iterator Assembler::Oldest() {
  return std::ranges::min_element(groups_, {}, [](const auto& entry) { return entry.second.since; });
}

}  // namespace entente::ais
