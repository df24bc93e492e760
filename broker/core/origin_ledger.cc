// SPDX-License-Identifier: Apache-2.0
#include "broker/core/origin_ledger.h"

#include <algorithm>
#include <string>

namespace entente::broker {

void OriginLedger::Resume() {
  owed_.assign(remembered_.begin(), remembered_.end());
  for (Lane& lane : lanes_) lane.accepted = lane.applied;
}

OriginLedger::Arrival OriginLedger::Accept(v1::Precedence precedence, std::uint64_t sequence) {
  Lane& lane = lanes_[IndexOf(precedence)];
  if (sequence <= lane.accepted) {
    lane.receipt_due = lane.applied > 0;
    return Arrival::kDuplicate;
  }
  const bool follows = sequence == std::max(lane.accepted, lane.refused) + 1;
  lane.accepted = sequence;
  return follows ? Arrival::kNext : Arrival::kAfterGap;
}

bool OriginLedger::Has(v1::Precedence precedence, std::uint64_t sequence) const {
  return sequence <= lanes_[IndexOf(precedence)].accepted;
}

bool OriginLedger::Apply(v1::Precedence precedence, std::uint64_t sequence) {
  Lane& lane = lanes_[IndexOf(precedence)];
  if (sequence <= lane.applied) return false;
  lane.applied = sequence;
  lane.accepted = std::max(lane.accepted, sequence);
  lane.receipt_due = true;
  return true;
}

bool OriginLedger::Refuse(v1::Precedence precedence, std::uint64_t sequence, std::string_view reason) {
  v1::Receipt receipt;
  receipt.set_precedence(precedence);
  receipt.set_sequence(sequence);
  receipt.set_refused(std::string(reason));
  RememberRefused(receipt);
  if (owed_.size() == kRefusalsOwed) return false;
  owed_.push_back(std::move(receipt));
  return true;
}

void OriginLedger::RememberRefused(v1::Receipt receipt) {
  if (receipt.precedence() >= v1::PRECEDENCE_ROUTINE && receipt.precedence() <= v1::PRECEDENCE_FLASH) {
    Lane& lane = lanes_[IndexOf(receipt.precedence())];
    lane.refused = std::max(lane.refused, receipt.sequence());
  }
  remembered_.push_back(std::move(receipt));
  if (remembered_.size() > kRefusalsRemembered) remembered_.pop_front();
}

void OriginLedger::ForgetRefusals() {
  remembered_.clear();
  owed_.clear();
}

bool OriginLedger::HasReceipts() const {
  return !owed_.empty() || std::ranges::any_of(lanes_, &Lane::receipt_due);
}

void OriginLedger::TakeReceipts(v1::BrokerFrame& frame) {
  for (v1::Receipt& receipt : owed_) *frame.add_receipt() = std::move(receipt);
  owed_.clear();
  for (std::size_t i = lanes_.size(); i-- > 0;) {
    if (!lanes_[i].receipt_due) continue;
    v1::Receipt& receipt = *frame.add_receipt();
    receipt.set_precedence(static_cast<v1::Precedence>(i + 1));
    receipt.set_sequence(lanes_[i].applied);
    lanes_[i].receipt_due = false;
  }
}

void OriginLedger::DescribePublished(v1::Welcome& welcome) const {
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    if (lanes_[i].applied == 0) continue;
    v1::PublishedUpTo& published = *welcome.add_published();
    published.set_precedence(static_cast<v1::Precedence>(i + 1));
    published.set_sequence(lanes_[i].applied);
  }
}

}  // namespace entente::broker
