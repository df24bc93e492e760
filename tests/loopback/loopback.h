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
// For a server that is told its port, also when it is started again there. Below those that the system gives out by itself, and
// held against every other test on this network until this process ends. Fails the test if there is none.
std::uint16_t FreePort();
// 0: as the system has it.
struct SmallBuffers {
  int receive_octets = 0;  // that wait to be read
  int segment_octets = 0;  // the most in one segment, and so the less ahead of what was read
};
// -1: nobody answers there.
process::Descriptor Connect(std::uint16_t port, const SmallBuffers& buffers = {});

}  // namespace entente::loopback
