// SPDX-License-Identifier: Apache-2.0
#pragma once

// For tests: runs a program of another make and gives its output by lines; and writes what such programs read.

#include <filesystem>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace entente::dis {

// Standard output of the shell command, by lines.
std::vector<std::string> LinesOf(const std::string& command);
// A classic pcap of UDP datagrams to port 3000 over raw IPv4, one second apart.
void WritePcap(const std::filesystem::path& path, const std::vector<Bytes>& datagrams);
// UDP payloads of a classic little-endian pcap over raw IPv4 or Ethernet; empty when it is none.
std::vector<Bytes> ReadPcap(const std::filesystem::path& path);
// A file name in the test's own temporary folder.
std::filesystem::path TemporaryFile(const std::string& name);

}  // namespace entente::dis
