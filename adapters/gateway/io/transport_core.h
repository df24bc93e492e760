// SPDX-License-Identifier: Apache-2.0
#pragma once

// A transport as its coroutines share it: they may outlive the owner's Transport by the time that the io_context needs to end them.

#include <memory>
#include <string>

#include "adapters/gateway/io/transport.h"

namespace entente::gateway {

class TransportCore {
 public:
  virtual ~TransportCore() = default;
  virtual Status Start() = 0;
  // Tells the link end, then Abandon().
  virtual void Stop() = 0;
  // Closes everything and never touches the link end again. May come after Stop().
  virtual void Abandon() = 0;
  [[nodiscard]] virtual std::string endpoint() const = 0;
};

std::unique_ptr<Transport> Own(std::shared_ptr<TransportCore> core);

// The reason of OnDisconnected that Stop() gives.
inline constexpr std::string_view kStopped = "stopped";

}  // namespace entente::gateway
