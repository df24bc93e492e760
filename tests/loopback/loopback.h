// SPDX-License-Identifier: Apache-2.0
#pragma once

// TCP on loopback without anybody's library, for tests: a free port, somebody who listens at it, somebody who connects.

#include <cstdint>

#include "tests/process/descriptor.h"

namespace entente::loopback {

struct Listener {
  process::Descriptor socket;
  std::uint16_t port = 0;
};

// Takes connections, at a free port, for as long as it lives. Fails the test if it cannot.
Listener Listen();
// One that nobody listened at when it was asked for.
std::uint16_t FreePort();
// -1: nobody answers there.
process::Descriptor Connect(std::uint16_t port);

}  // namespace entente::loopback
