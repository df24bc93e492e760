// SPDX-License-Identifier: Apache-2.0
#include "tests/process/descriptor.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "base/invariant.h"

namespace entente::process {

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

void Descriptor::Close() {
  if (number_ >= 0) close(std::exchange(number_, -1));
}

void Descriptor::TakeIn(std::string& text) {
  std::array<char, 64 * 1024> block;
  while (number_ >= 0) {
    const ssize_t got = read(number_, block.data(), block.size());
    if (got > 0) {
      text.append(block.data(), static_cast<std::size_t>(got));
    } else if (got < 0 && errno == EAGAIN) {
      return;
    } else if (got == 0 || errno != EINTR) {
      Close();
    }
  }
}

Pipe::Pipe() {
  std::array<int, 2> ends{};
  ENTENTE_INVARIANT(pipe2(ends.data(), O_CLOEXEC) == 0);
  reading = Descriptor(ends[0]);
  writing = Descriptor(ends[1]);
}

}  // namespace entente::process
