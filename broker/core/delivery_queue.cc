// SPDX-License-Identifier: Apache-2.0
#include "broker/core/delivery_queue.h"

#include <algorithm>
#include <ranges>
#include <span>
#include <unordered_map>

#include "broker/core/frame.h"

namespace entente::broker {
namespace {

// A conflation looks at every waiting message; it runs at most once per this part of the limit, so that its cost stays in
// proportion.
constexpr std::size_t kConflationInterval = 8;

// So that a frame stays within kFrameFields at the other end.
constexpr std::uint64_t kDeliveriesPerFrame = kFrameFields / 2;

std::size_t LaneIndex(v1::Precedence precedence) {
  return static_cast<std::size_t>(precedence) - 1;
}

bool IsPrecedence(v1::Precedence precedence) {
  return precedence >= v1::PRECEDENCE_ROUTINE && precedence <= v1::PRECEDENCE_FLASH;
}

bool IsStale(const RunEntry& entry, UtcTime now) {
  return entry.stale_at_ns != 0 && entry.stale_at_ns < ToNanoseconds(now);
}

// Neighbours in one buffer become one slice.
void AppendSlice(std::vector<SharedSlice>& slices, const SharedSlice& buffer, ByteView part) {
  if (!slices.empty() && slices.back().owner() == buffer.owner() &&
      slices.back().view().data() + slices.back().size() == part.data()) {
    slices.back().Extend(part.size());
  } else {
    slices.push_back(buffer.Part(part));
  }
}

}  // namespace

DeliveryQueue::Piece DeliveryQueue::Piece::SplitFront(std::uint32_t count) {
  Piece front = Part(begin, begin + count);
  begin += count;
  delivery += count;
  octets -= front.octets;
  return front;
}

void DeliveryQueue::Piece::TakeBefore(const RunEntry& entry) {
  --begin;
  --delivery;
  octets += entry.length;
}

std::uint64_t DeliveryQueue::Enqueue(const std::shared_ptr<const Run>& run) {
  Lane& lane = lanes_[LaneIndex(run->precedence)];
  const auto count = static_cast<std::uint32_t>(run->entries.size());
  const std::uint64_t first = lane.next_delivery;
  const Piece& piece = lane.waiting.emplace_back(run, 0U, count, first);
  lane.next_delivery += count;
  waiting_octets_ += piece.HeldOctets();
  enqueued_since_conflation_ += piece.HeldOctets();
  return first;
}

void DeliveryQueue::Shed(std::size_t limit_octets, std::vector<Dropped>& dropped) {
  if (waiting_octets_ <= limit_octets) return;
  if (enqueued_since_conflation_ >= limit_octets / kConflationInterval) {
    for (Lane& lane : lanes_) Conflate(lane, dropped);
    enqueued_since_conflation_ = 0;
  }
  for (Lane& lane : lanes_) {
    while (waiting_octets_ > limit_octets && !lane.waiting.empty()) DropFront(lane, "queue full", dropped);
  }
}

void DeliveryQueue::DropFront(Lane& lane, std::string_view reason, std::vector<Dropped>& dropped) {
  Piece& front = lane.waiting.front();
  const Piece gone = front.SplitFront(1);
  dropped.push_back({gone.run->IdOf(gone.begin), std::string(reason)});
  waiting_octets_ -= gone.HeldOctets();
  if (front.begin == front.end) lane.waiting.pop_front();
}

// From the newest back: the first seen of an object stays.
void DeliveryQueue::Conflate(Lane& lane, std::vector<Dropped>& dropped) {
  std::unordered_map<std::string_view, std::string> last_of;
  std::deque<Piece> kept;
  std::vector<Dropped> conflated;
  const auto keep = [&](const Piece& piece, std::uint32_t entry) {
    const bool joins = !kept.empty() && kept.front().run == piece.run && kept.front().begin == entry + 1;
    if (!joins) {
      kept.push_front(piece.Part(entry, entry + 1));
      return;
    }
    kept.front().TakeBefore(piece.run->entries[entry]);
  };
  for (const Piece& piece : std::views::reverse(lane.waiting)) {
    for (std::uint32_t entry = piece.end; entry-- > piece.begin;) {
      const RunEntry& found = piece.run->entries[entry];
      if (!found.conflates) {
        keep(piece, entry);
        continue;
      }
      const auto [last, first_seen] = last_of.try_emplace(piece.run->ObjectOf(found));
      if (first_seen) {
        last->second = ToText(piece.run->IdOf(entry));
        keep(piece, entry);
        continue;
      }
      conflated.push_back({piece.run->IdOf(entry), "conflated by " + last->second});
      waiting_octets_ -= found.length + kHeldOverheadOctets;
    }
  }
  dropped.insert(dropped.end(), conflated.rbegin(), conflated.rend());
  lane.waiting = std::move(kept);
}

void DeliveryQueue::DropOutdated(Lane& lane, UtcTime now, UtcTime oldest, std::vector<Dropped>& dropped) {
  while (!lane.waiting.empty()) {
    const Piece& front = lane.waiting.front();
    if (IsStale(front.run->entries[front.begin], now)) {
      DropFront(lane, "stale", dropped);
    } else if (front.run->queued_at < oldest) {
      DropFront(lane, "waited too long", dropped);
    } else {
      return;
    }
  }
}

Taken DeliveryQueue::Take(std::size_t budget_octets, UtcTime now, Duration age, std::vector<Dropped>& dropped) {
  Taken taken;
  for (std::size_t i = lanes_.size(); i-- > 0;) {
    Lane& lane = lanes_[i];
    DropOutdated(lane, now, now - age, dropped);
    if (lane.waiting.empty()) continue;
    taken.precedence = static_cast<v1::Precedence>(i + 1);
    taken.first_delivery = lane.waiting.front().delivery;
    TakeFrom(lane, budget_octets, now, taken);
    break;
  }
  return taken;
}

// Of the entries from the piece's first on, the end of those that the frame has room for and that are not stale.
std::uint32_t DeliveryQueue::EndOfFitting(const Piece& piece, std::size_t budget_octets, const Taken& taken, UtcTime now) {
  const bool all = piece.first_stale_at_ns > ToNanoseconds(now) && taken.octets + piece.octets <= budget_octets &&
                   taken.count + (piece.end - piece.begin) <= kDeliveriesPerFrame;
  if (all) return piece.end;
  std::uint32_t end = piece.begin;
  for (std::size_t octets = taken.octets; end < piece.end && taken.count + (end - piece.begin) < kDeliveriesPerFrame; ++end) {
    const RunEntry& entry = piece.run->entries[end];
    octets += entry.length;
    const bool fits = octets <= budget_octets || taken.count + (end - piece.begin) == 0;
    if (!fits || IsStale(entry, now)) break;
  }
  return end;
}

void DeliveryQueue::TakeFrom(Lane& lane, std::size_t budget_octets, UtcTime now, Taken& taken) {
  while (!lane.waiting.empty() && lane.waiting.front().delivery == taken.first_delivery + taken.count) {
    Piece& front = lane.waiting.front();
    const std::uint32_t end = EndOfFitting(front, budget_octets, taken, now);
    if (end == front.begin) return;
    const bool whole = end == front.end;
    const Piece& sent = lane.unacknowledged.emplace_back(whole ? std::move(front) : front.SplitFront(end - front.begin));
    if (whole) lane.waiting.pop_front();
    waiting_octets_ -= sent.HeldOctets();
    unacknowledged_octets_ += sent.octets;
    taken.octets += sent.octets;
    taken.count += sent.end - sent.begin;
    AppendSlice(taken.slices, sent.run->records, sent.run->Records(sent.begin, sent.end));
  }
}

void DeliveryQueue::Acknowledge(v1::Precedence precedence, std::uint64_t delivery) {
  if (!IsPrecedence(precedence)) return;
  Lane& lane = lanes_[LaneIndex(precedence)];
  const auto arrive = [delivery](std::deque<Piece>& pieces, auto&& uncount) {
    while (!pieces.empty() && pieces.front().delivery <= delivery) {
      Piece& front = pieces.front();
      if (delivery - front.delivery + 1 >= front.end - front.begin) {
        uncount(front);
        pieces.pop_front();
      } else {
        uncount(front.SplitFront(static_cast<std::uint32_t>(delivery - front.delivery + 1)));
      }
    }
  };
  arrive(lane.unacknowledged, [this](const Piece& piece) { unacknowledged_octets_ -= piece.octets; });
  arrive(lane.waiting, [this](const Piece& piece) { waiting_octets_ -= piece.HeldOctets(); });
  lane.acknowledged = std::max(lane.acknowledged, delivery);
}

bool DeliveryQueue::Remove(const MessageKey& key) {
  if (!IsPrecedence(key.precedence)) return false;
  Lane& lane = lanes_[LaneIndex(key.precedence)];
  for (std::size_t i = 0; i < lane.waiting.size(); ++i) {
    const std::size_t at = (lane.removed_at + i) % lane.waiting.size();
    const Piece& piece = lane.waiting[at];
    if (piece.run->origin != key.origin || piece.run->incarnation != key.incarnation) continue;
    const std::span<const RunEntry> entries = std::span(piece.run->entries).first(piece.end).subspan(piece.begin);
    const auto found = std::ranges::lower_bound(entries, key.sequence, {}, &RunEntry::sequence);
    if (found == entries.end() || found->sequence != key.sequence) continue;
    RemoveFrom(lane, at, static_cast<std::uint32_t>(&*found - piece.run->entries.data()));
    return true;
  }
  return false;
}

void DeliveryQueue::RemoveFrom(Lane& lane, std::size_t at, std::uint32_t entry) {
  lane.removed_at = at;
  Piece& piece = lane.waiting[at];
  Piece before = piece.SplitFront(entry - piece.begin);
  waiting_octets_ -= piece.SplitFront(1).HeldOctets();
  const auto place = lane.waiting.begin() + static_cast<std::ptrdiff_t>(at);
  const bool rest = piece.begin != piece.end;
  if (before.begin != before.end && rest) {
    lane.waiting.insert(place, std::move(before));
  } else if (before.begin != before.end) {
    piece = std::move(before);
  } else if (!rest) {
    lane.waiting.erase(place);
  }
}

void DeliveryQueue::Rewind() {
  for (Lane& lane : lanes_) {
    for (Piece& piece : std::views::reverse(lane.unacknowledged)) {
      waiting_octets_ += piece.HeldOctets();
      lane.waiting.push_front(std::move(piece));
    }
    lane.unacknowledged.clear();
  }
  unacknowledged_octets_ = 0;
}

void DeliveryQueue::Clear(std::string_view waiting_reason, std::string_view sent_reason, std::vector<Dropped>& dropped) {
  const auto drop = [&](std::deque<Piece>& pieces, std::string_view reason) {
    for (const Piece& piece : pieces) {
      for (std::uint32_t i = piece.begin; i < piece.end; ++i) dropped.push_back({piece.run->IdOf(i), std::string(reason)});
    }
    pieces.clear();
  };
  for (Lane& lane : lanes_) {
    drop(lane.unacknowledged, sent_reason);
    drop(lane.waiting, waiting_reason);
  }
  waiting_octets_ = unacknowledged_octets_ = enqueued_since_conflation_ = 0;
}

void DeliveryQueue::Judge(const std::function<Decision(const Run&, const RunEntry&)>& decide, std::vector<Dropped>& dropped) {
  const auto judge = [&](std::deque<Piece>& pieces, auto&& uncount) {
    std::deque<Piece> kept;
    for (const Piece& piece : pieces) {
      std::uint32_t begin = piece.begin;  // of what is released since the last that is not
      for (std::uint32_t i = piece.begin; i < piece.end; ++i) {
        const RunEntry& entry = piece.run->entries[i];
        const Decision decision = decide(*piece.run, entry);
        if (decision.released) continue;
        if (begin < i) kept.push_back(piece.Part(begin, i));
        begin = i + 1;
        dropped.push_back({piece.run->IdOf(i), std::string(decision.reason)});
        uncount(entry);
      }
      if (begin < piece.end) kept.push_back(piece.Part(begin, piece.end));
    }
    pieces = std::move(kept);
  };
  for (Lane& lane : lanes_) {
    judge(lane.unacknowledged, [this](const RunEntry& entry) { unacknowledged_octets_ -= entry.length; });
    judge(lane.waiting, [this](const RunEntry& entry) { waiting_octets_ -= entry.length + kHeldOverheadOctets; });
  }
}

bool DeliveryQueue::WasNumbered(v1::Precedence precedence, std::uint64_t delivery) const {
  return IsPrecedence(precedence) && delivery < lanes_[LaneIndex(precedence)].next_delivery;
}

std::uint64_t DeliveryQueue::HighestAcknowledged(v1::Precedence precedence) const {
  return lanes_[LaneIndex(precedence)].acknowledged;
}

}  // namespace entente::broker
