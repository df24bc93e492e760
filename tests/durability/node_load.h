// SPDX-License-Identifier: Apache-2.0
#pragma once

// The seeded load of a kill test: three nodes in processes of their own that publish to each other and may be killed at any moment,
// and the witness of all that they say. Whom they attach to is the test's.

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/durability/watched_process.h"
#include "tests/durability/witness.h"

namespace entente::durability {

class NodeLoad {
 public:
  static constexpr std::array<const char*, 3> kNodes = {"DEU/brigade", "FRA/hq", "NOR/post"};
  static constexpr std::size_t kMessagesPerNode = 200;
  static constexpr std::size_t kLines = 3 * kMessagesPerNode * 3;  // a receipt and two deliveries for each message
  // Longer than an election of a cluster takes.
  static constexpr std::chrono::seconds kPatience{60};

  // Of an exercise with these nodes; `bus` is its section on the bus, or nothing.
  static std::string Exercise(std::string_view bus);

  // Where a node finds brokers when it is started, with commas between.
  using Endpoints = std::function<std::string(std::size_t node)>;
  NodeLoad(std::uint64_t seed, Endpoints endpoints) : seed_(seed), endpoints_(std::move(endpoints)) {}

  // Each attaches, so that what the others publish is for it from the first message on, and is started again with its load. False:
  // see Listen.
  bool Join(const std::vector<WatchedProcess*>& others);
  // Takes in what nodes and others say next. False when nobody says anything for so long that nobody will, or somebody ended.
  bool Listen(const std::vector<WatchedProcess*>& others, std::chrono::milliseconds at_most = kPatience);
  void Kill(const std::string& node) { processes_.at(node)->Kill(); }
  // With what is left of its load.
  void StartAgain(const std::string& node);
  void KillAll();

  [[nodiscard]] const Witness& witness() const { return witness_; }

 private:
  void Start(const std::string& node, std::size_t messages);

  const std::uint64_t seed_;
  const Endpoints endpoints_;
  Witness witness_;
  std::map<std::string, std::uint64_t> incarnations_;
  std::map<std::string, std::unique_ptr<WatchedProcess>> processes_;
};

}  // namespace entente::durability
