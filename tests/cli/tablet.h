// SPDX-License-Identifier: Apache-2.0
#pragma once

// A national system's side of an access link, for tests of whole programs: a TCP client that speaks CoT, with waits of at most half
// a minute.

#include <cstdint>
#include <string>
#include <string_view>

#include "tests/process/descriptor.h"

namespace entente::program {

class Tablet {
 public:
  explicit Tablet(std::uint16_t port);

  void Say(std::string_view text) const;
  // Everything heard so far, once `text` is in it; or after half a minute.
  std::string HearUntil(std::string_view text);
  // The other side closed or reset the connection.
  [[nodiscard]] bool AwaitClose();

 private:
  process::Descriptor connection_;
  std::string heard_;
};

// Behind the last ':' of what a program printed; 0: there is none.
std::uint16_t PortIn(const std::string& line);
// A CoT event of a friendly unit.
std::string TrackOf(std::string_view uid, std::string_view callsign);

}  // namespace entente::program
