// SPDX-License-Identifier: Apache-2.0
#include "broker/record/jetstream/publish_window.h"

#include <algorithm>
#include <utility>

namespace entente::record {

void PublishWindow::Put(SharedBytes octets, OnDurable on_durable) {
  octets_ += octets->size();
  frames_.push_back({.octets = std::move(octets), .on_durable = std::move(on_durable), .sequence = 0});
}

std::optional<PublishWindow::Sending> PublishWindow::NextToSend() {
  const std::size_t end = std::min(frames_.size(), in_flight_);
  while (next_ < end && frames_[next_].sequence != 0) ++next_;
  if (next_ >= end) return std::nullopt;
  const SharedBytes& octets = frames_[next_].octets;
  return Sending{first_number_ + next_++, octets};
}

void PublishWindow::Stored(std::uint64_t number, std::uint64_t sequence) {
  if (number < first_number_ || number - first_number_ >= frames_.size()) return;
  Frame& stored = frames_[number - first_number_];
  stored.sequence = std::max(stored.sequence, sequence);
  ForgetWhatWasPassed();
}

std::vector<OnDurable> PublishWindow::Read(std::uint64_t counted, std::uint64_t sequence) {
  read_ = std::max(read_, sequence);
  std::vector<OnDurable> confirmed;
  for (; !frames_.empty() && first_number_ <= counted; ++first_number_) {
    Frame& front = frames_.front();
    octets_ -= front.octets->size();
    if (front.on_durable) confirmed.push_back(std::move(front.on_durable));
    frames_.pop_front();
    if (next_ > 0) --next_;
  }
  ForgetWhatWasPassed();
  return confirmed;
}

// The first frame was read past where it should count, and so were, perhaps, those behind it. While the first is not stored at all,
// those behind it stay where they are: sending them before it would be in vain again.
void PublishWindow::ForgetWhatWasPassed() {
  const auto passed = [this](const Frame& frame) { return frame.sequence != 0 && frame.sequence <= read_; };
  if (frames_.empty() || !passed(frames_.front())) return;
  for (std::size_t i = 0; i < std::min(frames_.size(), in_flight_); ++i) {
    if (passed(frames_[i])) frames_[i].sequence = 0;
  }
  next_ = 0;
}

void PublishWindow::SendAnew() {
  for (std::size_t i = 0; i < std::min(frames_.size(), in_flight_); ++i) frames_[i].sequence = 0;
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
