// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the NATS client library gets as the closure of a callback: a key in place of an address, since it may still call after its
// object is gone. A callback finds the object, and keeps it for as long as it runs, or finds nothing. Thread-safe.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>

namespace entente::record {

template <typename T>
class CallbackKey {
 public:
  explicit CallbackKey(const std::shared_ptr<T>& object) {
    const std::lock_guard lock(Mutex());
    key_ = ++Last();
    Objects().emplace(key_, object);
  }
  ~CallbackKey() {
    const std::lock_guard lock(Mutex());
    Objects().erase(key_);
  }
  CallbackKey(const CallbackKey&) = delete;
  CallbackKey& operator=(const CallbackKey&) = delete;

  [[nodiscard]] void* closure() const { return reinterpret_cast<void*>(key_); }

  static std::shared_ptr<T> Find(void* closure) {
    const std::lock_guard lock(Mutex());
    const auto found = Objects().find(reinterpret_cast<std::uintptr_t>(closure));
    return found == Objects().end() ? nullptr : found->second.lock();
  }

 private:
  static std::mutex& Mutex() {
    static std::mutex mutex;
    return mutex;
  }
  static std::map<std::uintptr_t, std::weak_ptr<T>>& Objects() {
    static std::map<std::uintptr_t, std::weak_ptr<T>> objects;
    return objects;
  }
  static std::uintptr_t& Last() {
    static std::uintptr_t last = 0;
    return last;
  }

  std::uintptr_t key_;
};

}  // namespace entente::record
