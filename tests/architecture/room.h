// SPDX-License-Identifier: Apache-2.0
#pragma once

// The table of shared/design.md "Layers", as data: which folder may include what.

#include <span>
#include <string_view>
#include <vector>

namespace entente::architecture {

struct Room {
  std::string_view folder;                    // "harness/links/io"; the longest match names a file's room
  std::vector<std::string_view> may_include;  // folders of ours; "" stands for everything
  std::vector<std::string_view> may_use;      // outside libraries, by the start of their header's path
  bool shell = false;                         // may have sockets, threads, clocks, the environment
};

std::span<const Room> Rooms();
// nullptr when no room is named for the file.
const Room* RoomOf(std::string_view file);

}  // namespace entente::architecture
