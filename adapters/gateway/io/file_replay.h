// SPDX-License-Identifier: Apache-2.0
#pragma once

// A recorded file in place of a peer: read when started, and given to the access point by its own timing.

#include <filesystem>
#include <memory>

#include "adapters/gateway/core/replay.h"
#include "adapters/gateway/io/transport.h"

namespace entente::gateway {

struct FileReplayConfig {
  std::filesystem::path file;
  ReplayPace pace;
  AlterChunk alter = {};
};

// endpoint() is the file's name. The access point gets OnConnected at Start and OnDisconnected after the last chunk.
std::unique_ptr<Transport> MakeFileReplay(asio::io_context& context, const Clock& clock, FileReplayConfig config,
                                          const adapter::AdapterInfo& adapter, AccessPoint& to);

}  // namespace entente::gateway
