// SPDX-License-Identifier: Apache-2.0
#include "adapters/ais/assembler.h"

#include <algorithm>

namespace entente::ais {
namespace {

void Join(std::span<const Bytes> lines, Bytes& joined) {
  joined.clear();
  for (const Bytes& line : lines) joined.insert(joined.end(), line.begin(), line.end());
}

}  // namespace

bool Assembler::Group::Holds(const Sentence& sentence) const {
  if (count != sentence.count || code != sentence.tag.group || source != sentence.tag.source) return false;
  return !code.empty() || (sequence == sentence.sequence && channel == sentence.channel && address == sentence.address);
}

std::optional<ByteView> Assembler::Add(const Sentence& sentence, ByteView line, Instant now, std::vector<Broken>& broken) {
  auto group = Find(sentence);
  if (group != end() && !group->lines[sentence.index - 1].empty()) {
    if (std::ranges::equal(group->lines[sentence.index - 1], line)) return std::nullopt;  // heard twice
    GiveUp(group, "another message with the same identifier began", broken);
    group = end();
  }
  if (group == end()) group = Begin(sentence, now, broken);
  group->lines[sentence.index - 1].assign(line.begin(), line.end());
  if (++group->held < sentence.count) return std::nullopt;
  Join(group->lines, whole_);
  Forget(group);
  return whole_;
}

void Assembler::Expire(Instant now, std::vector<Broken>& broken) {
  while (unfinished_ > 0 && groups_.front().since + kTimeout <= now) {
    GiveUp(groups_.begin(), "the rest did not come within 10 s", broken);
  }
}

void Assembler::GiveUpAll(std::vector<Broken>& broken) {
  while (unfinished_ > 0) GiveUp(groups_.begin(), "the stream ended", broken);
}

std::optional<Instant> Assembler::NextDeadline() const {
  return unfinished_ == 0 ? std::nullopt : std::optional(groups_.front().since + kTimeout);
}

Assembler::Groups::iterator Assembler::Find(const Sentence& sentence) {
  return std::find_if(groups_.begin(), end(), [&](const Group& group) { return group.Holds(sentence); });
}

Assembler::Groups::iterator Assembler::Begin(const Sentence& sentence, Instant now, std::vector<Broken>& broken) {
  if (unfinished_ == kMaxGroups) {
    GiveUp(groups_.begin(), "more than " + std::to_string(kMaxGroups) + " unfinished messages", broken);
  }
  if (unfinished_ == groups_.size()) groups_.emplace_back();
  const auto group = end();
  ++unfinished_;
  group->source = sentence.tag.source;
  group->code = sentence.tag.group;
  group->address = sentence.address;
  group->channel = sentence.channel;
  group->sequence = sentence.sequence;
  group->count = sentence.count;
  group->held = 0;
  group->since = now;
  for (Bytes& line : group->lines) line.clear();
  return group;
}

void Assembler::GiveUp(Groups::iterator group, std::string why, std::vector<Broken>& broken) {
  Bytes octets;
  Join(group->lines, octets);
  const std::size_t size = octets.size();
  broken.push_back({std::move(octets),
                    {adapter::DecodeCode::kTruncated, size, "sentence number", "IEC 61162-1, VDM sentence",
                     std::to_string(group->held) + " of " + std::to_string(group->count) + " sentences, and " + std::move(why)}});
  Forget(group);
}

void Assembler::Forget(Groups::iterator group) {
  std::rotate(group, group + 1, end());
  --unfinished_;
}

}  // namespace entente::ais
