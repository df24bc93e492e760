// SPDX-License-Identifier: Apache-2.0
#pragma once

// What nodes elsewhere saw, on its way into the record. While the record takes nothing they are not kept without end: the loss of
// those past its bound is said in their place.

#include <google/protobuf/arena.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/time.h"
#include "harness/run/recorder.h"

namespace entente::harness {

class NodeEvents {
 public:
  // `recorder` and `clock` outlive it. `writer`: what the broker's own remarks on them are signed with.
  NodeEvents(Recorder& recorder, const Clock& clock, std::string writer)
      : recorder_(recorder), clock_(clock), writer_(std::move(writer)) {}

  // `octets`: an entente.v1.RecordEvent. One thread.
  void Append(std::string_view node, const std::string& octets);

 private:
  void Say(std::string_view text);

  Recorder& recorder_;
  const Clock& clock_;
  const std::string writer_;
  std::size_t lost_ = 0;
  std::array<char, 16UL * 1024> arena_;  // for the event at hand
};

}  // namespace entente::harness
