// SPDX-License-Identifier: Apache-2.0
#include "tests/external/peer_process.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

namespace entente::external {

PeerProcess::PeerProcess(const std::vector<std::string>& argv, const std::string& folder)
    : process_({.argv = argv, .folder = folder, .input = process::Stream::kPiped}) {}

const std::vector<std::string>& PeerProcess::Lines() {
  process_.Follow(std::chrono::milliseconds::zero());
  KeepLines();
  return lines_;
}

void PeerProcess::Say(const std::string& line) {
  EXPECT_TRUE(process_.Write(line + '\n')) << line;
}

int PeerProcess::End() {
  process_.CloseInput();
  process_.AwaitEnd();
  return process_.exit_code();
}

void PeerProcess::Kill() {
  process_.Signal(SIGKILL);
  process_.AwaitEnd();
}

int PeerProcess::Terminate() {
  process_.Signal(SIGTERM);
  process_.AwaitEnd();
  return process_.exit_code();
}

std::string PeerProcess::AwaitLine(std::string_view start) {
  AwaitLines(start, 1);
  const auto line = std::ranges::find_if(lines_, [&](const std::string& each) { return each.starts_with(start); });
  return line == lines_.end() ? std::string() : *line;
}

bool PeerProcess::AwaitLines(std::string_view start, std::size_t count) {
  constexpr std::chrono::seconds kPatience(30);
  const auto enough = [&] {
    KeepLines();
    const auto found = std::ranges::count_if(lines_, [&](const std::string& line) { return line.starts_with(start); });
    return static_cast<std::size_t>(found) >= count;
  };
  return process_.FollowUntil(enough, kPatience);
}

void PeerProcess::KeepLines() {
  process_.TakeLines([this](std::string_view line) { lines_.emplace_back(line); });
}

}  // namespace entente::external
