// SPDX-License-Identifier: Apache-2.0
#pragma once

// Tells ThreadSanitizer of an order between threads that a library not built with it makes, such as gRPC's completion queue:
// whatever was done before HandOver(token) is over when TakeOver(token) comes. Nothing in other builds. It is no lock: the library
// orders.

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define ENTENTE_THREAD_SANITIZER 1
#endif
#endif

#ifdef ENTENTE_THREAD_SANITIZER
extern "C" {
void __tsan_acquire(void* token);
void __tsan_release(void* token);
}
#endif

namespace entente {

inline void HandOver([[maybe_unused]] void* token) {
#ifdef ENTENTE_THREAD_SANITIZER
  __tsan_release(token);
#endif
}

inline void TakeOver([[maybe_unused]] void* token) {
#ifdef ENTENTE_THREAD_SANITIZER
  __tsan_acquire(token);
#endif
}

}  // namespace entente
