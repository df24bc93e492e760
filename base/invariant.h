// SPDX-License-Identifier: Apache-2.0
#pragma once

// ENTENTE_INVARIANT(condition): what must hold if *we* are right. It is on in release builds too, prints where and stops the
// process. It never guards anything that a peer, a file or an operator can cause: those get a value (base/result.h).

namespace entente::base {

[[noreturn]] void InvariantBroken(const char* condition, const char* file, int line);

}  // namespace entente::base

#define ENTENTE_INVARIANT(condition) \
  ((condition) ? static_cast<void>(0) : ::entente::base::InvariantBroken(#condition, __FILE__, __LINE__))
