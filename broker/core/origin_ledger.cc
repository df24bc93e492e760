// SPDX-License-Identifier: Apache-2.0
#include "broker/core/origin_ledger.h"

#include <algorithm>
#include <string>

namespace entente::broker {
namespace {

// Frames accepted that the record has not confirmed yet.
constexpr std::size_t kMarks = 4096;

}  // namespace

void OriginLedger::Begin() {
  *this = OriginLedger();
}

void OriginLedger::Resume() {
  owed_.assign(remembered_.begin(), remembered_.end());
}

OriginLedger::Arrival OriginLedger::Accept(v1::Precedence precedence, std::uint64_t sequence) {
  Lane& lane = lanes_[IndexOf(precedence)];
  if (sequence <= lane.highest) {
    lane.receipt_due = lane.receiptable > 0;
    return Arrival::kDuplicate;
  }
  const bool follows = sequence == std::max(lane.highest, lane.refused) + 1;
  lane.highest = sequence;
  return follows ? Arrival::kNext : Arrival::kAfterGap;
}

bool OriginLedger::Refuse(v1::Precedence precedence, std::uint64_t sequence, std::string_view reason) {
  if (precedence != v1::PRECEDENCE_UNSPECIFIED) {
    Lane& lane = lanes_[IndexOf(precedence)];
    lane.refused = std::max(lane.refused, sequence);
  }
  v1::Receipt receipt;
  receipt.set_precedence(precedence);
  receipt.set_sequence(sequence);
  receipt.set_refused(std::string(reason));
  remembered_.push_back(receipt);
  if (remembered_.size() > kRefusalsRemembered) remembered_.pop_front();
  if (owed_.size() == kRefusalsOwed) return false;
  owed_.push_back(std::move(receipt));
  return true;
}

void OriginLedger::MarkAccepted(std::uint64_t accepted) {
  Mark mark{accepted, {}};
  for (std::size_t i = 0; i < lanes_.size(); ++i) mark.highest[i] = lanes_[i].highest;
  if (marks_.size() == kMarks) marks_.pop_back();  // receipts become coarser, not more
  marks_.push_back(mark);
}

bool OriginLedger::Recorded(std::uint64_t accepted) {
  bool due = false;
  for (; !marks_.empty() && marks_.front().accepted <= accepted; marks_.pop_front()) {
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      if (marks_.front().highest[i] <= lanes_[i].receiptable) continue;
      lanes_[i].receiptable = marks_.front().highest[i];
      lanes_[i].receipt_due = due = true;
    }
  }
  return due;
}

bool OriginLedger::HasReceipts() const {
  return !owed_.empty() || std::ranges::any_of(lanes_, &Lane::receipt_due);
}

void OriginLedger::TakeReceipts(v1::BrokerFrame& frame, bool with_accepted) {
  for (v1::Receipt& receipt : owed_) *frame.add_receipt() = std::move(receipt);
  owed_.clear();
  if (!with_accepted) return;
  for (std::size_t i = lanes_.size(); i-- > 0;) {
    if (!lanes_[i].receipt_due) continue;
    v1::Receipt& receipt = *frame.add_receipt();
    receipt.set_precedence(static_cast<v1::Precedence>(i + 1));
    receipt.set_sequence(lanes_[i].receiptable);
    lanes_[i].receipt_due = false;
  }
}

void OriginLedger::DescribePublished(v1::Welcome& welcome) const {
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    if (lanes_[i].receiptable == 0) continue;
    v1::PublishedUpTo& published = *welcome.add_published();
    published.set_precedence(static_cast<v1::Precedence>(i + 1));
    published.set_sequence(lanes_[i].receiptable);
  }
}

}  // namespace entente::broker
