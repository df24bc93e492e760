// SPDX-License-Identifier: Apache-2.0
#pragma once

// The truths of recent messages as they were last read: each is compared with what several recipients understood, at about the same
// time.

#include <cstddef>
#include <string>
#include <vector>

#include "entente/v1/message.pb.h"
#include "harness/assessment/message_book.h"

namespace entente::harness {

class ParsedTruths {
 public:
  static constexpr std::size_t kKept = 512;

  // nullptr: the octets are no envelope. Valid until the next call.
  const v1::Envelope* Of(MessageIndex index, const std::string& octets) {
    Place& place = places_[index % kKept];
    if (place.index == index) return &place.truth;
    place.index = place.truth.ParseFromString(octets) ? index : kNoMessage;
    return place.index == index ? &place.truth : nullptr;
  }
  // It has another truth now.
  void Forget(MessageIndex index) {
    if (Place& place = places_[index % kKept]; place.index == index) place.index = kNoMessage;
  }

 private:
  struct Place {
    MessageIndex index = kNoMessage;
    v1::Envelope truth;  // keeps its room when the next one is read
  };
  std::vector<Place> places_ = std::vector<Place>(kKept);
};

}  // namespace entente::harness
