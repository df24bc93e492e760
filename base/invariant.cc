// SPDX-License-Identifier: Apache-2.0
#include "base/invariant.h"

#include <cstdio>
#include <cstdlib>

namespace entente::base {

void InvariantBroken(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "entente: broken invariant at %s:%d: %s. This is a bug in Entente; please report it.\n", file, line,
               condition);
  std::abort();
}

}  // namespace entente::base
