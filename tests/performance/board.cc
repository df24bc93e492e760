// SPDX-License-Identifier: Apache-2.0
#include "tests/performance/board.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/invariant.h"

namespace entente::performance {

SharedBoard::SharedBoard() : file_descriptor_(memfd_create("board", MFD_CLOEXEC)) {
  ENTENTE_INVARIANT(file_descriptor_ >= 0 && ftruncate(file_descriptor_, sizeof(Board)) == 0);
  Map();
}

SharedBoard::SharedBoard(int file_descriptor) : file_descriptor_(file_descriptor) {
  Map();
}

SharedBoard::~SharedBoard() {
  munmap(board_, sizeof(Board));
  close(file_descriptor_);
}

void SharedBoard::Map() {
  void* at = mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED, file_descriptor_, 0);
  ENTENTE_INVARIANT(at != MAP_FAILED);
  board_ = static_cast<Board*>(at);
}

}  // namespace entente::performance
