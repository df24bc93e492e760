// SPDX-License-Identifier: Apache-2.0
#include "broker/record/jetstream/publish_window.h"

#include <algorithm>
#include <utility>

namespace entente::record {

void PublishWindow::Put(SharedBytes octets, OnDurable on_durable) {
  octets_ += octets->size();
  frames_.push_back({.octets = std::move(octets), .on_durable = std::move(on_durable), .attempt = 0, .sequence = 0});
}

std::optional<PublishWindow::Sending> PublishWindow::NextToSend() {
  const std::size_t end = std::min(frames_.size(), in_flight_);
  while (next_ < end && frames_[next_].sequence != 0) ++next_;
  if (next_ >= end) return std::nullopt;
  const Frame& frame = frames_[next_];
  return Sending{first_number_ + next_++, frame.attempt, frame.octets};
}

std::vector<OnDurable> PublishWindow::Stored(std::uint64_t number, std::uint64_t sequence) {
  std::vector<OnDurable> confirmed;
  if (number < first_number_ || number - first_number_ >= frames_.size()) return confirmed;
  Frame& stored = frames_[number - first_number_];
  stored.sequence = std::max(stored.sequence, sequence);
  while (!frames_.empty() && frames_.front().sequence != 0) {
    Frame& front = frames_.front();
    if (front.sequence <= confirmed_sequence_) {
      // It stands before the frame that it follows, where no reader counts it; and so do those behind it.
      StoreAnew();
      break;
    }
    confirmed_sequence_ = front.sequence;
    octets_ -= front.octets->size();
    if (front.on_durable) confirmed.push_back(std::move(front.on_durable));
    frames_.pop_front();
    ++first_number_;
    if (next_ > 0) --next_;
  }
  return confirmed;
}

void PublishWindow::StoreAnew() {
  for (Frame& frame : frames_) {
    if (frame.sequence != 0) ++frame.attempt;
    frame.sequence = 0;
  }
  next_ = 0;
}

std::vector<OnDurable> PublishWindow::Abandon() {
  std::vector<OnDurable> waiting;
  for (Frame& frame : frames_) {
    if (frame.on_durable) waiting.push_back(std::move(frame.on_durable));
  }
  first_number_ += frames_.size();
  frames_.clear();
  next_ = octets_ = 0;
  return waiting;
}

}  // namespace entente::record
